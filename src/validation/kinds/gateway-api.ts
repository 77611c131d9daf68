/** Kinds of the Kubernetes Gateway API: Istio knows them and leaves their specs to the checks of that project's CRDs. */
import type { Kind } from '../kind.ts';

const names = [
  'BackendTLSPolicy',
  'GRPCRoute',
  'Gateway',
  'GatewayClass',
  'HTTPRoute',
  'ListenerSet',
  'ReferenceGrant',
  'TLSRoute',
];

export const gatewayApiKinds: readonly Kind[] = names.map((kind) => ({
  group: 'gateway.networking.k8s.io',
  kind,
  validate: () => undefined,
}));
