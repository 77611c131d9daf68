/**
 * Bounds on what one function call may build. Go has none: `repeat 1000000000 "x"` there takes the memory it asks for. Each is far above
 * what a template whose output becomes a pod can use.
 */
import { FunctionError } from '../function.ts';
import { MAX_OUTPUT_LENGTH } from '../limits.ts';

/** Elements of a list that a function makes (`until`, `seq`, `concat`, …). */
export const MAX_LIST_LENGTH = 1_000_000;

/** UTF-16 units of a text that a function makes: nothing longer can be rendered. */
export const MAX_TEXT_LENGTH = MAX_OUTPUT_LENGTH;

/** Characters or bytes that one random function draws; randomness is slow, and Web Crypto gives no more at once. */
export const MAX_RANDOM_LENGTH = 65_536;

/** Maps, lists and scalars visited when a value is converted (JSON, YAML, copies); shared parts count each time they are reached. */
export const MAX_NODES = 2_000_000;

/** Comparisons of `uniq` and `without` between values that are not plain scalars. */
export const MAX_COMPARISONS = 10_000_000;

/** Gives the length back, or fails when a text of it would be too long. */
export function checkTextLength(length: number): number {
  if (!(length <= MAX_TEXT_LENGTH)) throw new FunctionError(`result exceeds ${String(MAX_TEXT_LENGTH)} characters`);
  return length;
}

/** Gives the length back, or fails when a list of it would be too long. */
export function checkListLength(length: number): number {
  if (!(length <= MAX_LIST_LENGTH)) throw new FunctionError(`result exceeds ${String(MAX_LIST_LENGTH)} elements`);
  return length;
}

/** Gives the length back, or fails when that much randomness would be too much. */
export function checkRandomLength(length: number): number {
  if (!(length <= MAX_RANDOM_LENGTH)) throw new FunctionError(`result exceeds ${String(MAX_RANDOM_LENGTH)} characters`);
  return length;
}

/** `strings.Join` with a checked length. */
export function joinTexts(parts: readonly string[], separator: string): string {
  let length = Math.max(0, parts.length - 1) * separator.length;
  for (const part of parts) length += part.length;
  checkTextLength(length);
  return parts.join(separator);
}
