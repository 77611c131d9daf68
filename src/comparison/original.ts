/**
 * The pod that was sent to the injector, from a pod of a cluster: what the injection brought is taken back by the record that it leaves
 * (`sidecar.istio.io/status`), by the settings that it keeps in annotations and variables, and by names that only injection gives.
 * Where the template of the pod's owner is known, that says what the pod had before.
 */
import type { Pod, PodTemplateSpec } from '../kubernetes/index.ts';
import { isRecord, setOwn } from '../yaml/index.ts';
import { injectedParts, isInjected } from './injected-parts.ts';
import { isInjectedKey, wasSeen } from './injected-keys.ts';
import { restoreContainers } from './original-containers.ts';
import { restorePrometheus } from './original-prometheus.ts';

/** Fields of metadata that the API server gives. */
const serverMetadata = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** Fields of the spec that admission and the scheduler set, whatever the owner's template says. */
export const admissionFields: ReadonlySet<string> = new Set([
  'nodeName',
  'tolerations',
  'serviceAccountName',
  'serviceAccount',
  'priority',
  'priorityClassName',
  'preemptionPolicy',
  'schedulerName',
  'overhead',
  'nodeSelector',
  'affinity',
  'runtimeClassName',
  'ephemeralContainers',
  'hostname',
  'subdomain',
  'resources',
  'schedulingGates',
]);

const lists = new Set(['containers', 'initContainers', 'volumes', 'imagePullSecrets']);

/**
 * The pod as it was sent.
 * @param live a pod of a cluster, decoded
 * @param template the pod template that its owner made it from, decoded
 */
export function originalPod(live: Pod, template?: PodTemplateSpec): Pod {
  const pod = withoutServerFields(live);
  if (!isInjected(live)) return pod;
  const parts = injectedParts(live);
  const { containers, initContainers } = restoreContainers(pod, parts, template);
  const spec: Pod['spec'] = { ...pod.spec, containers };
  setOrDelete(spec, 'initContainers', initContainers.length === 0 ? undefined : initContainers);
  const kept = <T extends { name?: string }>(
    list: readonly T[] | undefined,
    injected: readonly string[],
    own: readonly T[] | undefined,
  ): T[] | undefined => {
    const names = new Map((own ?? []).map((item) => [item.name, item]));
    const items = (list ?? []).flatMap((item) => {
      if (!injected.includes(item.name ?? '')) return [item];
      const before = names.get(item.name);
      return before === undefined ? [] : [before];
    });
    return items.length === 0 ? undefined : items;
  };
  setOrDelete(spec, 'volumes', kept(pod.spec.volumes, parts.volumes, template?.spec.volumes));
  setOrDelete(
    spec,
    'imagePullSecrets',
    kept(pod.spec.imagePullSecrets, parts.imagePullSecrets, template?.spec.imagePullSecrets),
  );
  if (template !== undefined) {
    restoreFields(spec, template.spec);
    setOrDelete(spec, 'nodeName', template.spec['nodeName']);
  }
  return { ...pod, metadata: originalMetadata(pod, live, template), spec };
}

function withoutServerFields(live: Pod): Pod {
  const metadata: Pod['metadata'] = {};
  for (const [key, value] of Object.entries(live.metadata)) {
    if (!serverMetadata.has(key) && !(key === 'name' && isGeneratedName(live))) setOwn(metadata, key, value);
  }
  const { nodeName: _node, ...spec } = live.spec;
  return { ...live, metadata, spec: spec as Pod['spec'], status: {} };
}

/** Names are generated after admission, except where a controller gives them itself. */
function isGeneratedName({ metadata: { name = '', generateName = '' } }: Pod): boolean {
  return generateName !== '' && name.startsWith(generateName) && /^[a-z0-9]{5}$/.test(name.slice(generateName.length));
}

/** What the template says counts, also where it says nothing, except for what admission sets. */
function restoreFields(spec: Pod['spec'], template: Pod['spec']): void {
  for (const field of new Set([...Object.keys(spec), ...Object.keys(template)])) {
    if (admissionFields.has(field) || lists.has(field)) continue;
    setOrDelete(spec, field, Object.hasOwn(template, field) ? template[field] : undefined);
  }
}

function originalMetadata(pod: Pod, live: Pod, template: PodTemplateSpec | undefined): Pod['metadata'] {
  const { labels, annotations } = pod.metadata;
  const own = template?.metadata;
  const metadata = { ...pod.metadata };
  setOrDelete(metadata, 'labels', originalMap(labels, own?.labels, 'label', template !== undefined));
  const kept = originalMap(
    restorePrometheus(annotations, live),
    own?.annotations,
    'annotation',
    template !== undefined,
  );
  setOrDelete(metadata, 'annotations', kept);
  return metadata;
}

type Texts = Readonly<Record<string, string>> | undefined;

function originalMap(
  found: Texts,
  own: Texts,
  kind: 'label' | 'annotation',
  hasTemplate: boolean,
): Record<string, string> | undefined {
  const map: Record<string, string> = {};
  for (const [key, value] of Object.entries(found ?? {})) {
    const before = own !== undefined && Object.hasOwn(own, key) ? own[key] : undefined;
    if (before !== undefined) setOwn(map, key, before);
    else if (!isInjectedKey(kind, key, value, hasTemplate) && wasSeen(key, hasTemplate)) setOwn(map, key, value);
  }
  for (const [key, value] of Object.entries(own ?? {})) if (!Object.hasOwn(map, key)) setOwn(map, key, value);
  return Object.keys(map).length === 0 ? undefined : map;
}

function setOrDelete(target: object, key: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(target, key);
  else if (isRecord(target)) setOwn(target, key, value);
}
