/** Values as YAML text, as sigs.k8s.io/yaml's Marshal writes them (go.yaml.in/yaml/v2 and its emitter). */
import { formatShortest } from '../go/ftoa.ts';
import { toValidUtf8 } from '../go/utf8.ts';
import { CR, LF, isBreak } from './characters.ts';
import { YamlError } from './error.ts';
import { compareKeys } from './key-order.ts';
import { MAX_DEPTH } from './limits.ts';
import { isRecord } from './record.ts';
import { chooseStyle, isPrintable } from './scalar-style.ts';

/** Text is folded at the first space behind this column. */
const BEST_WIDTH = 80;
const INDENT = 2;

/**
 * JSON values as YAML: keys sorted, lists at the column of their key, strings quoted where YAML 1.1 would read them as
 * something else, lines folded behind column 80.
 * @throws {YamlError} for what JSON cannot hold, and beyond {@link MAX_DEPTH}
 */
export function encodeYaml(value: unknown): string {
  const emitter = new Emitter();
  emitter.document(value);
  return emitter.text;
}

class Emitter {
  text = '';
  #column = 0;
  #indent = 0;
  /** Whether only white space, respectively indentation, stands before the position on this line. */
  #whitespace = true;
  #indention = true;
  #depth = 0;

  document(value: unknown): void {
    this.#node(value, false);
    this.#writeIndent(0);
  }

  #node(value: unknown, inMapping: boolean): void {
    if (++this.#depth > MAX_DEPTH) throw new YamlError(`exceeded max depth of ${String(MAX_DEPTH)}`);
    if (Array.isArray(value)) this.#sequence(value, inMapping);
    else if (isRecord(value)) this.#mapping(value);
    else this.#scalar(value);
    this.#depth--;
  }

