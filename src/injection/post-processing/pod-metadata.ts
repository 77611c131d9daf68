/** What the injector's own code writes into the metadata of an injected pod. */
import { encodeJson, JsonFields } from '../../go/json-encode.ts';
import type { Pod } from '../../kubernetes/index.ts';
import { lookup, withEntries } from '../maps.ts';
import { annotation, defaultRevision, env, label } from '../names.ts';
import type { Environment } from '../path-environment.ts';

/** The pod with other annotations. */
export function withAnnotations(pod: Pod, annotations: Record<string, string>): Pod {
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** The pod with other labels. */
export function withLabels(pod: Pod, labels: Record<string, string>): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels } };
}

/** What {@link writeMetadata} puts into the pod. */
export interface InjectedMetadata {
  /** The pod that the templates alone make. */
  readonly templatePod: Pod;
  readonly revision: string;
  readonly environment: Environment;
  /** From the configuration; they win over everything else. */
  readonly injectedAnnotations: Readonly<Record<string, string>>;
}

/** Writes the network label, the status and the annotations of the configuration. */
export function writeMetadata(pod: Pod, injected: InjectedMetadata): Pod {
  const network = lookup(injected.environment, env.network);
  const labels = pod.metadata.labels;
  const labelled = network === undefined ? pod : withLabels(pod, withEntries(labels, [[label.network, network]]));
  return withAnnotations(
    labelled,
    withEntries(pod.metadata.annotations, [
      [annotation.status, statusText(injected.templatePod, injected.revision)],
      ...Object.entries(injected.injectedAnnotations),
    ]),
  );
}

/** The record of what was injected: names of everything the templates name, in a fixed order, with `null` for an empty list. */
function statusText({ spec }: Pod, revision: string): string {
  const names = (list: readonly { name?: string }[] | null | undefined): string[] | null =>
    list == null || list.length === 0 ? null : list.map(({ name = '' }) => name);
  return encodeJson(
    new JsonFields([
      ['initContainers', names(spec.initContainers)],
      ['containers', names(spec.containers)],
      ['volumes', names(spec.volumes)],
      ['imagePullSecrets', names(spec.imagePullSecrets)],
      ['revision', revision === '' ? defaultRevision : revision],
    ]),
  );
}
