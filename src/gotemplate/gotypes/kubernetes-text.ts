/**
 * The generated `String` methods of the Kubernetes structs (gogo/protobuf's stringer):
 * `&PodSecurityContext{RunAsUser:nil,FSGroup:*1337,Sysctls:[]Sysctl{},}`.
 */
import { compareStrings } from '../../go/utf8.ts';
import { typeDefinition } from '../../kubernetes/index.ts';
import { sprint1 } from '../format/print.ts';
import type { GoType, StructField } from '../types.ts';
import { mapViewOf, valueOf } from '../values.ts';
import { goType } from './registry.ts';

/** Types of other packages than k8s.io/api/core/v1 are printed with `%v` and the package in front of their name. */
const IMPORTED = new Map([
  ['resource.Quantity', 'resource.Quantity'],
  ['intstr.IntOrString', 'intstr.IntOrString'],
  ...['ObjectMeta', 'LabelSelector', 'Time'].map((name) => [`v1.${name}`, `v1.${name}`] as const),
]);

/**
 * Fields are printed in the order of their protobuf numbers. These are the structs of a pod where that is not the order of
 * declaration, from the struct tags of k8s.io/api/core/v1.
 */
const NUMBER_ORDER: Readonly<Record<string, readonly string[]>> = {
  'v1.PodSecurityContext': (
    'SELinuxOptions RunAsUser RunAsNonRoot SupplementalGroups FSGroup RunAsGroup Sysctls WindowsOptions ' +
    'FSGroupChangePolicy SeccompProfile AppArmorProfile SupplementalGroupsPolicy SELinuxChangePolicy'
  ).split(' '),
  'v1.SecurityContext': (
    'Capabilities Privileged SELinuxOptions RunAsUser RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ' +
    'RunAsGroup ProcMount WindowsOptions SeccompProfile AppArmorProfile'
  ).split(' '),
  'v1.VolumeMount': 'Name ReadOnly MountPath SubPath MountPropagation SubPathExpr RecursiveReadOnly'.split(' '),
  'v1.OwnerReference': 'Kind Name UID APIVersion Controller BlockOwnerDeletion'.split(' '),
  'v1.Container': (
    'Name Image Command Args WorkingDir Ports Env Resources VolumeMounts LivenessProbe ReadinessProbe Lifecycle ' +
    'TerminationMessagePath ImagePullPolicy SecurityContext Stdin StdinOnce TTY EnvFrom TerminationMessagePolicy ' +
    'VolumeDevices StartupProbe ResizePolicy RestartPolicy RestartPolicyRules'
  ).split(' '),
  'v1.PodSpec': (
    'Volumes Containers RestartPolicy TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy NodeSelector ' +
    'ServiceAccountName DeprecatedServiceAccount NodeName HostNetwork HostPID HostIPC SecurityContext ImagePullSecrets ' +
    'Hostname Subdomain Affinity SchedulerName InitContainers AutomountServiceAccountToken Tolerations HostAliases ' +
    'PriorityClassName Priority DNSConfig ShareProcessNamespace ReadinessGates RuntimeClassName EnableServiceLinks ' +
    'PreemptionPolicy Overhead TopologySpreadConstraints EphemeralContainers SetHostnameAsFQDN OS HostUsers ' +
    'SchedulingGates ResourceClaims Resources HostnameOverride WorkloadRef'
  ).split(' '),
  'v1.VolumeSource': (
    'HostPath EmptyDir GCEPersistentDisk AWSElasticBlockStore GitRepo Secret NFS ISCSI Glusterfs PersistentVolumeClaim ' +
    'RBD FlexVolume Cinder CephFS Flocker DownwardAPI FC AzureFile ConfigMap VsphereVolume Quobyte AzureDisk ' +
    'PhotonPersistentDisk PortworxVolume ScaleIO Projected StorageOS CSI Ephemeral Image'
  ).split(' '),
};

const localName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** The text of a struct; nil is `nil`. */
export function structText(typeName: string, raw: unknown): string {
  if (raw == null) return 'nil';
  const { fields } = goType(typeName);
  const declared = typeDefinition(typeName)?.fields?.map(({ name }) => name) ?? [];
  const order = NUMBER_ORDER[typeName] ?? declared;
  const parts = order.map((name) => {
    const field = fields.get(name);
    return field === undefined ? '' : `${name}:${fieldText(field, field.get(raw))},`;
  });
  return `&${localName(typeName)}{${parts.join('')}}`;
}

function fieldText({ type }: StructField, raw: unknown): string {
  switch (type.kind) {
    case 'ptr':
      return pointerText(type.elem, raw);
    case 'struct':
      return nestedText(type, raw ?? {});
    case 'slice':
      return type.elem.kind === 'struct' ? listText(type.elem, raw) : sprint1(valueOf(type, raw));
    case 'map':
      return mapText(type, raw);
    default:
      return sprint1(valueOf(type, raw));
  }
}

function pointerText(type: GoType, raw: unknown): string {
  if (type.kind !== 'struct') return raw == null ? 'nil' : `*${sprint1(valueOf(type, raw))}`;
  const imported = IMPORTED.get(type.name);
  if (imported === undefined) return structText(type.name, raw);
  return sprint1(valueOf(type.pointer, raw)).replace(localName(type.name), imported);
}

/** A struct that is not a pointer loses the `&` of its text. */
function nestedText(type: GoType, raw: unknown): string {
  const imported = IMPORTED.get(type.name);
  const text = imported === undefined ? structText(type.name, raw) : sprint1(valueOf(type, raw));
  return (imported === undefined ? text : text.replace(localName(type.name), imported)).replace('&', '');
}

function listText(type: GoType, raw: unknown): string {
  const items = Array.isArray(raw) ? raw.map((item) => `${nestedText(type, item)},`) : [];
  return `[]${localName(type.name)}{${items.join('')}}`;
}

function mapText(type: GoType, raw: unknown): string {
  const view = mapViewOf(valueOf(type, raw));
  const keys = [...(view?.keys ?? [])].sort(compareStrings);
  const entries = keys.map((key) => `${key}: ${sprint1(view?.get(key))},`);
  return `${type.name.startsWith('map[') ? type.name : localName(type.name)}{${entries.join('')}}`;
}
