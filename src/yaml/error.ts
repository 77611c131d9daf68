/** What to do about a syntax error, by the scanner's or parser's words for it. */
const remedies: Readonly<Record<string, string>> = {
  'found character that cannot start any token':
    'Indent with spaces, not tabs, and quote values that start with @, %, ` or a tab.',
  'mapping values are not allowed in this context':
    'Quote the value if it holds ": ", and check the indentation of this line.',
  'block sequence entries are not allowed in this context': 'Put the "- " entry on a line of its own.',
  'mapping keys are not allowed in this context': 'Quote a value that is or starts with "? ".',
  "could not find expected ':'":
    'Add the missing ": " after the key, or indent this line below the value it continues.',
  'did not find expected key': 'Check the indentation: a line here is not at the level of the keys above it.',
  "did not find expected '-' indicator":
    'Check the indentation: this line is at the level of a list but is not an entry of it.',
  "did not find expected ',' or ']'": 'Close the list with "]" or quote the entry.',
  "did not find expected ',' or '}'": 'Close the map with "}" or quote the value.',
  'did not find expected node content': 'Remove the stray indicator or quote the value.',
  'found unexpected end of stream': 'Close the quoted value.',
  'found unknown escape character': 'Write the value in single quotes, or double the backslash.',
  'did not find expected alphabetic or numeric character': 'Quote a value that starts with "*" or "&".',
  'control characters are not allowed': 'Remove the control character or write it as an escape in double quotes.',
  'found incompatible YAML document': 'Remove the %YAML directive, or make it %YAML 1.1.',
  'document contains excessive aliasing': 'Write the repeated parts out instead of nesting aliases.',
};

/**
 * A document that cannot be decoded. The message is the text that sigs.k8s.io/yaml gives (its line numbers are off by
 * one in places, as in Go); `line` and `column` are the true position, counted from 1, and 0 where there is none.
 */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number;
  readonly column: number;
  /** A sentence that says what to do, where one is known. */
  readonly remedy: string | undefined;

  constructor(message: string, line = 0, column = 0, remedy?: string) {
    super(message);
    this.line = line;
    this.column = column;
    this.remedy = remedy;
  }
}

const convertPrefix = 'error converting YAML to JSON: ';

/** An error of the tokens: Go counts its line from 1 but leaves out line 1. Positions are counted from 0. */
export function scannerError(problem: string, line: number, column: number): YamlError {
  return syntaxError(problem, line === 0 ? 0 : line + 1, line, column);
}

/** An error of the grammar: Go counts its line from 0, and falls back to the line where the construct began. */
export function parserError(problem: string, line: number, column: number, contextLine = 0): YamlError {
  return syntaxError(problem, line === 0 ? contextLine : line, line, column);
}

function syntaxError(problem: string, shownLine: number, line: number, column: number): YamlError {
  const where = shownLine === 0 ? '' : `line ${String(shownLine)}: `;
  return new YamlError(`${convertPrefix}yaml: ${where}${problem}`, line + 1, column + 1, remedies[problem]);
}

/** An error of the values: Go gives no line for it; `line` is counted from 0. */
export function valueError(problem: string, line: number): YamlError {
  return new YamlError(`${convertPrefix}yaml: ${problem}`, line + 1, 0, remedies[problem]);
}

/** An error of the step from YAML values to JSON, which speaks of JSON rather than of YAML. */
export function jsonError(problem: string, line: number): YamlError {
  return new YamlError(`${convertPrefix}${problem}`, line + 1);
}
