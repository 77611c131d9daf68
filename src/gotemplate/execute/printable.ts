import { indirect, Typed, typeOf, type GoValue } from '../values.ts';

/** The form of a value that is printed: pointers followed, except that a `String` method of the pointer is kept within reach. */
export function printable(value: GoValue): GoValue {
  if (value === undefined) return '<no value>';
  if (!(value instanceof Typed)) return value;
  const item = indirect(value);
  if (!(item instanceof Typed) || item.type.kind === 'ptr') return item;
  const { string, stringOnPointer } = item.type.details;
  return string !== undefined && stringOnPointer && item.addressable ? new Typed(item.type.pointer, item.data) : item;
}

/** Functions cannot be printed. */
export const isPrintable = (value: GoValue): boolean => typeOf(value)?.kind !== 'func';
