/** The differences of two pods, at paths that do not depend on the order of lists that have names. */
import {
  childType,
  elementNames,
  podType,
  stepText,
  type FieldPath,
  type FieldType,
} from '../explanation/provenance/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';

/** One difference. */
export interface Change {
  /** Such as `spec.containers[istio-proxy].image`; lists of scalars are one value. */
  readonly path: string;
  /** The keys of the path. */
  readonly steps: FieldPath;
  /** `order`: the same named elements stand in another order; `from` and `to` are their names. */
  readonly kind: 'added' | 'removed' | 'changed' | 'order';
  /** Absent when added; a whole subtree when removed. */
  readonly from?: unknown;
  /** Absent when removed; a whole subtree when added. */
  readonly to?: unknown;
}

/** The differences of two pods in the form in which the injector has them, in the order of their fields. */
export function comparePods(from: Pod, to: Pod): readonly Change[] {
  const changes: Change[] = [];
  compare(from, to, { path: '', steps: [], type: podType }, changes);
  return changes;
}

/** The field names only: whatever else a pod is, it stays that. */
interface Place {
  readonly path: string;
  readonly steps: FieldPath;
  readonly type: FieldType;
}

const below = ({ path, steps, type }: Place, step: string): Place => ({
  path: stepText(path, type, step),
  steps: [...steps, step],
  type: childType(type, step),
});

function compare(from: unknown, to: unknown, place: Place, changes: Change[]): void {
  if (from === to) return;
  const { path, steps } = place;
  if (from === undefined || from === null) {
    if (to !== undefined && to !== null) changes.push({ path, steps, kind: 'added', to });
  } else if (to === undefined || to === null) {
    changes.push({ path, steps, kind: 'removed', from });
  } else if (Array.isArray(from) && Array.isArray(to)) {
    compareLists(from, to, place, changes);
  } else if (isRecord(from) && isRecord(to)) {
    for (const key of Object.keys(from)) compare(from[key], own(to, key), below(place, key), changes);
    for (const key of Object.keys(to)) {
      if (!Object.hasOwn(from, key)) compare(undefined, to[key], below(place, key), changes);
    }
  } else {
    changes.push({ path, steps, kind: 'changed', from, to });
  }
}

function compareLists(from: readonly unknown[], to: readonly unknown[], place: Place, changes: Change[]): void {
  if (![...from, ...to].every(isRecord)) {
    if (JSON.stringify(from) !== JSON.stringify(to)) {
      changes.push({ path: place.path, steps: place.steps, kind: 'changed', from, to });
    }
    return;
  }
  const before = namedElements(from, place.type);
  const after = namedElements(to, place.type);
  for (const [name, element] of before) compare(element, after.get(name), below(place, name), changes);
  for (const [name, element] of after) {
    if (!before.has(name)) compare(undefined, element, below(place, name), changes);
  }
  const common = [...before.keys()].filter((name) => after.has(name));
  const reordered = [...after.keys()].filter((name) => before.has(name));
  if (common.every((name, index) => name === reordered[index])) return;
  changes.push({
    path: place.path,
    steps: place.steps,
    kind: 'order',
    from: [...before.keys()],
    to: [...after.keys()],
  });
}

/** Elements by the field that Kubernetes merges them by, else by their number. */
function namedElements(list: readonly unknown[], { mergeKey }: FieldType): ReadonlyMap<string, unknown> {
  const names = elementNames(list.map((element) => keyOf(element, mergeKey)));
  return new Map(list.map((element, index) => [names[index] ?? '', element]));
}

function keyOf(element: unknown, mergeKey: string): string | undefined {
  if (mergeKey === '' || !isRecord(element)) return undefined;
  const key = own(element, mergeKey);
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}

const own = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
