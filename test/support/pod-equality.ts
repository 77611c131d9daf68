/**
 * When two pods count as equal: what a decode into Go's v1.Pod and an encode from it would make equal. The rules are those of the
 * injection corpus, read from its own field table and not from ours.
 */
import { readFileSync } from 'node:fs';
import { shared } from './shared.ts';

interface FieldRule {
  readonly kind: 'string' | 'number' | 'bool' | 'object' | 'array' | 'map' | 'opaque';
  readonly omitEmpty: boolean;
  readonly pointer?: boolean;
  readonly type?: string;
}

type Rules = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

let rules: Rules | undefined;

function rulesOf(type: string | undefined): Readonly<Record<string, FieldRule>> | undefined {
  rules ??= (JSON.parse(readFileSync(shared('conformance/injection/v1-pod-fields.json'), 'utf8')) as { types: Rules })
    .types;
  return type === undefined ? undefined : rules[type];
}

/** The pod in the form in which equal pods are deeply equal, with its keys sorted. */
export function normalisePod(pod: unknown): unknown {
  return normalise(pod, 'Pod');
}

function normalise(value: unknown, type: string | undefined): unknown {
  const fields = rulesOf(type);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => normalise(item, type));
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (item === null) return [];
    const field = fields === undefined || !Object.hasOwn(fields, key) ? undefined : fields[key];
    const inner = normaliseField(item, field);
    return field !== undefined && isAbsent(inner, field) ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function normaliseField(value: unknown, field: FieldRule | undefined): unknown {
  return field?.kind === 'opaque' ? value : normalise(value, field?.kind === 'map' ? undefined : field?.type);
}

function isAbsent(value: unknown, { kind, omitEmpty, pointer }: FieldRule): boolean {
  if (pointer === true) return false;
  if (kind === 'object') return isEmptyObject(value);
  if (!omitEmpty) return false;
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || value === 0 || value === false || (kind === 'map' && isEmptyObject(value));
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
