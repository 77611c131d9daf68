/** A workload as it is applied, with what decides about the pods it will make. */
import type { Injector, OverlayCache } from '../injection/index.ts';
import { completeNamespaceLabels, evaluate, webhooksOf, type Evaluation, type World } from '../explanation/index.ts';
import type { Labels, Pod } from '../kubernetes/index.ts';
import { isRecord, setOwn } from '../yaml/index.ts';
import type { WorkloadPod } from './pod-of-workload.ts';

/** What advice is made with. */
export interface Adviser {
  readonly injector: Pick<Injector, 'configuration' | 'context'>;
  /** Of any configuration: only the text of a rendered template decides about a hit. */
  readonly cache: OverlayCache;
}

/** Metadata of the workload that is not that of its pods, though many think it is. */
export interface OuterMetadata {
  /** `Deployment`, or `job template`. */
  readonly what: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** One workload, its pod, and what the injector makes of that. */
export interface AppliedWorkload {
  readonly made: WorkloadPod;
  readonly outer: readonly OuterMetadata[];
  readonly world: World;
  readonly evaluation: Evaluation;
}

/** Runs the decision and the injection for the pod of a workload. */
export function evaluateWorkload(
  object: unknown,
  made: WorkloadPod,
  { injector, cache }: Adviser,
  path: string,
): AppliedWorkload {
  const { configuration, context } = injector;
  const known = configuration.cluster.namespaces.get(made.namespace);
  const world: World = {
    configuration,
    context,
    cache,
    pod: made.pod,
    path,
    isSent: false,
    namespaceLabels: known && completeNamespaceLabels(made.namespace, known.labels),
    webhooks: webhooksOf(configuration),
  };
  return { made, outer: outerMetadata(object, made.kind), world, evaluation: evaluate(world) };
}

/** Labels or annotations of the pod template. */
export function ofTemplate({ made }: AppliedWorkload, map: 'labels' | 'annotations'): Labels {
  return made.pod.metadata[map] ?? {};
}

/** The value of an own key. */
export function valueOf(map: Labels, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** What would come of the workload with another label or annotation in its pod template. */
export function evaluateWith({ world }: AppliedWorkload, map: 'labels' | 'annotations', entries: Labels): Evaluation {
  const { pod } = world;
  const changed: Record<string, string> = {};
  for (const [key, value] of [...Object.entries(pod.metadata[map] ?? {}), ...Object.entries(entries)])
    setOwn(changed, key, value);
  const metadata: Pod['metadata'] = { ...pod.metadata, [map]: changed };
  return evaluate({ ...world, pod: { ...pod, metadata } });
}

/** The metadata around the pod template, from the outside in. Parts that are no maps of strings count as absent. */
export function outerMetadata(object: unknown, kind: string): OuterMetadata[] {
  const own = { what: kind, ...labelsAndAnnotations(member(object, 'metadata')) };
  if (kind !== 'CronJob') return [own];
  const job = member(member(member(object, 'spec'), 'jobTemplate'), 'metadata');
  return [own, { what: 'job template', ...labelsAndAnnotations(job) }];
}

function labelsAndAnnotations(metadata: unknown): Pick<OuterMetadata, 'labels' | 'annotations'> {
  return { labels: stringsOf(member(metadata, 'labels')), annotations: stringsOf(member(metadata, 'annotations')) };
}

function stringsOf(value: unknown): Labels {
  const strings: Record<string, string> = {};
  for (const [key, text] of Object.entries(isRecord(value) ? value : {}))
    if (typeof text === 'string') setOwn(strings, key, text);
  return strings;
}

/** The value of an own key of a JSON object, else `undefined`. */
export function member(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
