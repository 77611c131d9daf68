/** The report of `diff` for people: a summary, then the groups. */
import { results, type Member, type Result, type Verdict } from '../comparison/index.ts';
import { changeLines } from './change-lines.ts';
import type { DiffReport, ReportedGroup } from './diff-report.ts';
import type { Paint } from './paint.ts';

/** Fields and pods of a group that are shown without `--detail`. */
const fewChanges = 6;
const fewMembers = 3;

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
    ...shown.flatMap((change) => changeLines(change, paint, detail)),
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

function memberLines({ members }: ReportedGroup, paint: Paint, detail: boolean): string[] {
  if (detail) return members.map((member) => `     ${paint.dim(nameOf(member))}`);
  const shown = members.slice(0, fewMembers).map(nameOf).join(', ');
  const others = members.length - fewMembers;
  return [`   ${paint.dim(`${shown}${others > 0 ? ` and ${others} more` : ''}`)}`];
}

const nameOf = ({ kind, namespace, name }: Member): string => `${kind} ${namespace}/${name}`;
