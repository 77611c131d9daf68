/**
 * sprig's list functions (`list.go`), which take any slice and give `[]interface {}`. The `must` forms only differ in how they fail in Go (error
 * instead of panic), which templates cannot tell apart.
 */
import { define, FunctionError, type TemplateFunction } from '../../function.ts';
import { truth } from '../../execute/truth.ts';
import { INTERFACE } from '../../types.ts';
import { elementsOf, Typed, typeOf, valueOf, type GoValue } from '../../values.ts';
import { capacityOf, withCapacity } from '../capacity.ts';
import { toInt64 } from '../cast.ts';
import { nilDereference } from '../failures.ts';
import { checkListLength } from '../limits.ts';
import { ValueSet } from '../value-set.ts';

/** The elements of a list argument, copied into interfaces; `complaint` is completed with the kind of what was given instead. */
function listOf(value: GoValue, complaint: string): readonly GoValue[] {
  const elements = elementsOf(value, false);
  if (elements !== undefined) return elements;
  const type = typeOf(value);
  if (type === undefined) throw nilDereference();
  throw new FunctionError(`${complaint} ${type.kind}`);
}

const push = (list: GoValue, value: GoValue): GoValue[] => limited([...listOf(list, 'Cannot push on type'), value]);

const prepend = (list: GoValue, value: GoValue): GoValue[] =>
  limited([value, ...listOf(list, 'Cannot prepend on type')]);

function limited(list: GoValue[]): GoValue[] {
  checkListLength(list.length);
  return list;
}

const first = (list: GoValue): GoValue => listOf(list, 'Cannot find first on type')[0] ?? null;
const last = (list: GoValue): GoValue => listOf(list, 'Cannot find last on type').at(-1) ?? null;

/** Without its first element; of an empty list nil. */
function rest(list: GoValue): GoValue[] | null {
  const elements = listOf(list, 'Cannot find rest on type');
  return elements.length === 0 ? null : withCapacity(elements.slice(1));
}

function initial(list: GoValue): GoValue[] | null {
  const elements = listOf(list, 'Cannot find initial on type');
  return elements.length === 0 ? null : withCapacity(elements.slice(0, -1));
}

const reverse = (list: GoValue): GoValue[] => withCapacity([...listOf(list, 'Cannot find reverse on type')].reverse());

const compact = (list: GoValue): GoValue[] => listOf(list, 'Cannot compact on type').filter(truth);

function uniq(list: GoValue): GoValue[] {
  const seen = new ValueSet();
  return listOf(list, 'Cannot find uniq on type').filter((item) => seen.add(item));
}

function without(list: GoValue, ...omitted: GoValue[]): GoValue[] {
  const dropped = new ValueSet();
  for (const item of omitted) dropped.add(item);
  return listOf(list, 'Cannot find without on type').filter((item) => !dropped.has(item));
}

function has(needle: GoValue, list: GoValue): boolean {
  if (list === null) return false;
  const wanted = new ValueSet();
  wanted.add(needle);
  return listOf(list, 'Cannot find has on type').some((item) => wanted.has(item));
}

/** `list[start:end]`, keeping the list's type; of an empty list nil. Between length and capacity there are nils. */
function slice(list: GoValue, ...indices: GoValue[]): GoValue {
  const elements = listOf(list, 'list should be type of slice or array but');
  if (elements.length === 0) return null;
  const capacity = list instanceof Typed ? elements.length : capacityOf(elements);
  const start = Number(indices.length > 0 ? toInt64(indices[0]) : 0n);
  const end = Number(indices.length > 1 ? toInt64(indices[1]) : elements.length);
  if (start < 0 || end < start || end > capacity)
    throw new FunctionError('reflect.Value.Slice: slice index out of bounds');
  if (list instanceof Typed) return valueOf(list.type, (list.data as unknown[]).slice(start, end));
  const part = elements.slice(start, end);
  while (part.length < end - start) part.push(null);
  return withCapacity(part, capacity - start);
}

function concat(...lists: GoValue[]): GoValue {
  const joined: GoValue[] = [];
  for (const list of lists) {
    const elements = elementsOf(list, false);
    if (elements === undefined) throw concatFailure(list);
    checkListLength(joined.length + elements.length);
    for (const item of elements) joined.push(item);
  }
  return lists.length === 0 || joined.length === 0 ? new Typed(INTERFACE.slice, null) : joined;
}

function concatFailure(value: GoValue): FunctionError {
  const type = typeOf(value);
  return type === undefined ? nilDereference() : new FunctionError(`Cannot concat type ${type.kind} as list`);
}

/** Lists of `size` elements; Go computes with floats, which decides what sizes below 1 do. */
function chunk(size: bigint, list: GoValue): GoValue[][] {
  const elements = listOf(list, 'Cannot chunk type');
  const width = Number(size);
  const count = Math.floor((elements.length - 1) / width) + 1;
  if (!Number.isFinite(count) || count < 0) throw lengthOutOfRange();
  const chunks: GoValue[][] = [];
  for (let i = 0; i < count; i++) {
    const left = elements.length % width;
    const length = i < count - 1 || left === 0 ? width : left;
    if (length < 0) throw lengthOutOfRange();
    chunks.push(withCapacity(elements.slice(i * width, i * width + length)));
  }
  return chunks;
}

const lengthOutOfRange = (): FunctionError => new FunctionError('runtime error: makeslice: len out of range');

const ELEMENTS = 'func(interface {}) []interface {}';
const APPEND = 'func(interface {}, interface {}) []interface {}';
const ELEMENT = 'func(interface {}) interface {}';
const WITHOUT = 'func(interface {}, ...interface {}) []interface {}';
const HAS = 'func(interface {}, interface {}) bool';
const SLICE = 'func(interface {}, ...interface {}) interface {}';
const CHUNK = 'func(int, interface {}) [][]interface {}';

type Implementation = (...args: never[]) => unknown;

/** A function and its `must` form. */
function both(name: string, signature: string, implementation: Implementation): TemplateFunction[] {
  const must = `must${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [define(name, signature, implementation), define(must, signature, implementation)];
}

export const listFunctions = [
  define('list', 'func(...interface {}) []interface {}', (...items: GoValue[]) => withCapacity(items)),
  define('tuple', 'func(...interface {}) []interface {}', (...items: GoValue[]) => withCapacity(items)),
  ...both('append', APPEND, push),
  ...both('push', APPEND, push),
  ...both('prepend', APPEND, prepend),
  ...both('first', ELEMENT, first),
  ...both('last', ELEMENT, last),
  ...both('rest', ELEMENTS, rest),
  ...both('initial', ELEMENTS, initial),
  ...both('reverse', ELEMENTS, reverse),
  ...both('compact', ELEMENTS, compact),
  ...both('uniq', ELEMENTS, uniq),
  ...both('without', WITHOUT, without),
  ...both('has', HAS, has),
  ...both('slice', SLICE, slice),
  ...both('chunk', CHUNK, chunk),
  define('concat', 'func(...interface {}) interface {}', concat),
];
