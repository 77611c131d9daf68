/**
 * Kinds of the Kubernetes Gateway API (`sigs.k8s.io/gateway-api`): Istio decodes them and leaves everything else to the
 * checks of that project's CRDs.
 */
import type { Kind } from '../kind.ts';
import { struct } from '../object-faults.ts';
import type { Shape } from '../object-faults.ts';

const string: Shape = { type: 'string' };
const list = (goType: string, item: Shape = struct(goType, {})): Shape => ({
  type: 'list',
  item,
  goType: `[]v1.${goType}`,
});
const route = (rule: string): Readonly<Record<string, Shape>> => ({
  parentRefs: list('ParentReference'),
  useDefaultGateways: string,
  hostnames: list('Hostname', string),
  rules: list(rule),
});

/** The fields of each kind's spec. */
const specs: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  BackendTLSPolicy: {
    targetRefs: list('LocalPolicyTargetReferenceWithSectionName'),
    validation: struct('BackendTLSPolicyValidation', {}),
    options: { type: 'map', item: string, goType: 'map[v1.AnnotationKey]v1.AnnotationValue' },
  },
  GRPCRoute: route('GRPCRouteRule'),
  Gateway: {
    gatewayClassName: string,
    listeners: list('Listener'),
    addresses: list('GatewaySpecAddress'),
    infrastructure: struct('GatewayInfrastructure', {}),
    allowedListeners: struct('AllowedListeners', {}),
    tls: struct('GatewayTLSConfig', {}),
    defaultScope: string,
  },
  GatewayClass: {
    controllerName: string,
    parametersRef: struct('ParametersReference', {}),
    description: string,
  },
  HTTPRoute: route('HTTPRouteRule'),
  ListenerSet: {
    parentRef: struct('ParentGatewayReference', {}),
    listeners: list('ListenerEntry'),
  },
  ReferenceGrant: {
    from: list('ReferenceGrantFrom'),
    to: list('ReferenceGrantTo'),
  },
  TLSRoute: route('TLSRouteRule'),
};

export const gatewayApiKinds: readonly Kind[] = Object.entries(specs).map(([kind, fields]) => ({
  group: 'gateway.networking.k8s.io',
  kind,
  shape: struct(`${kind}Spec`, fields),
  validate: () => undefined,
}));
