/** What Go checks and converts when a value becomes the argument of a function (`validateType` and `evalArg` of text/template). */
import type { NumberNode, Operand } from '../parse/nodes.ts';
import { show } from '../parse/nodes.ts';
import {
  COMPLEX128,
  INTERFACE,
  isAssignable,
  isNilable,
  isSigned,
  isUnsigned,
  REFLECT_VALUE,
  type GoType,
} from '../types.ts';
import { int, rawOf, Typed, typeOf, type GoValue } from '../values.ts';
import type { Execution } from './state.ts';

/** The raw data of a value for a parameter of the given type; fails as Go does when it cannot be passed. */
export function argumentFor(state: Execution, value: GoValue, type: GoType): unknown {
  if (type === REFLECT_VALUE) return value;
  if (value === undefined) {
    if (isNilable(type.kind)) return null;
    state.fail(`invalid value; expected ${type.name}`);
  }
  if (type === INTERFACE) return boxed(value);
  const from = typeOf(value);
  if (from === undefined) state.fail(`wrong type for value; expected ${type.name}; got interface {}`);
  if (from === type) return rawOf(value);
  if (isAssignable(from, type)) return type.kind === 'interface' ? value : rawOf(value);
  if (value instanceof Typed) {
    if (from.kind === 'ptr' && isAssignable(from.elem, type)) {
      return value.data ?? state.fail(`dereference of nil pointer of type ${type.name}`);
    }
    if (value.addressable && isAssignable(from.pointer, type)) {
      return type.kind === 'interface' ? new Typed(from.pointer, value.data) : value.data;
    }
  }
  state.fail(`wrong type for value; expected ${type.name}; got ${from.name}`);
}

/** A value in an interface is a copy: methods declared on the pointer are out of its reach. */
export function boxed(value: GoValue): GoValue {
  return value instanceof Typed && value.addressable ? new Typed(value.type, value.data) : value;
}

/** The value of a constant where no type is asked for, decided by its syntax. */
export function idealConstant(state: Execution, node: NumberNode): GoValue {
  const { text } = node;
  if (node.complex !== undefined) return new Typed(COMPLEX128, node.complex);
  const isHex = /^0[xX]/.test(text) && text.length > 2 && !/[pP]/.test(text);
  if (node.float !== undefined && !isHex && !text.startsWith("'") && /[.eEpP]/.test(text)) return node.float;
  if (node.int !== undefined) return int(node.int);
  if (node.uint === undefined) return undefined;
  state.fail(`${text} overflows int`);
}

/** A literal as argument: it takes the type of the parameter. Returns raw data. */
export function literalFor(state: Execution, node: Operand, type: GoType): unknown {
  if (node.kind === 'nil') {
    if (type === REFLECT_VALUE) return undefined;
    return isNilable(type.kind) ? null : state.fail(`cannot assign nil to ${type.name}`);
  }
  if (type === INTERFACE || type === REFLECT_VALUE) return untyped(state, node);
  const { kind } = type;
  if (kind === 'string')
    return node.kind === 'string' ? node.value : state.fail(`expected string; found ${show(node)}`);
  if (kind === 'bool') return node.kind === 'bool' ? node.value : state.fail(`expected bool; found ${show(node)}`);
  const number = node.kind === 'number' ? node : undefined;
  if (isSigned(kind)) return number?.int ?? state.fail(`expected integer; found ${show(node)}`);
  if (isUnsigned(kind)) return number?.uint ?? state.fail(`expected unsigned integer; found ${show(node)}`);
  if (kind === 'float64' || kind === 'float32')
    return number?.float ?? state.fail(`expected float; found ${show(node)}`);
  if (kind === 'complex128') return number?.complex ?? state.fail(`expected complex; found ${show(node)}`);
  state.fail(`can't handle ${show(node)} for arg of type ${type.name}`);
}

function untyped(state: Execution, node: Operand): GoValue {
  if (node.kind === 'number') return idealConstant(state, node);
  return node.kind === 'string' || node.kind === 'bool' ? node.value : undefined;
}
