/** The report of `diff` for people: a summary, then the groups. */
import { results, type ChangeSource, type Member, type Result, type Verdict } from '../comparison/index.ts';
import { encodeYaml } from '../yaml/index.ts';
import type { DiffReport, ReportedChange, ReportedGroup } from './diff-report.ts';
import type { Paint } from './paint.ts';

/** Fields and pods of a group that are shown without `--detail`, and characters of a value. */
const fewChanges = 6;
const fewMembers = 3;
const shortValue = 100;

const colors: Readonly<Record<Result, (paint: Paint) => (text: string) => string>> = {
  'newly-failing': (paint) => paint.red,
  lost: (paint) => paint.red,
  gained: (paint) => paint.green,
  changed: (paint) => paint.yellow,
  'newly-working': (paint) => paint.green,
  failing: (paint) => paint.dim,
  unchanged: (paint) => paint.dim,
};

/** Writes the report. @param detail all fields and all pods */
export function renderDiff(report: DiffReport, paint: Paint, detail: boolean): string {
  const { from, to, groups, unreadable, notes } = report;
  const lines = [
    `${paint.bold('from')}  ${from.name} ${paint.dim(`(revision ${from.revision || 'default'})`)}`,
    `${paint.bold('to')}    ${to.name} ${paint.dim(`(revision ${to.revision || 'default'})`)}`,
    '',
    ...summary(report, paint),
    ...groups.flatMap((group, index) => ['', ...groupLines(group, index + 1, paint, detail)]),
    ...unreadable.map((member) => `${paint.red('unreadable')} ${nameOf(member)}: ${member.problem}`),
    ...(notes.length > 0 ? ['', ...notes.map((note) => paint.yellow(`Note: ${note}`))] : []),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function summary({ results: counts, groups, pods }: DiffReport, paint: Paint): string[] {
  const rows = (Object.keys(results) as Result[]).filter((result) => counts[result] > 0);
  const header = paint.bold(`${'RESULT'.padEnd(15)}${'PODS'.padStart(7)}${'GROUPS'.padStart(8)}  `);
  return [
    header,
    ...rows.map((result) => {
      const own = groups.filter((group) => group.result === result).length;
      const cells = `${String(counts[result]).padStart(7)}${(own === 0 ? '' : String(own)).padStart(8)}`;
      return `${colors[result](paint)(result.padEnd(15))}${cells}  ${paint.dim(results[result])}`;
    }),
    `${'all'.padEnd(15)}${String(pods).padStart(7)}`,
  ];
}

function groupLines(group: ReportedGroup, number: number, paint: Paint, detail: boolean): string[] {
  const { result, count, changes, valuesDiffer } = group;
  const title = `${number}. ${count} pod${count === 1 ? '' : 's'} ${results[result]}`;
  const shown = detail ? changes : changes.slice(0, fewChanges);
  const hidden = changes.length - shown.length;
  return [
    paint.bold(colors[result](paint)(title)),
    ...verdictLines(group, paint),
    ...(valuesDiffer ? [`   ${paint.dim('the values differ from pod to pod; those of one pod are shown')}`] : []),
    ...shown.flatMap((change) => (detail ? detailedChange(change, paint) : shortChange(change, paint))),
    ...(hidden > 0 ? [`   ${paint.dim(`and ${hidden} more field${hidden === 1 ? '' : 's'} (--detail)`)}`] : []),
    ...memberLines(group, paint, detail),
  ];
}

function verdictLines({ result, from, to }: ReportedGroup, paint: Paint): string[] {
  const line = (title: string, { reason, message }: Verdict): string[] => [
    `   ${paint.dim(`${title} ${reason}`)}`,
    ...(message === undefined ? [] : message.split('\n').map((text) => `     ${paint.red(text)}`)),
  ];
  if (result === 'changed') return [];
  if (result === 'failing') return line('both:', to);
  return [...line('before:', from), ...line('after: ', to)];
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

function memberLines({ members }: ReportedGroup, paint: Paint, detail: boolean): string[] {
  if (detail) return members.map((member) => `     ${paint.dim(nameOf(member))}`);
  const shown = members.slice(0, fewMembers).map(nameOf).join(', ');
  const others = members.length - fewMembers;
  return [`   ${paint.dim(`${shown}${others > 0 ? ` and ${others} more` : ''}`)}`];
}

const nameOf = ({ kind, namespace, name }: Member): string => `${kind} ${namespace}/${name}`;

const oneLine = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

const cut = (text: string): string => (text.length <= shortValue ? text : `${text.slice(0, shortValue - 1)}…`);

/** A value as YAML, scalars as they are. */
function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return String(value).split('\n');
  return encodeYaml(value).trimEnd().split('\n');
}
