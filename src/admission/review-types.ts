/**
 * The shape of an AdmissionReview as data: JSON keys, and what a wrong type is called in Go's messages
 * (`k8s.io/api/admission/v1`, decoded by `sigs.k8s.io/json`).
 */

/** A JSON form a value must have; `null` and absence are fine everywhere. */
export type Shape =
  | { readonly kind: 'string' | 'bool' | 'any'; readonly goType: string }
  | { readonly kind: 'list' | 'map'; readonly goType: string; readonly item: Shape }
  | {
      readonly kind: 'struct';
      readonly goType: string;
      readonly name: string;
      readonly fields: Readonly<Record<string, Shape>>;
    };

const string = (goType = 'string'): Shape => ({ kind: 'string', goType });
const struct = (packageName: string, name: string, fields: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'struct',
  goType: `${packageName}.${name}`,
  name,
  fields,
});

const bool: Shape = { kind: 'bool', goType: 'bool' };
/** runtime.RawExtension: kept as it is. */
const raw: Shape = { kind: 'any', goType: 'runtime.RawExtension' };
const strings: Shape = { kind: 'list', goType: '[]string', item: string() };
const extraValue: Shape = { kind: 'list', goType: 'v1.ExtraValue', item: string() };
const groupVersionKind = struct('v1', 'GroupVersionKind', { group: string(), version: string(), kind: string() });
const groupVersionResource = struct('v1', 'GroupVersionResource', {
  group: string(),
  version: string(),
  resource: string(),
});

const userInfo = struct('v1', 'UserInfo', {
  username: string(),
  uid: string(),
  groups: strings,
  extra: { kind: 'map', goType: 'map[string]v1.ExtraValue', item: extraValue },
});

const request = (version: string): Shape =>
  struct(version, 'AdmissionRequest', {
    uid: string('types.UID'),
    kind: groupVersionKind,
    resource: groupVersionResource,
    subResource: string(),
    requestKind: groupVersionKind,
    requestResource: groupVersionResource,
    requestSubResource: string(),
    name: string(),
    namespace: string(),
    operation: string(`${version}.Operation`),
    userInfo,
    object: raw,
    oldObject: raw,
    dryRun: bool,
    options: raw,
  });

const response = (version: string): Shape =>
  struct(version, 'AdmissionResponse', { uid: string('types.UID'), allowed: bool, warnings: strings });

const review = (version: string): Shape =>
  struct(version, 'AdmissionReview', {
    kind: string(),
    apiVersion: string(),
    request: request(version),
    response: response(version),
  });

/** AdmissionReview by `apiVersion`. */
export const reviewShapes: ReadonlyMap<string, Shape> = new Map([
  ['admission.k8s.io/v1', review('v1')],
  ['admission.k8s.io/v1beta1', review('v1beta1')],
]);

/** Kinds of `v1` that the decoder of Istio's injection webhook also knows, and therefore refuses with another message than unknown ones. */
export const coreKinds: ReadonlySet<string> = new Set(
  [
    'Binding ComponentStatus ComponentStatusList ConfigMap ConfigMapList Endpoints EndpointsList Event EventList LimitRange',
    'LimitRangeList List Namespace NamespaceList Node NodeList NodeProxyOptions PersistentVolume PersistentVolumeClaim',
    'PersistentVolumeClaimList PersistentVolumeList Pod PodAttachOptions PodExecOptions PodList PodLogOptions',
    'PodPortForwardOptions PodProxyOptions PodStatusResult PodTemplate PodTemplateList RangeAllocation ReplicationController',
    'ReplicationControllerList ResourceQuota ResourceQuotaList Secret SecretList SerializedReference Service ServiceAccount',
    'ServiceAccountList ServiceList ServiceProxyOptions Status APIVersions APIGroup APIGroupList APIResourceList',
  ].flatMap((line) => line.split(' ')),
);

/** Kinds of `v1` that each decoder knows; that of Istio's validating webhook knows no others. */
export const unversionedKinds: ReadonlySet<string> = new Set(
  'Status APIVersions APIGroup APIGroupList APIResourceList'.split(' '),
);

/** Kinds that Kubernetes registers in every group and version. */
export const commonKinds: ReadonlySet<string> = new Set(
  'CreateOptions DeleteOptions GetOptions ListOptions PatchOptions UpdateOptions WatchEvent'.split(' '),
);