  #sequence(items: readonly unknown[], inMapping: boolean): void {
    if (items.length === 0) return this.#writeIndicator('[]', true);
    // A list under a key stays at the key's column.
    const nested = this.#depth > 1 && !(inMapping && !this.#indention);
    const indent = this.#indent;
    if (nested) this.#indent += INDENT;
    for (const item of items) {
      this.#writeIndent(this.#indent);
      this.#writeIndicator('-', true, true);
      this.#node(item, false);
    }
    this.#indent = indent;
  }

  #mapping(record: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(record).filter((key) => record[key] !== undefined);
    if (keys.length === 0) return this.#writeIndicator('{}', true);
    keys.sort(compareKeys);
    const indent = this.#indent;
    if (this.#depth > 1) this.#indent += INDENT;
    for (const key of keys) {
      this.#writeIndent(this.#indent);
      const { simpleKey } = chooseStyle(key, true);
      if (simpleKey) {
        this.#string(key, true);
        this.#writeIndicator(':', false);
      } else {
        this.#writeIndicator('?', true, true);
        this.#string(key, false);
        this.#writeIndent(this.#indent);
        this.#writeIndicator(':', true, true);
      }
      this.#node(record[key], true);
    }
    this.#indent = indent;
  }

  #scalar(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value, false);
      case 'boolean':
      case 'bigint':
        return this.#plain(String(value), false);
      case 'number':
        return this.#plain(formatNumber(value), false);
      default:
        if (value !== null && value !== undefined) throw new YamlError(`json: unsupported type: ${typeof value}`);
        return this.#plain('null', false);
    }
  }

  #string(value: string, isKey: boolean): void {
    const text = toValidUtf8(value);
    const { style } = chooseStyle(text, isKey);
    // A scalar inside a block is indented below the block; the emitter does that for every scalar.
    const indent = this.#indent;
    if (this.#depth > 1 || !isKey) this.#indent = this.#scalarIndent();
    if (style === 'plain') this.#plain(text, isKey);
    else if (style === 'single') this.#single(text, isKey);
    else if (style === 'double') this.#double(text, isKey);
    else this.#literal(text);
    this.#indent = indent;
  }

  #scalarIndent(): number {
    return this.#depth > 1 ? this.#indent + INDENT : INDENT;
  }

  #plain(text: string, isKey: boolean): void {
    if (!this.#whitespace) this.#put(' ');
    this.#folded(text, !isKey, 0, (character) => character);
    this.#whitespace = false;
    this.#indention = false;
  }

  #single(text: string, isKey: boolean): void {
    this.#writeIndicator("'", true);
    this.#folded(text, !isKey, 1, (character) => (character === "'" ? "''" : character));
    this.#writeIndicator("'", false);
  }

  /** Writes text with its breaks; a space behind the best width becomes a line break, but none within `edge` of an end. */
  #folded(text: string, mayFold: boolean, edge: number, escape: (character: string) => string): void {
    let afterSpace = false;
    let afterBreak = false;
    for (let index = 0; index < text.length; index++) {
      const character = text.charAt(index);
      const code = text.charCodeAt(index);
      if (code === 0x20) {
        const inside = index >= edge && index < text.length - edge;
        if (mayFold && !afterSpace && this.#column > BEST_WIDTH && inside && text.charCodeAt(index + 1) !== 0x20) {
          this.#writeIndent(this.#indent);
        } else {
          this.#put(character);
        }
        afterSpace = true;
      } else if (isBreak(code)) {
        if (!afterBreak && code === LF) this.#newLine();
        this.#putBreak(character);
        this.#indention = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.#writeIndent(this.#indent);
        this.#put(escape(character));
        this.#indention = false;
        afterSpace = false;
        afterBreak = false;
      }
    }
  }

  #double(text: string, isKey: boolean): void {
    this.#writeIndicator('"', true);
    // Go looks for a byte order mark at the start of the text, wherever it is in it.
    const escapesAll = text.charCodeAt(0) === 0xfeff;
    let afterSpace = false;
    const characters = Array.from(text);
    characters.forEach((character, index) => {
      const code = character.codePointAt(0) ?? 0;
      if (escapesAll || !isPrintable(code) || isBreak(code) || code === 0x22 || code === 0x5c) {
        this.#put(escapeCharacter(code));
        afterSpace = false;
      } else if (code === 0x20) {
        const inside = index > 0 && index < characters.length - 1;
        if (!isKey && !afterSpace && this.#column > BEST_WIDTH && inside) {
          this.#writeIndent(this.#indent);
          if (characters[index + 1] === ' ') this.#put('\\');
        } else {
          this.#put(character);
        }
        afterSpace = true;
      } else {
        this.#put(character);
        afterSpace = false;
      }
    });
    this.#writeIndicator('"', false);
  }

  #literal(text: string): void {
    const first = text.charCodeAt(0);
    const hint = first === 0x20 || isBreak(first) ? String(INDENT) : '';
    this.#writeIndicator(`|${hint}${chomping(text)}`, true);
    this.#newLine();
    this.#indention = true;
    this.#whitespace = true;
    let afterBreak = true;
    for (const character of text) {
      if (isBreak(character.charCodeAt(0))) {
        this.#putBreak(character);
        this.#indention = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.#writeIndent(this.#indent);
        this.#put(character);
        this.#indention = false;
        afterBreak = false;
      }
    }
  }

  #put(text: string): void {
    this.text += text;
    this.#column += text.length;
  }

  #newLine(): void {
    this.text += '\n';
    this.#column = 0;
  }

  #putBreak(character: string): void {
    this.text += character;
    this.#column = 0;
  }

  #writeIndent(indent: number): void {
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#newLine();
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#whitespace = true;
    this.#indention = true;
  }

  #writeIndicator(indicator: string, needsSpace: boolean, keepsIndention = false): void {
    this.#put(needsSpace && !this.#whitespace ? ` ${indicator}` : indicator);
    this.#whitespace = false;
    this.#indention &&= keepsIndention;
  }
}

/** What follows the last text of a literal block: nothing, one break, or more. */
function chomping(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  if (!isBreak(last)) return '-';
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? '+' : '';
}

const shortEscapes = new Map(
  Object.entries({ 0: 0, a: 7, b: 8, t: 9, n: LF, v: 0x0b, f: 0x0c, r: CR, e: 0x1b, '"': 0x22, '\\': 0x5c }).map(
    ([letter, code]) => [code, letter],
  ),
);
shortEscapes.set(0x85, 'N').set(0xa0, '_').set(0x2028, 'L').set(0x2029, 'P');

function escapeCharacter(code: number): string {
  const short = shortEscapes.get(code);
  if (short !== undefined) return `\\${short}`;
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${String(letter)}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
}

/** Integers that fit 64 bits are written out, all else as strconv's shortest %g. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new YamlError(`json: unsupported value: ${String(value)}`);
  if (Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)) return String(value);
  return formatShortest(value);
}
