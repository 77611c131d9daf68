/** The pod that templates get to see: as it was before an earlier injection, with the containers that were recorded then. */
import type { Container, Pod } from '../kubernetes/index.ts';
import { findContainer, removeContainer, withList, type ContainerList } from './containers.ts';
import { lookup, withoutKeys } from './maps.ts';
import { annotation } from './names.ts';
import { readOverrides } from './post-processing/overrides.ts';
import { withAnnotations } from './post-processing/pod-metadata.ts';
import { prometheusPort, withoutPrometheus } from './post-processing/prometheus.ts';
import { readStatus } from './status-annotation.ts';

/**
 * Takes back what an earlier injection brought and puts in the containers that the overrides record.
 * @throws Error with Go's JSON text when the overrides cannot be read
 */
export function podForTemplates(pod: Pod, meshStatusPort: number): Pod {
  const stripped = stripInjected(pod, meshStatusPort);
  if (lookup(stripped.metadata.annotations, annotation.overrides) === undefined) return stripped;
  const recorded = readOverrides(stripped);
  return addMissing(addMissing(stripped, 'containers', recorded.containers), 'initContainers', recorded.initContainers);
}

function stripInjected(pod: Pod, meshStatusPort: number): Pod {
  const status = readStatus(pod);
  if (status === undefined) return pod;
  const annotations = pod.metadata.annotations;
  const own = prometheusPort(annotations) === String(meshStatusPort) ? withoutPrometheus(annotations) : annotations;
  const stripped = withAnnotations(
    pod,
    withoutKeys(own, (key) => key === annotation.status),
  );
  return without(without(stripped, 'containers', status.containers), 'initContainers', status.initContainers);
}

function without(pod: Pod, list: ContainerList, names: readonly string[]): Pod {
  const items = pod.spec[list];
  if (items == null || names.length === 0) return pod;
  return withList(
    pod,
    list,
    names.reduce((rest: Container[], name) => removeContainer(rest, name), items),
  );
}

function addMissing(pod: Pod, list: ContainerList, recorded: readonly Container[]): Pod {
  let items = pod.spec[list] ?? [];
  for (const item of recorded) {
    if (findContainer(items, item.name) === undefined) items = [...items, item];
  }
  return withList(pod, list, items);
}
