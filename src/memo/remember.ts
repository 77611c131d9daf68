import { BoundedMap } from './bounded-map.ts';
import { textKey } from './text-hash.ts';

/** UTF-16 units of text that one function remembers results for. */
const textLimit = 128 * 1024;
/** What an entry takes beside its text, in the same unit. */
const entrySize = 512;
/** Longer texts are not remembered, so that one of them does not drive all others out. */
const maxLength = 8 * 1024;

/** The same function, remembering its last results. It must depend on the text alone, and its results must not change; what it throws is not kept. */
export function rememberByText<T>(compute: (text: string) => T): (text: string) => T {
  const results = new BoundedMap<{ readonly result: T }>(textLimit);
  return (text) => {
    if (text.length > maxLength) return compute(text);
    const key = textKey(text);
    let known = results.get(key);
    if (known === undefined) {
      known = { result: compute(text) };
      results.set(key, known, text.length + entrySize);
    }
    return known.result;
  };
}
