/** A change of a field as lines for people. */
import type { ChangeSource } from '../comparison/index.ts';
import { encodeYaml } from '../yaml/index.ts';
import type { ReportedChange } from './diff-report.ts';
import type { Paint } from './paint.ts';

/** Characters of a value that are shown without detail. */
const shortValue = 100;

/** @param detail the whole values with the lines of the templates, else one line */
export function changeLines(change: ReportedChange, paint: Paint, detail: boolean): string[] {
  return detail ? detailedChange(change, paint) : shortChange(change, paint);
}

function shortChange(change: ReportedChange, paint: Paint): string[] {
  const { path, kind } = change;
  const [from, to] = [change.from, change.to].map((value) => cut(oneLine(value)));
  switch (kind) {
    case 'added':
      return [`   ${paint.green('+')} ${path}: ${paint.green(to ?? '')}`];
    case 'removed':
      return [`   ${paint.red('-')} ${path}: ${paint.red(from ?? '')}`];
    case 'order':
      return [`   ${paint.yellow('~')} ${path}: order ${paint.red(from ?? '')} → ${paint.green(to ?? '')}`];
    case 'changed':
      return [`   ${paint.yellow('~')} ${path}: ${paint.red(from ?? '')} → ${paint.green(to ?? '')}`];
  }
}

function detailedChange(change: ReportedChange, paint: Paint): string[] {
  const { path, kind, from, to, fromSource, toSource } = change;
  const [removed, added] = [linesOf(from), linesOf(to)];
  const common = new Set(removed.filter((line) => added.includes(line)));
  const isList = Array.isArray(from) && Array.isArray(to) && kind === 'changed';
  const keep = (line: string): boolean => !isList || !common.has(line);
  return [
    `   ${paint.bold(path)}${kind === 'order' ? ' (order)' : ''}`,
    ...removed.filter(keep).map((line) => paint.red(`   - ${line}`)),
    ...sourceLines('-', fromSource, paint),
    ...added.filter(keep).map((line) => paint.green(`   + ${line}`)),
    ...sourceLines('+', toSource, paint),
  ];
}

function sourceLines(sign: string, source: ChangeSource | undefined, paint: Paint): string[] {
  if (source === undefined) return [];
  const { template, values, step } = source;
  const place = template === undefined ? step : `${template.name}:${template.line}  ${cut(template.text)}`;
  const from = values.length === 0 ? '' : `  (from ${values.join(', ')})`;
  return [paint.dim(`   ${sign}   ← ${place}${from}`)];
}

const oneLine = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

const cut = (text: string): string => (text.length <= shortValue ? text : `${text.slice(0, shortValue - 1)}…`);

/** A value as YAML, scalars as they are. */
function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return String(value).split('\n');
  return encodeYaml(value).trimEnd().split('\n');
}
