/** Parses a template and collects more than the parser's first error. */
import { builtinFunctions } from '../gotemplate/builtins/index.ts';
import { templateFunctions } from '../gotemplate/functions/index.ts';
import { TemplateError } from '../gotemplate/index.ts';
import type { ListNode } from '../gotemplate/parse/nodes.ts';
import { parse } from '../gotemplate/parse/parser.ts';
import { nodesIn } from './nodes.ts';
import type { Span } from './text.ts';

/** What is wrong with the text of a template. */
export interface SyntaxProblem {
  readonly rule: 'template-syntax' | 'unknown-function';
  readonly message: string;
  readonly at: Span;
  /** The function that does not exist. */
  readonly name?: string;
}

export interface ParsedTemplate {
  /** Undefined when it cannot be parsed. */
  readonly trees: ReadonlyMap<string, ListNode> | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** Parses the text as template `name`; functions that do not exist do not end the parsing. */
export function parseTemplate(name: string, text: string): ParsedTemplate {
  try {
    const trees = parse(name, text, () => true);
    return { trees, problems: [...trees.values()].flatMap((tree) => unknownFunctions(tree)) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { trees: undefined, problems: [syntaxProblem(text, error)] };
  }
}

export const isFunction = (name: string): boolean => templateFunctions.has(name) || builtinFunctions.has(name);

function unknownFunctions(tree: ListNode): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (const node of nodesIn(tree)) {
    if (node.kind !== 'identifier' || isFunction(node.name)) continue;
    const message = `function "${node.name}" does not exist`;
    const at = { start: node.pos, end: node.pos + node.name.length };
    problems.push({ rule: 'unknown-function', message, at, name: node.name });
  }
  return problems;
}

/** Go's words without the place, which it names by line only: the column is that of what the words quote. */
function syntaxProblem(text: string, { line, message }: TemplateError): SyntaxProblem {
  const words = message.replace(/^template: .*?:\d+: /, '');
  if (words === 'unexpected EOF') {
    const open = lastOpen(text);
    if (open !== undefined) {
      return { rule: 'template-syntax', message: `{{ ${open.word} }} is never closed by {{ end }}`, at: open.at };
    }
  }
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const shown = lines[line - 1] ?? '';
  const quoted = /[<"]((?:[^">\\]|\\.)+)[">]/.exec(words)?.[1]?.replaceAll('\\"', '"') ?? '{{';
  const action = shown.indexOf(quoted);
  const column = action >= 0 ? action : (/\S/.exec(shown)?.index ?? 0);
  const length = action >= 0 ? quoted.length : shown.trimEnd().length - column;
  return { rule: 'template-syntax', message: words, at: { start: start + column, end: start + column + length } };
}

const keyword = /\{\{-?\s*(?:(\/\*)|(if|with|range|define|block|end|else)\b)/g;

/** The innermost action that was opened and not closed. */
function lastOpen(text: string): { word: string; at: Span } | undefined {
  const open: { word: string; at: Span }[] = [];
  keyword.lastIndex = 0;
  for (let match = keyword.exec(text); match !== null; match = keyword.exec(text)) {
    const [found, comment, word = ''] = match;
    if (comment !== undefined) keyword.lastIndex = Math.max(text.indexOf('*/', match.index), keyword.lastIndex);
    else if (word === 'end') open.pop();
    else if (word !== 'else') open.push({ word, at: { start: match.index, end: match.index + found.length } });
  }
  return open.at(-1);
}
