/** The data of injection templates: Istio's `SidecarTemplateData`. */
import { messageType, readMessage } from '../protobuf/index.ts';
import './gotypes/kubernetes.ts';
import { structOf } from './gotypes/message.ts';
import { goType } from './gotypes/registry.ts';
import { BOOL, GoType, INT64, MAP, STRING, type StructField } from './types.ts';
import { Typed, type GoValue } from './values.ts';

const MESH_CONFIG = 'istio.mesh.v1alpha1.MeshConfig';
const PROXY_CONFIG = 'istio.mesh.v1alpha1.ProxyConfig';

/** The parts of the template data, each as the injector computes it. Objects are used in place and must not change while rendering. */
export interface SidecarTemplateData {
  readonly TypeMeta: { readonly kind?: string; readonly apiVersion?: string };
  readonly DeploymentMeta: { readonly Name?: string; readonly Namespace?: string };
  /** Kubernetes JSON. */
  readonly ObjectMeta: object;
  /** Kubernetes JSON of a pod's spec. */
  readonly Spec: object;
  /** Message `istio.mesh.v1alpha1.ProxyConfig`; null is a nil pointer. */
  readonly ProxyConfig: object | null;
  /** Message `istio.mesh.v1alpha1.MeshConfig`; null is a nil pointer. */
  readonly MeshConfig: object | null;
  /** Plain JSON. */
  readonly Values: object | null;
  readonly Revision: string;
  readonly NativeSidecars: boolean;
  readonly ProxyImage: string;
  readonly ProxyUID: number | bigint;
  readonly ProxyGID: number | bigint;
  readonly InboundTrafficPolicyMode: string;
  readonly CompliancePolicy: string;
}

/** A field read from the raw data under its JSON or Go name. */
const field = (name: string, type: () => GoType, key: string = name): StructField => ({
  name,
  get type() {
    return type();
  },
  get: (struct) => (struct as Readonly<Record<string, unknown>>)[key],
});

function namespacedText(raw: unknown): string {
  const { Namespace = '', Name = '' } = (raw ?? {}) as { Namespace?: string; Name?: string };
  return `${Namespace}/${Name}`;
}

const namespacedName = new GoType('types.NamespacedName', 'struct', {
  fields: () => [field('Namespace', () => STRING), field('Name', () => STRING)],
  methods: () => [{ name: 'String', params: [], result: STRING, call: namespacedText }],
  string: namespacedText,
});

const dataType = new GoType('inject.SidecarTemplateData', 'struct', {
  fields: () => [
    field('TypeMeta', () => goType('v1.TypeMeta')),
    field('DeploymentMeta', () => namespacedName),
    field('ObjectMeta', () => goType('v1.ObjectMeta')),
    field('Spec', () => goType('v1.PodSpec')),
    field('ProxyConfig', () => structOf(messageType(PROXY_CONFIG)).pointer),
    field('MeshConfig', () => structOf(messageType(MESH_CONFIG)).pointer),
    field('Values', () => MAP),
    field('Revision', () => STRING),
    field('NativeSidecars', () => BOOL),
    field('ProxyImage', () => STRING),
    field('ProxyUID', () => INT64),
    field('ProxyGID', () => INT64),
    field('InboundTrafficPolicyMode', () => STRING),
    field('CompliancePolicy', () => STRING),
  ],
});

/** Go type of what `.` is in an injection template. */
export const injectionDataType: GoType = dataType.pointer;

/** The value that `.` is in an injection template. */
export function sidecarTemplateData(data: SidecarTemplateData): GoValue {
  return new Typed(injectionDataType, data);
}

/**
 * The same from plain JSON, as the conformance corpus has it: ProxyConfig and MeshConfig in protobuf JSON, parts that are missing empty.
 * @throws ProtobufJsonError when one of the messages cannot be read
 */
export function sidecarTemplateDataFromJson(json: unknown): GoValue {
  const parts = (json ?? {}) as Readonly<Record<string, unknown>>;
  const message = (name: string, part: unknown): object | null =>
    part == null ? null : (readMessage(messageType(name), part) as object);
  return new Typed(injectionDataType, {
    ...parts,
    ProxyConfig: message(PROXY_CONFIG, parts['ProxyConfig']),
    MeshConfig: message(MESH_CONFIG, parts['MeshConfig']),
  });
}
