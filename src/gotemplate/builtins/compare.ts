/** `eq ne lt le gt ge` (comparison functions of text/template). */
import { compareStrings } from '../../go/utf8.ts';
import { deepEqualRaw } from '../equal.ts';
import { FunctionError } from '../function.ts';
import { isComparable, isSigned, isUnsigned } from '../types.ts';
import { isNil, rawOf, Typed, typeName, typeOf, type GoValue } from '../values.ts';
import { sprint1, sprintf } from '../format/print.ts';

/** Go compares values of one basic kind, whatever their types; signed and unsigned integers also with each other. */
type BasicKind = 'bool' | 'complex' | 'int' | 'uint' | 'float' | 'string';

function basicKind(value: GoValue): BasicKind | undefined {
  const kind = typeOf(value)?.kind;
  if (kind === undefined) return undefined;
  if (isSigned(kind)) return 'int';
  if (isUnsigned(kind)) return 'uint';
  switch (kind) {
    case 'bool':
    case 'string':
      return kind;
    case 'float32':
    case 'float64':
      return 'float';
    case 'complex128':
      return 'complex';
    default:
      return undefined;
  }
}

const isIntegerPair = (a: BasicKind | undefined, b: BasicKind | undefined): boolean =>
  (a === 'int' && b === 'uint') || (a === 'uint' && b === 'int');

function incompatible(a: GoValue, b: GoValue): never {
  throw new FunctionError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

function equals(a: GoValue, b: GoValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA !== kindB && !isIntegerPair(kindA, kindB)) {
    if (a != null && b != null) incompatible(a, b);
    return false;
  }
  if (kindA === 'complex') return deepEqualRaw(rawOf(a), rawOf(b));
  if (kindA !== undefined) return rawOf(a) === rawOf(b);
  return nonBasicEquals(a, b);
}

function nonBasicEquals(a: GoValue, b: GoValue): boolean {
  const typeA = typeOf(a);
  const typeB = typeOf(b);
  if (typeA !== undefined && typeB !== undefined && typeA.kind !== typeB.kind) {
    throw new FunctionError(`non-comparable types ${sprintf('%s', [a])}: ${typeA.name}, ${typeB.name}: ${sprint1(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (typeB !== undefined && !isComparable(typeB)) {
    throw new FunctionError(`non-comparable type ${sprintf('%s', [b])}: ${typeB.name}`);
  }
  return typeA === typeB && sameObject(a, b);
}

/** Pointers are equal when they point to the same object; structs when all fields are. */
function sameObject(a: GoValue, b: GoValue): boolean {
  if (rawOf(a) === rawOf(b)) return true;
  return a instanceof Typed && a.type.kind === 'struct' && deepEqualRaw(rawOf(a), rawOf(b));
}

/** `eq a b...`: whether the first equals any of the others. */
export function eq(first: GoValue, ...others: GoValue[]): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  for (const other of others) if (equals(first, other)) return true;
  return false;
}

export const ne = (a: GoValue, b: GoValue): boolean => !equals(a, b);

export function lt(a: GoValue, b: GoValue): boolean {
  const kindA = basicKind(a);
  const kindB = kindA === undefined ? undefined : basicKind(b);
  if (kindA === undefined || kindB === undefined) throw new FunctionError('invalid type for comparison');
  if (kindA !== kindB && !isIntegerPair(kindA, kindB)) incompatible(a, b);
  if (kindA === 'bool' || kindA === 'complex') throw new FunctionError('invalid type for comparison');
  if (kindA === 'string') return compareStrings(rawOf(a) as string, rawOf(b) as string) < 0;
  return (rawOf(a) as number) < (rawOf(b) as number);
}

export const le = (a: GoValue, b: GoValue): boolean => lt(a, b) || equals(a, b);
export const gt = (a: GoValue, b: GoValue): boolean => !le(a, b);
export const ge = (a: GoValue, b: GoValue): boolean => !lt(a, b);
