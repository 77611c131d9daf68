/** A template, and where its text stands in the configuration. */
import type { Scalar } from 'yaml';
import type { FindingPlace } from './finding.ts';
import { LintText, spanOf, type Span } from './text.ts';

/** Finds the offset in the configuration of an offset in a template. */
type OffsetMap = (offset: number) => number;

export class TemplateText {
  readonly name: string;
  /** As the engine gets it. */
  readonly text: string;
  readonly #config: LintText;
  readonly #map: OffsetMap;
  readonly #own: LintText;

  constructor(name: string, text: string, config: LintText) {
    this.name = name;
    this.text = text;
    this.#config = config;
    this.#own = new LintText({ file: name, text });
    const scalar = config.scalarAt(['templates', name]);
    this.#map = scalar === undefined ? () => 0 : offsetMap(scalar, this.#own, config);
  }

  /** The place in the user's file. */
  placeOf({ start, end }: Span): FindingPlace {
    const from = this.#map(start);
    return this.#config.placeOf({ start: from, end: from + Math.max(1, end - start) });
  }

  /** The place of a line and column, both counted from 1; a column of 0 is the first character that is no blank. */
  placeOfLine(line: number, column: number): FindingPlace {
    const last = this.#own.lineOf(this.text.trimEnd().length) + 1;
    if (line > last) return this.placeOfLine(last, 0);
    const start = this.#own.offsetOf(line, column);
    const units = start - this.#own.lineStart(line - 1);
    return this.placeOf({ start, end: start + wordLength(this.#own.lineText(line - 1), units) });
  }

  /** Line of the template, counted from 1. */
  lineOf(offset: number): number {
    return this.#own.lineOf(offset) + 1;
  }

  /** A line of the template, counted from 1. */
  lineText(line: number): string {
    return this.#own.lineText(line - 1);
  }

  /** Offset of the first character of a line, counted from 1. */
  lineStart(line: number): number {
    return this.#own.lineStart(line - 1);
  }
}

/** What a caret should mark: the word or path that starts there. */
function wordLength(text: string, start: number): number {
  return /^(?:[\w.$]+|\{\{-?|\S)/.exec(text.slice(start))?.[0].length ?? 1;
}

function offsetMap(scalar: Scalar, template: LintText, config: LintText): OffsetMap {
  const { start, end } = spanOf(scalar);
  if (scalar.type === 'BLOCK_LITERAL') return blockMap(config.lineOf(start) + 1, template, config);
  if (scalar.type === 'QUOTE_DOUBLE') return quotedMap(config.text.slice(start, end), start);
  return () => start;
}

/** A literal block: line by line, each indented by the same columns. */
function blockMap(firstLine: number, template: LintText, config: LintText): OffsetMap {
  const lines = template.text.split('\n');
  const shown = lines.findIndex((line) => line.trim() !== '');
  const indent = Math.max(
    0,
    config.lineText(firstLine + shown).length - (lines[shown]?.replace(/\r$/, '').length ?? 0),
  );
  return (offset) => {
    const line = template.lineOf(offset);
    return config.lineStart(firstLine + line) + indent + (offset - template.lineStart(line));
  };
}

const escape = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|[^])/y;

/** A quoted string, as JSON has it: escapes are longer than what they stand for. */
function quotedMap(raw: string, start: number): OffsetMap {
  const starts: number[] = [];
  for (let at = 1; at < raw.length - 1;) {
    escape.lastIndex = at;
    const found = raw[at] === '\\' ? (escape.exec(raw)?.[0].length ?? 1) : 1;
    starts.push(start + at);
    at += found;
  }
  return (offset) => starts[offset] ?? start;
}
