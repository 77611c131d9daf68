/** Go types by their Go spelling: `map[string]string`, `[]v1.Container`, `*v1alpha1.ProxyConfig`. */
import type { GoType } from '../types.ts';
import {
  BOOL,
  COMPLEX128,
  ERROR,
  FLOAT64,
  INT,
  INT32,
  INT64,
  INTERFACE,
  mapOf,
  REFLECT_VALUE,
  STRING,
  UINT8,
  UINT32,
  UINT64,
} from '../types.ts';

const BASIC: ReadonlyMap<string, GoType> = new Map([
  ...[BOOL, STRING, INT, INT32, INT64, UINT8, UINT32, UINT64, FLOAT64, COMPLEX128, ERROR, INTERFACE, REFLECT_VALUE].map(
    (type) => [type.name, type] as const,
  ),
  ['interface{}', INTERFACE],
  ['any', INTERFACE],
  ['byte', UINT8],
]);

/** Finds the types of one family by name (`v1.Pod`), or nothing. */
export type TypeFamily = (name: string) => GoType | undefined;

const families: TypeFamily[] = [];

/** Makes the named types of a family known; called once, when its module is loaded. */
export function addTypeFamily(family: TypeFamily): void {
  families.push(family);
}

const known = new Map<string, GoType>();

/** The type a Go type expression names; an unknown name is a mistake in our own tables. */
export function goType(expression: string): GoType {
  let type = known.get(expression);
  if (type === undefined) known.set(expression, (type = resolve(expression.trim())));
  return type;
}

function resolve(expression: string): GoType {
  if (expression.startsWith('[]')) return goType(expression.slice(2)).slice;
  if (expression.startsWith('*')) return goType(expression.slice(1)).pointer;
  if (expression.startsWith('map[')) {
    const close = expression.indexOf(']');
    return mapOf(goType(expression.slice('map['.length, close)), goType(expression.slice(close + 1)));
  }
  const basic = BASIC.get(expression);
  if (basic !== undefined) return basic;
  for (const family of families) {
    const named = family(expression);
    if (named !== undefined) return named;
  }
  throw new Error(`unknown Go type ${expression}`);
}
