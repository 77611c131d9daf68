import type { ObjectMeta, PodSpec, WorkloadKind } from '../../kubernetes/index.ts';
import { isRecord } from '../../yaml/index.ts';

/** An object of a workload kind, as far as all of them are alike. */
export interface WorkloadObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** What the pods of a workload are made from. */
export interface PodSource {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

/** The pod source of a workload; `undefined` when it has no template. */
export function podSourceOf(kind: WorkloadKind, workload: WorkloadObject): PodSource | undefined {
  const template = valueAt(workload, kind.template) as PodSource | undefined;
  const holder = valueAt(workload, metadataPath(kind)) as PodSource | undefined;
  return template === undefined || holder === undefined
    ? undefined
    : { metadata: holder.metadata, spec: template.spec };
}

/** The workload with another pod source. */
export function withPodSource(kind: WorkloadKind, workload: WorkloadObject, source: PodSource): WorkloadObject {
  const withSpec = replaceAt(workload, [...kind.template, 'spec'], source.spec);
  return replaceAt(withSpec, [...metadataPath(kind), 'metadata'], source.metadata) as WorkloadObject;
}

/** Istio reads and writes the metadata of a CronJob's job template here, not that of its pod template. */
function metadataPath({ type, template }: WorkloadKind): readonly string[] {
  return type === 'batchv1.CronJob' ? ['spec', 'jobTemplate'] : template;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? (inner[key] ?? undefined) : undefined), value);
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const record = isRecord(value) ? value : {};
  return { ...record, [key]: replaceAt(record[key], rest, replacement) };
}
