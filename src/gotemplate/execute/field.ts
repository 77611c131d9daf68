/** Fields, map entries and methods of values: `.X.Y` (`evalField` of text/template). */
import { STRING, type GoType, type Method } from '../types.ts';
import { Typed, typeName, valueOf, type GoValue } from '../values.ts';
import type { Execution } from './state.ts';

/** Calls a method with the arguments of the field node it was written in. */
export type CallMethod = (state: Execution, method: Method, receiver: unknown) => GoValue;

/**
 * Evaluates one field of a receiver. `boxed` says that the receiver was an element of type `interface {}`, `call` is how a method gets its
 * arguments, and `hasArguments` whether there are any (which only a method may have).
 */
export function fieldOf(
  state: Execution,
  receiver: GoValue,
  name: string,
  boxed: boolean,
  call: CallMethod,
  hasArguments: boolean,
): GoValue {
  if (receiver === undefined) return undefined;
  if (receiver === null) state.fail(`nil pointer evaluating interface {}.${name}`);
  if (receiver instanceof Typed) return typedField(state, receiver, name, boxed, call, hasArguments);
  if (typeof receiver !== 'object' || Array.isArray(receiver)) return noField(state, receiver, name, boxed);
  if (hasArguments) state.fail(`${name} is not a method but has arguments`);
  return Object.hasOwn(receiver, name) ? receiver[name] : undefined;
}

function noField(state: Execution, receiver: GoValue, name: string, boxed: boolean): never {
  state.fail(`can't evaluate field ${name} in type ${boxed ? 'interface {}' : typeName(receiver)}`);
}

function typedField(
  state: Execution,
  receiver: Typed,
  name: string,
  boxed: boolean,
  call: CallMethod,
  hasArguments: boolean,
): GoValue {
  let type: GoType = receiver.type;
  const { data } = receiver;
  let addressable = receiver.addressable;
  while (type.kind === 'ptr' && (data !== null || type.elem.kind === 'ptr')) {
    type = type.elem;
    addressable = true;
  }
  if (type.kind === 'ptr') return nilPointerField(state, receiver, name, boxed, call);
  const method = type.methods.get(name);
  if (method !== undefined && (addressable || !method.onPointer)) return call(state, method, data);
  if (type.kind === 'struct') {
    const field = type.fields.get(name);
    if (field === undefined) return noField(state, receiver, name, boxed);
    if (field.unexported) state.fail(`${name} is an unexported field of struct type ${receiver.type.name}`);
    if (hasArguments) state.fail(`${name} has arguments but cannot be invoked as function`);
    return valueOf(field.type, data === null ? undefined : field.get(data as object), addressable);
  }
  if (type.kind === 'map' && type.key === STRING) {
    if (hasArguments) state.fail(`${name} is not a method but has arguments`);
    const map = data as Record<string, unknown> | null;
    return map !== null && Object.hasOwn(map, name) ? valueOf(type.elem, map[name]) : undefined;
  }
  return noField(state, receiver, name, boxed);
}

/** Methods may be called on a nil pointer; fields may not be read. */
function nilPointerField(state: Execution, receiver: Typed, name: string, boxed: boolean, call: CallMethod): GoValue {
  const { elem } = receiver.type;
  const method = elem.methods.get(name);
  if (method !== undefined) return call(state, method, null);
  if (elem.kind === 'struct' && !elem.fields.has(name)) return noField(state, receiver, name, boxed);
  state.fail(`nil pointer evaluating ${boxed ? 'interface {}' : receiver.type.name}.${name}`);
}

/** Whether what a container holds has the static type `interface {}`. */
export function holdsInterfaces(container: GoValue): boolean {
  if (!(container instanceof Typed)) return typeof container === 'object' && container !== null;
  return container.type.kind === 'map' && container.type.elem.kind === 'interface';
}
