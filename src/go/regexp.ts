/**
 * Regular expressions as Go's `regexp` (RE2 syntax, leftmost-first, linear time). The matching is the `re2js` package's; here are Go's
 * error texts, its treatment of empty matches and its replacement templates.
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { isDigit, isLetter } from './unicode.ts';
import { toValidUtf8 } from './utf8.ts';

/** Longest pattern that is compiled, in UTF-16 units. Compiling costs time and memory in proportion. */
export const MAX_PATTERN_LENGTH = 10_000;
/** Largest product of program size and input length that is matched: about a second of work. */
export const MAX_MATCH_WORK = 500_000_000;

/** Longest text that replacing makes, in UTF-16 units. */
export const MAX_REPLACED_LENGTH = 64 << 20;

/** A pattern that does not compile, worded as Go's `*syntax.Error`, or work beyond the limits of this file. */
export class RegexpError extends Error {
  override name = 'RegexpError';
}

/** Start and end of the match and then of each group, -1 where a group took no part. */
type Location = readonly number[];

const COMPILED_LIMIT = 256;
const compiled = new Map<string, Regexp>();

/** `regexp.Compile`; the most recent patterns are remembered. Throws {@link RegexpError}. */
export function compileRegexp(pattern: string): Regexp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= COMPILED_LIMIT) compiled.clear();
  const regexp = new Regexp(pattern);
  compiled.set(pattern, regexp);
  return regexp;
}

/** `*regexp.Regexp`. Positions are UTF-16 units. */
export class Regexp {
  readonly pattern: string;
  readonly #program: RE2JS;
  readonly #groupNames: ReadonlyMap<string, number>;

  constructor(pattern: string) {
    if (pattern.length > MAX_PATTERN_LENGTH) {
      throw new RegexpError(`regular expression longer than ${String(MAX_PATTERN_LENGTH)} characters`);
    }
    if (toValidUtf8(pattern) !== pattern) {
      throw new RegexpError(`error parsing regexp: invalid UTF-8: \`${pattern}\``);
    }
    this.pattern = pattern;
    this.#program = compileProgram(pattern);
    this.#groupNames = new Map(Object.entries(this.#program.namedGroups()));
  }

  /** `MatchString`. */
  test(s: string): boolean {
    this.#checkWork(s);
    return this.#program.test(s);
  }

  /** `FindString`: the text of the leftmost match, empty when there is none. */
  find(s: string): string {
    return this.findSubmatch(s)?.[0] ?? '';
  }

  /** `FindStringSubmatch`: match and groups, a group that took no part being empty. */
  findSubmatch(s: string): string[] | undefined {
    for (const location of this.#locations(s)) return submatches(s, location);
    return undefined;
  }

  /** `FindAllString`: null when there is no match; `limit` below zero means all. */
  findAll(s: string, limit: number): string[] | null {
    const found = this.#take(s, limit).map(([start = 0, end = 0]) => s.slice(start, end));
    return found.length === 0 ? null : found;
  }

  /** `FindAllStringSubmatch(s, -1)`. */
  findAllSubmatch(s: string): string[][] {
    return this.#take(s, -1).map((location) => submatches(s, location));
  }

  /** `ReplaceAllString`: `$1`, `$name` and `${name}` in the template are groups, `$$` a dollar. */
  replaceAll(s: string, template: string): string {
    return this.#replace(s, (location) => this.#expand(template, s, location));
  }

  /** `ReplaceAllLiteralString`. */
  replaceAllLiteral(s: string, replacement: string): string {
    return this.#replace(s, () => replacement);
  }

  /** `Split`: null when `limit` is 0; below zero means all. */
  split(s: string, limit: number): string[] | null {
    if (limit === 0) return null;
    if (this.pattern !== '' && s === '') return [''];
    const parts: string[] = [];
    let begin = 0;
    let end = 0;
    for (const [matchStart = 0, matchEnd = 0] of this.#take(s, limit)) {
      if (limit > 0 && parts.length === limit - 1) break;
      end = matchStart;
      if (matchEnd !== 0) parts.push(s.slice(begin, end));
      begin = matchEnd;
    }
    if (end !== s.length) parts.push(s.slice(begin));
    return parts;
  }

  #checkWork(s: string): void {
    if (s.length * this.#program.programSize() > MAX_MATCH_WORK) {
      throw new RegexpError('regular expression and text together are too large to match');
    }
  }

