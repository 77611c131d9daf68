/** Fields, map entries and methods of values: `.X.Y` (`evalField` of text/template). */
import { FunctionError } from '../function.ts';
import { STRING, type GoType, type Method, type StructField } from '../types.ts';
import { Typed, typeName, valueOf, type GoValue } from '../values.ts';
import type { Execution } from './state.ts';

/** Calls a method with the arguments of the field node it was written in. */
export type CallMethod = (state: Execution, method: Method, receiver: unknown) => GoValue;

/** Whether a receiver was an element of static type `interface {}`; only error texts need to know. */
export type IsBoxed = (state: Execution, container: GoValue) => boolean;

/** One `.Name` in the source of a template. */
export interface FieldSite {
  readonly name: string;
  /** Every JavaScript object inherits a property of this name. */
  readonly inherited: boolean;
  readonly isBoxed: IsBoxed;
  /** The struct type, or pointer to one, that was met here last, and its field of this name. */
  seen: GoType | undefined;
  seenField: StructField | undefined;
}

export function fieldSite(name: string, isBoxed: IsBoxed): FieldSite {
  return { name, inherited: name in Object.prototype, isBoxed, seen: undefined, seenField: undefined };
}

/**
 * Evaluates one field of a receiver. `container` is what the receiver was read from, `call` is how a method gets its arguments, and
 * `hasArguments` whether there are any (which only a method may have).
 */
export function fieldOf(
  state: Execution,
  receiver: GoValue,
  site: FieldSite,
  container: GoValue,
  call: CallMethod,
  hasArguments: boolean,
): GoValue {
  if (receiver === undefined) return undefined;
  if (receiver === null) state.fail(`nil pointer evaluating interface {}.${site.name}`);
  if (receiver instanceof Typed) {
    const { seenField } = site;
    if (seenField !== undefined && receiver.type === site.seen && receiver.data !== null && !hasArguments) {
      const addressable = receiver.addressable || receiver.type.kind === 'ptr';
      return valueOf(seenField.type, seenField.get(receiver.data as object), addressable);
    }
    return typedField(state, receiver, site, container, call, hasArguments);
  }
  if (typeof receiver !== 'object' || Array.isArray(receiver)) return noField(state, receiver, site, container);
  if (hasArguments) state.fail(`${site.name} is not a method but has arguments`);
  return site.inherited && !Object.hasOwn(receiver, site.name) ? undefined : receiver[site.name];
}

function noField(state: Execution, receiver: GoValue, site: FieldSite, container: GoValue): never {
  const type = site.isBoxed(state, container) ? 'interface {}' : typeName(receiver);
  state.fail(`can't evaluate field ${site.name} in type ${type}`);
}

function typedField(
  state: Execution,
  receiver: Typed,
  site: FieldSite,
  container: GoValue,
  call: CallMethod,
  hasArguments: boolean,
): GoValue {
  const { name } = site;
  const { data } = receiver;
  let type: GoType = receiver.type;
  let addressable = receiver.addressable;
  while (type.kind === 'ptr' && (data !== null || type.elem.kind === 'ptr')) {
    type = type.elem;
    addressable = true;
  }
  if (type.kind === 'ptr') return nilPointerField(state, receiver, site, container, call);
  const method = type.methods.get(name);
  if (method !== undefined && (addressable || !method.onPointer)) return call(state, method, data);
  if (type.kind === 'struct') {
    const field = type.fields.get(name);
    if (field === undefined) return noField(state, receiver, site, container);
    if (field.unexported) state.fail(`${name} is an unexported field of struct type ${receiver.type.name}`);
    if (hasArguments) state.fail(`${name} has arguments but cannot be invoked as function`);
    if (method === undefined) {
      site.seen = receiver.type;
      site.seenField = field;
    }
    return valueOf(field.type, data === null ? undefined : field.get(data as object), addressable);
  }
  if (type.kind === 'map' && type.key === STRING) {
    if (hasArguments) state.fail(`${name} is not a method but has arguments`);
    const map = data as Record<string, unknown> | null;
    return map !== null && Object.hasOwn(map, name) ? valueOf(type.elem, map[name]) : undefined;
  }
  return noField(state, receiver, site, container);
}

/** Methods may be called on a nil pointer; fields may not be read. */
function nilPointerField(
  state: Execution,
  receiver: Typed,
  site: FieldSite,
  container: GoValue,
  call: CallMethod,
): GoValue {
  const { elem } = receiver.type;
  const method = elem.methods.get(site.name);
  if (method !== undefined) return call(state, method.onPointer ? method : { ...method, call: nilDereference }, null);
  if (elem.kind === 'struct' && !elem.fields.has(site.name)) return noField(state, receiver, site, container);
  const type = site.isBoxed(state, container) ? 'interface {}' : receiver.type.name;
  state.fail(`nil pointer evaluating ${type}.${site.name}`);
}

/** A method of the value itself cannot do without one. */
function nilDereference(): never {
  throw new FunctionError('runtime error: invalid memory address or nil pointer dereference');
}

/** Whether what a container holds has the static type `interface {}`. */
export function holdsInterfaces(container: GoValue): boolean {
  if (!(container instanceof Typed)) return typeof container === 'object' && container !== null;
  return container.type.kind === 'map' && container.type.elem.kind === 'interface';
}
