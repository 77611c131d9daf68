/** `reflect.DeepEqual` of template values. */
import type { GoType } from '../types.ts';
import { elementsOf, isNil, mapViewOf, rawOf, typeOf, valueOf, type GoValue } from '../values.ts';
import { deepEqualRaw } from '../equal.ts';

/** Equal type and equal content; NaN differs from itself, a nil list from an empty one. */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  return type === undefined || equalOfType(type, a, b);
}

function equalOfType(type: GoType, a: GoValue, b: GoValue): boolean {
  switch (type.kind) {
    case 'map':
      return equalMaps(a, b);
    case 'slice':
    case 'array':
      return equalLists(a, b);
    case 'ptr':
      return isNil(a) || isNil(b) ? isNil(a) === isNil(b) : equalPointees(type, a, b);
    default:
      return deepEqualRaw(rawOf(a), rawOf(b));
  }
}

function equalPointees({ elem }: GoType, a: GoValue, b: GoValue): boolean {
  return rawOf(a) === rawOf(b) || equalOfType(elem, valueOf(elem, rawOf(a)), valueOf(elem, rawOf(b)));
}

function equalLists(a: GoValue, b: GoValue): boolean {
  if (isNil(a) !== isNil(b)) return false;
  const left = elementsOf(a) ?? [];
  const right = elementsOf(b) ?? [];
  return left.length === right.length && left.every((item, i) => deepEqual(item, right[i]));
}

function equalMaps(a: GoValue, b: GoValue): boolean {
  if (isNil(a) !== isNil(b)) return false;
  const left = mapViewOf(a);
  const right = mapViewOf(b);
  if (left === undefined || right === undefined || left.keys.length !== right.keys.length) return false;
  return left.keys.every((key) => right.has(key) && deepEqual(left.get(key), right.get(key)));
}