  #take(s: string, limit: number): Location[] {
    const found: Location[] = [];
    if (limit === 0) return found;
    for (const location of this.#locations(s)) {
      found.push(location);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Successive matches; an empty match right after another match does not count. */
  *#locations(s: string): Generator<Location> {
    this.#checkWork(s);
    let previousEnd = -1;
    for (let position = 0; position <= s.length;) {
      const location = this.#locate(s, position);
      if (location === undefined) return;
      const [start = 0, end = 0] = location;
      const emptyAfterMatch = end === position && start === previousEnd;
      position = end === position ? position + runeWidth(s, position) : end;
      previousEnd = end;
      if (!emptyAfterMatch) yield location;
    }
  }

  #locate(s: string, from: number): Location | undefined {
    const matcher = this.#program.matcher(s);
    if (!matcher.find(from)) return undefined;
    const location: number[] = [];
    for (let group = 0; group <= matcher.groupCount(); group++) {
      location.push(matcher.start(group), matcher.end(group));
    }
    return location;
  }

  #replace(s: string, replacement: (location: Location) => string): string {
    this.#checkWork(s);
    let out = '';
    let lastEnd = 0;
    for (let position = 0; position <= s.length;) {
      const location = this.#locate(s, position);
      if (location === undefined) break;
      const [start = 0, end = 0] = location;
      out += s.slice(lastEnd, start);
      if (end > lastEnd || start === 0) out += replacement(location);
      if (out.length > MAX_REPLACED_LENGTH) throw new RegexpError('result of the replacement is too long');
      lastEnd = end;
      position = Math.max(end, position + runeWidth(s, position));
    }
    return out + s.slice(lastEnd);
  }

  #expand(template: string, s: string, location: Location): string {
    let out = '';
    let rest = template;
    for (;;) {
      const dollar = rest.indexOf('$');
      if (dollar < 0) return out + rest;
      out += rest.slice(0, dollar);
      rest = rest.slice(dollar + 1);
      const reference = rest.startsWith('$') ? { text: '$', length: 1 } : this.#reference(rest, s, location);
      out += reference.text;
      rest = rest.slice(reference.length);
    }
  }

  /** The group named right after a dollar sign; a malformed reference leaves the dollar sign as text. */
  #reference(rest: string, s: string, location: Location): { text: string; length: number } {
    const braced = rest.startsWith('{');
    const name = leadingName(braced ? rest.slice(1) : rest);
    if (name === '' || (braced && rest.charAt(name.length + 1) !== '}')) return { text: '$', length: 0 };
    const group = /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : (this.#groupNames.get(name) ?? -1);
    const start = location[2 * group] ?? -1;
    const text = start < 0 ? '' : s.slice(start, location[2 * group + 1]);
    return { text, length: name.length + (braced ? 2 : 0) };
  }
}

function compileProgram(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) {
      throw new RegexpError(
        `error parsing regexp: ${error.getDescription()}: \`${error.getPattern() ?? defaultPart(error, pattern)}\``,
      );
    }
    if (error instanceof RE2JSException) throw new RegexpError(error.message);
    throw error;
  }
}

/** Go names the whole pattern where re2js names no part of it, except at a backslash with nothing after it. */
const defaultPart = (error: RE2JSSyntaxException, pattern: string): string =>
  error.getDescription().startsWith('trailing backslash') ? '' : pattern;

function submatches(s: string, location: Location): string[] {
  const texts: string[] = [];
  for (let i = 0; i < location.length; i += 2) {
    const start = location[i] ?? -1;
    texts.push(start < 0 ? '' : s.slice(start, location[i + 1]));
  }
  return texts;
}

function leadingName(s: string): string {
  let name = '';
  for (const rune of s) {
    if (rune !== '_' && !isLetter(rune) && !isDigit(rune)) break;
    name += rune;
  }
  return name;
}

const runeWidth = (s: string, position: number): number => ((s.codePointAt(position) ?? 0) > 0xffff ? 2 : 1);

/** `regexp.QuoteMeta`. */
export function quoteMeta(s: string): string {
  return s.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
