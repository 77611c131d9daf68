/**
 * JSON whose numbers keep their spelling where that matters: Go's reader refuses `80.0` for an integer, and integers above
 * 2^53 are exact, while `JSON.parse` makes both a double.
 */

/** A number literal that is not simply an integer of at most 15 digits. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be behind a `:`, `,` or `[` outside strings. Also matches inside some strings; that costs time, never a wrong result. */
const UNUSUAL_NUMBER = /[:,[\s]-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))/;

/** Whether {@link parseJson} may give a {@link JsonNumber} for the text. Cheap, so that most texts go through `JSON.parse` alone. */
export function mayHoldUnusualNumbers(text: string): boolean {
  return UNUSUAL_NUMBER.test(text) || /^-?[0-9]/.test(text);
}

/** As `JSON.parse`, but with every number that has a fraction, an exponent or more than 15 digits as a {@link JsonNumber}. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayHoldUnusualNumbers(text) ? keepNumbers(text, value) : value;
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"(?:[ \t\r\n]*:)?|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/g;
const USUAL_NUMBER = /^-?[0-9]{1,15}$/;

/** Before parsing, literals go into strings that start with NUMBER; strings that might be taken for these get STRING in front. */
const NUMBER = '#n';
const STRING = '#s';

/** Parses again, with the literals wrapped in strings, and makes them numbers afterwards. */
function keepNumbers(text: string, usual: unknown): unknown {
  let found = false;
  const marked = text.replace(STRING_OR_NUMBER, (token) => {
    if (token.endsWith(':')) return token;
    // The escape may stand for the `#`.
    if (token.startsWith('"')) return /^"(?:#|\\u)/.test(token) ? `"${STRING}${token.slice(1)}` : token;
    if (USUAL_NUMBER.test(token)) return token;
    found = true;
    return `"${NUMBER}${token}"`;
  });
  if (!found) return usual;
  const holder: unknown[] = [JSON.parse(marked)];
  unmarkAll(holder);
  return holder[0];
}

type Container = unknown[] | Record<string, unknown>;

/** Iterative, since the depth is the sender's choice. */
function unmarkAll(root: unknown[]): void {
  const pending: Container[] = [root];
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    const record = container as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (typeof value === 'object' && value !== null) pending.push(value as Container);
      else if (typeof value === 'string' && value.startsWith('#')) setOwn(record, key, unmark(value));
    }
  }
}

function unmark(text: string): string | JsonNumber {
  const content = text.slice(NUMBER.length);
  return text.startsWith(NUMBER) ? new JsonNumber(content) : content;
}

/** Assignment that also holds for the key `__proto__`. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}
