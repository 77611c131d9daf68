/**
 * The pod's own settings of injected containers. A pod may bring a container of an injected name; its settings then win over the
 * template's, and are recorded in an annotation so that they are known when the pod is injected again.
 */
import { decodeJson } from '../../go/json-decode.ts';
import { decodeTyped, encodeTyped, type Container, type Pod } from '../../kubernetes/index.ts';
import { mergeOverlay, OverlayError } from '../../strategic-merge/index.ts';
import { findContainer, type ContainerList } from '../containers.ts';
import { InjectionError } from '../injection-error.ts';
import { lookup, withEntries } from '../maps.ts';
import { annotation, autoImage } from '../names.ts';
import { withAnnotations } from './pod-metadata.ts';
import { readInjectedNames, wasInjected } from '../status-annotation.ts';

/** Containers by the list they belong to. */
export type ContainerSets = Readonly<Record<ContainerList, readonly Container[]>>;

/**
 * The recorded settings; empty when there are none.
 * @throws Error with Go's JSON text
 */
export function readOverrides(pod: Pod): ContainerSets {
  const text = lookup(pod.metadata.annotations, annotation.overrides);
  if (text === undefined) return { containers: [], initContainers: [] };
  const { value, error } = decodeJson(text);
  if (error !== undefined) throw new Error(error);
  const { containers = [], initContainers = [] } = decodeTyped('inject.podOverrides', value) as Partial<ContainerSets>;
  return { containers, initContainers };
}

const lists = [
  { list: 'containers', what: 'sidecar container' },
  { list: 'initContainers', what: 'sidecar init container' },
] as const;

/**
 * Merges the pod's own settings over every container that the templates brought.
 * @param requested the pod as it was sent
 * @param templatePod the pod that the templates alone make
 */
export function reapplyUserContainers(merged: Pod, requested: Pod, templatePod: Pod): Pod {
  const applied = userSettings(requested, templatePod);
  let result = merged;
  for (const { list, what } of lists) {
    for (const settings of applied[list]) result = mergeContainer(result, list, settings, what);
  }
  return wasInjected(requested) ? result : recordOverrides(result, applied);
}

/** What the pod sets in the containers that the templates bring, by list. */
export function userSettings(requested: Pod, templatePod: Pod): ContainerSets {
  const recorded = readOverrides(requested);
  const fresh = readInjectedNames(requested);
  const settings = (list: ContainerList): Container[] =>
    (templatePod.spec[list] ?? []).flatMap(({ name }) => {
      if (fresh[list].includes(name)) return [];
      const own = findContainer(recorded[list], name) ?? requestedContainer(requested, list, name);
      if (own === undefined) return [];
      return [own.image === autoImage ? withoutImage(own) : own];
    });
  return { containers: settings('containers'), initContainers: settings('initContainers') };
}

/** A template's init container also takes the settings of a container: a native proxy is written as one by most users. */
function requestedContainer({ spec }: Pod, list: ContainerList, name: string): Container | undefined {
  const own = findContainer(spec.containers, name);
  return list === 'containers' ? own : (own ?? findContainer(spec.initContainers, name));
}

function withoutImage({ image: _image, ...rest }: Container): Container {
  return rest;
}

function mergeContainer(pod: Pod, list: ContainerList, settings: Container, what: string): Pod {
  try {
    // Istio's overlay always names the containers; where they are doubled, that puts those of a name next to each other.
    return mergeOverlay(pod, { spec: { containers: [], [list]: [settings] } });
  } catch (error) {
    if (!(error instanceof OverlayError)) throw error;
    throw new InjectionError(
      'reapply-failed',
      `failed to re apply container: failed to apply ${what}: ${error.message}`,
      error,
    );
  }
}

function recordOverrides(pod: Pod, applied: ContainerSets): Pod {
  const parts = lists
    .filter(({ list }) => applied[list].length > 0)
    .map(
      ({ list }) => `"${list}":[${applied[list].map((item) => goJson(encodeTyped('v1.Container', item))).join(',')}]`,
    );
  if (parts.length === 0) return pod;
  const text = ['{', parts.join(','), '}'].join('');
  return withAnnotations(pod, withEntries(pod.metadata.annotations, [[annotation.overrides, text]]));
}

/** JSON as Go writes it, of a value whose keys stand in Go's order already. */
function goJson(value: unknown): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escape);
}
