/** Pods of the injection corpus whose answers are known under several environments, and the differences of those answers. */
import { readFileSync } from 'node:fs';
import { requestedPod } from '../../src/injection/index.ts';
import { pathOfTarget } from '../../src/injection/path-environment.ts';
import { DecodeError, type Pod } from '../../src/kubernetes/index.ts';
import { caseGroups, readCases, type Expectation, type InjectionCase } from './injection-corpus.ts';
import { normalisePod } from './pod-equality.ts';
import { shared } from './shared.ts';

/** A pod, and what Istio answers to it under each environment that it was tried in. */
export interface CorpusPod {
  /** Of its first case. */
  readonly id: string;
  /** As it is sent. */
  readonly object: unknown;
  readonly pod: Pod;
  /** Unescaped path of the webhook. */
  readonly path: string;
  readonly answers: ReadonlyMap<string, Expectation>;
}

/** All pods of the corpus that can be decoded, and that an API server sends so. */
export function corpusPods(): CorpusPod[] {
  const pods = new Map<string, CorpusPod & { readonly answers: Map<string, Expectation> }>();
  for (const group of caseGroups()) {
    if (group === 'http') continue;
    for (const { id, environment, path, review, expect, raw } of readCases<InjectionCase & { raw?: boolean }>(group)) {
      if (raw === true) continue;
      const { object, namespace = '' } = review.request as { object: unknown; namespace?: string };
      const key = JSON.stringify([object, namespace, path]);
      const known = pods.get(key);
      if (known !== undefined) known.answers.set(environment, expect);
      else {
        const pod = decoded(object, namespace);
        if (pod !== undefined)
          pods.set(key, { id, object, pod, path: pathOfTarget(path), answers: new Map([[environment, expect]]) });
      }
    }
  }
  return [...pods.values()];
}

function decoded(object: unknown, namespace: string): Pod | undefined {
  try {
    return requestedPod({ object, namespace });
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The pod that there is after an answer; `undefined` where it is refused. */
export function podAfter({ object }: CorpusPod, { allowed, pod }: Expectation): unknown {
  return allowed ? (pod ?? object) : undefined;
}

/** Names of elements and fields, from the pod to a leaf: `["spec","containers","istio-proxy","image"]` as text. */
export type LeafPath = string;

/** Scalars, lists of scalars, empty lists and maps, and the order of named elements (`#order`), by path. */
export function leavesOfPod(pod: unknown): ReadonlyMap<LeafPath, string> {
  const leaves = new Map<LeafPath, string>();
  collect(normalisePod(pod), [], 'Pod', leaves);
  return leaves;
}

interface FieldRule {
  readonly type?: string;
  readonly kind: string;
  readonly patchMergeKey?: string;
}

let types: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> | undefined;

function rulesOf(type: string | undefined): Readonly<Record<string, FieldRule>> {
  types ??= (JSON.parse(readFileSync(shared('conformance/injection/v1-pod-fields.json'), 'utf8')) as { types: never })
    .types;
  return (type === undefined ? undefined : types?.[type]) ?? {};
}

function collect(
  value: unknown,
  steps: readonly string[],
  type: string | undefined,
  leaves: Map<LeafPath, string>,
  mergeKey?: string,
): void {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null)) {
    const counts = new Map<string, number>();
    const names = value.map((item: Record<string, unknown>, index) => {
      const key = mergeKey === undefined ? undefined : item[mergeKey];
      const name = typeof key === 'string' || typeof key === 'number' ? String(key) : String(index);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts.get(name) === 1 ? name : `${name}#${String(counts.get(name))}`;
    });
    for (const [index, name] of names.entries()) collect(value[index], [...steps, name], type, leaves);
    leaves.set(JSON.stringify([...steps, '#order']), JSON.stringify(names));
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    const rules = rulesOf(type);
    for (const [key, item] of Object.entries(value)) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      collect(item, [...steps, key], rule?.kind === 'map' ? undefined : rule?.type, leaves, rule?.patchMergeKey);
    }
  } else {
    leaves.set(JSON.stringify(steps), JSON.stringify(value));
  }
}

/** Paths whose leaves differ. Orders count where the elements that both have stand in another order. */
export function differingPaths(from: unknown, to: unknown): string[] {
  const [before, after] = [leavesOfPod(from), leavesOfPod(to)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (!path.endsWith('"#order"]')) return old !== now && !isFilled(path, old, after) && !isFilled(path, now, before);
    if (old === undefined || now === undefined) return false;
    const [oldNames, newNames] = [JSON.parse(old) as string[], JSON.parse(now) as string[]];
    const common = (names: string[], others: string[]): string =>
      JSON.stringify(names.filter((name) => others.includes(name)));
    return common(oldNames, newNames) !== common(newNames, oldNames);
  });
}

/** Whether something empty is not empty on the other side: what is in it there is the difference. */
function isFilled(path: LeafPath, value: string | undefined, others: ReadonlyMap<LeafPath, string>): boolean {
  return (
    (value === '[]' || value === '{}') && [...others.keys()].some((other) => other.startsWith(`${path.slice(0, -1)},`))
  );
}
