/** Number and character constants of templates (Go's `parse.NumberNode`). */
import { quote } from '../../go/quote.ts';
import { parseFloat, parseInt, parseUint } from '../../go/strconv.ts';
import type { NumberNode } from './nodes.ts';
import { unquoteChar } from './unquote.ts';

type Forms = Pick<NumberNode, 'int' | 'uint' | 'float' | 'complex'>;

/** Text that is no number; the message is Go's. */
export class NumberError extends Error {}

const BITS = 64;
const LOOKS_LIKE_FLOAT = /[.eEpP]/;

/** The forms of `'a'`. */
export function charForms(text: string): Forms {
  const { code, rest } = unquoteChar(text.slice(1), "'");
  if (rest !== "'") throw new NumberError(`malformed character constant: ${text}`);
  return { int: BigInt(code), uint: BigInt(code), float: code };
}

/** The forms of `1+2i`. */
export function complexForms(text: string): Forms {
  const middle = text.search(/(?<=.)(?<![eEpP])[+-]/);
  const re = parseFloat(text.slice(0, middle));
  const im = parseFloat(text.slice(middle, -1));
  if (middle < 0 || re.error !== undefined || im.error !== undefined) {
    throw new NumberError('syntax error scanning complex number');
  }
  return simplify(re.value, im.value);
}

/** A complex number without imaginary part is also a plain one. */
function simplify(re: number, im: number): Forms {
  return im === 0 ? { complex: { re, im }, float: re, ...integersOf(re) } : { complex: { re, im } };
}

/** The integers a float stands for exactly; Go converts through int64 and uint64. */
function integersOf(value: number): Forms {
  if (!Number.isInteger(value)) return {};
  const exact = BigInt(value);
  return {
    ...(BigInt.asIntN(BITS, exact) === exact ? { int: exact } : {}),
    ...(BigInt.asUintN(BITS, exact) === exact ? { uint: exact } : {}),
  };
}

/** The forms of any other number. */
export function numberForms(text: string): Forms {
  if (text.endsWith('i')) {
    const im = parseFloat(text.slice(0, -1));
    if (im.error === undefined) return simplify(0, im.value);
  }
  const uint = parseUint(text, 0, BITS);
  const int = parseInt(text, 0, BITS);
  if (int.error === undefined) {
    const isUint = uint.error === undefined || int.value === 0n;
    return { int: int.value, float: Number(int.value), ...(isUint ? { uint: uint.value } : {}) };
  }
  if (uint.error === undefined) return { uint: uint.value, float: Number(uint.value) };
  const float = parseFloat(text);
  if (float.error !== undefined) throw new NumberError(`illegal number syntax: ${quote(text)}`);
  if (!LOOKS_LIKE_FLOAT.test(text)) throw new NumberError(`integer overflow: ${quote(text)}`);
  return { float: float.value, ...integersOf(float.value) };
}
