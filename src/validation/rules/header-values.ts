/** Header values in Envoy's format: text with `%VARIABLE%` and `%VARIABLE(["x", "y"])%` expressions. */
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

/** What HTTP does not allow in a field value. */
const controlCharacter = /[\0-\x08\x0a-\x1f\x7f]/;

type State = 'literal' | 'name' | 'array' | 'item' | 'string' | 'delimiter' | 'parenthesis' | 'end';

/** A state that only some characters lead out of: which, where to, and what is wrong with any other but a space. */
interface Expectation {
  readonly next: ReadonlyMap<string, State>;
  readonly error: string;
}

const expectations = new Map<State, Expectation>([
  ['item', { next: new Map([['"', 'string']]), error: `Expecting '"'` }],
  [
    'delimiter',
    {
      next: new Map([
        [',', 'item'],
        [']', 'parenthesis'],
      ]),
      error: `Expecting ',', ']', or whitespace`,
    },
  ],
  ['parenthesis', { next: new Map([[')', 'end']]), error: `Expecting ')' or whitespace after '{}', but found '{}'` }],
  ['end', { next: new Map([['%', 'literal']]), error: `Expecting '%' or whitespace after` }],
]);

/** Checks the value of a header that a route adds or sets. */
export function checkHeaderValue(value: string): Problem | undefined {
  if (controlCharacter.test(value)) {
    return problem('header-value', `header value configuration ${value} is invalid`);
  }
  const error = value.includes('%') ? findFormatError(value) : undefined;
  if (error === undefined) return undefined;
  return problem('header-value', `header value configuration: invalid header configuration. ${error}`);
}

function findFormatError(value: string): string | undefined {
  let state: State = 'literal';
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    const isLast = at + 1 === value.length;
    if (state === 'literal') {
      if (char !== '%') continue;
      if (isLast) return 'Un-escaped %';
      if (value.charAt(at + 1) === '%') at++;
      else state = 'name';
    } else if (state === 'name') {
      if (char === '%') state = 'literal';
      else if (char === '(') state = 'array';
    } else if (state === 'array') {
      if (char !== ' ') state = char === '[' ? 'item' : 'string';
    } else if (state === 'string') {
      if (char === '\\') {
        if (isLast) return 'Un-terminated backslash in JSON string';
        at++;
      } else if (char === ')') state = 'end';
      else if (char === '"') state = 'delimiter';
    } else if (char !== ' ') {
      const expectation: Expectation | undefined = expectations.get(state);
      const next: State | undefined = expectation?.next.get(char);
      if (next === undefined) return expectation?.error;
      state = next;
    }
  }
  return state === 'literal' ? undefined : `Un-terminated variable expression '${value}'`;
}
