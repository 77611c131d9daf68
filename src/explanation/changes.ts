/** Changes of one thing: applying them to a world, and saying them in words. */
import type { Pod } from '../kubernetes/index.ts';
import { setOwn } from '../yaml/index.ts';
import type { World } from './evaluate.ts';
import { completeNamespaceLabels } from './evaluate.ts';
import type { Change, Subject } from './explanation.ts';

/** The world after a change. */
export function applyChange(world: World, change: Change): World {
  const { name, value } = change;
  switch (change.target) {
    case 'pod-label':
    case 'pod-annotation':
      return { ...world, pod: withMetadata(world.pod, change) };
    case 'pod-field':
      return {
        ...world,
        pod: { ...world.pod, spec: { ...world.pod.spec, [name.replace('spec.', '')]: value === 'true' } },
      };
    case 'pod-container':
      return { ...world, pod: withoutContainer(world.pod, name) };
    case 'namespace':
      return inNamespace(world, value ?? '');
    case 'namespace-label': {
      const namespaceLabels = world.namespaceLabels && changed(world.namespaceLabels, name, value);
      return { ...world, namespaceLabels };
    }
    case 'configuration': {
      const { configuration } = world;
      const injection = { ...configuration.injection, [name]: value ?? '' };
      return { ...world, configuration: { ...configuration, injection } };
    }
  }
}

function withMetadata(pod: Pod, { target, name, value }: Change): Pod {
  const map = target === 'pod-label' ? 'labels' : 'annotations';
  return { ...pod, metadata: { ...pod.metadata, [map]: changed(pod.metadata[map] ?? {}, name, value) } };
}

function withoutContainer(pod: Pod, name: string): Pod {
  const { containers, initContainers } = pod.spec;
  const others = <T extends { name: string }>(list: readonly T[] | null | undefined): T[] | undefined =>
    list?.filter((item) => item.name !== name);
  const initRest = others(initContainers);
  return {
    ...pod,
    spec: { ...pod.spec, containers: others(containers) ?? null, ...(initRest && { initContainers: initRest }) },
  };
}

/** Labels of another namespace are those of the cluster; one that is not known there counts as new, without labels. */
function inNamespace(world: World, namespace: string): World {
  const known = world.configuration.cluster.namespaces.get(namespace)?.labels ?? {};
  return {
    ...world,
    pod: { ...world.pod, metadata: { ...world.pod.metadata, namespace } },
    namespaceLabels: world.namespaceLabels && completeNamespaceLabels(namespace, known),
  };
}

function changed(map: Readonly<Record<string, string>>, name: string, value: string | null): Record<string, string> {
  const copy: Record<string, string> = {};
  for (const [key, item] of Object.entries(map)) if (key !== name) setOwn(copy, key, item);
  if (value !== null) setOwn(copy, name, value);
  return copy;
}

/** The changes in one sentence, without a full stop. */
export function describeChanges(changes: readonly Change[], subject: Subject): string {
  return changes.map((change) => describeChange(change, subject)).join(', and ');
}

function describeChange({ target, name, value }: Change, { template, namespace, kind }: Subject): string {
  const pod = template === '' ? 'the pod' : 'the pod template';
  const place = template === '' ? '' : `${template}.`;
  switch (target) {
    case 'pod-label':
      return value === null
        ? `remove the label ${name} from ${pod} (${place}metadata.labels)`
        : `label ${pod} ${name}=${value} (${place}metadata.labels)`;
    case 'pod-annotation':
      return value === null
        ? `remove the annotation ${name} from ${pod} (${place}metadata.annotations)`
        : `annotate ${pod} with ${name}=${value} (${place}metadata.annotations)`;
    case 'pod-field':
      return `set ${place}${name} to ${value ?? 'null'}`;
    case 'pod-container':
      return `remove the container ${name} from ${pod}`;
    case 'namespace':
      return `move the ${kind} to another namespace, such as ${value ?? ''}`;
    case 'namespace-label':
      return value === null
        ? `remove the label ${name} from the namespace ${namespace}`
        : `label the namespace ${namespace} ${name}=${value}`;
    case 'configuration':
      return `set ${name} to ${value ?? 'null'} in the injector configuration`;
  }
}
