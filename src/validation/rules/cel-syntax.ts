/**
 * Does an expression parse as CEL? Behaves as `cel.Env.Parse` of the Go package `cel.dev/cel-go` with default options.
 * Nothing is type-checked or evaluated.
 */
import { CelSyntaxError } from './cel-lexer.ts';
import { CelParser } from './cel-parser.ts';

/** Longest expression that cel-go parses, in code points. */
const maxCodePoints = 100_000;

/** The issue text of cel-go for an expression that does not parse, or undefined for one that does. */
export function celSyntaxIssue(expression: string): string | undefined {
  try {
    if (expression.length > maxCodePoints && [...expression].length > maxCodePoints) {
      throw new CelSyntaxError('expression code point size exceeds limit', 0);
    }
    new CelParser(expression).parse();
    return undefined;
  } catch (error) {
    if (error instanceof CelSyntaxError) return describe(expression, error);
    throw error;
  }
}

/** The form in which cel-go prints issues: position (line from 1, column in code points), reason, excerpt, caret. */
function describe(expression: string, { message, offset }: CelSyntaxError): string {
  const lineStart = expression.lastIndexOf('\n', offset - 1) + 1;
  const lineNumber = expression.slice(0, lineStart).split('\n').length;
  const column = [...expression.slice(lineStart, offset)].length;
  const line = expression.slice(lineStart).split('\n', 1)[0] ?? '';
  return `ERROR: <input>:${lineNumber}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
