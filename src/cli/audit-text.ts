/** The report of `audit` for people, and the plan as lines of a shell. */
import {
  verdicts,
  type AuditFinding,
  type ExplainedDifference,
  type FoundWorkload,
  type PodVerdict,
  type RestartPlan,
} from '../audit/index.ts';
import { changeLines } from './change-lines.ts';
import type { Paint } from './paint.ts';

/** What `outrigger audit -o json` writes. */
export interface AuditReport {
  readonly version: 1;
  readonly configuration: { readonly name: string; readonly revision: string };
  /** Running pods that were looked at. */
  readonly pods: number;
  readonly verdicts: Readonly<Record<PodVerdict, number>>;
  readonly findings: readonly AuditFinding[];
  /** Differences that something else than the injector made. */
  readonly explained: readonly ExplainedDifference[];
  readonly plan?: RestartPlan;
  readonly unreadable: readonly { readonly name: string; readonly problem: string }[];
  readonly notes: readonly string[];
}

/** Fields, workloads and pods that are shown without `--detail`. */
const few = { changes: 6, workloads: 8, pods: 3 };

/** With a plan everything else is a comment, so that the whole is a script. */
export function renderAudit(report: AuditReport, paint: Paint, detail: boolean): string {
  const { configuration, findings, explained, unreadable, notes, plan } = report;
  const lines = [
    `${paint.bold('configuration')}  ${configuration.name} ${paint.dim(`(revision ${configuration.revision || 'default'})`)}`,
    '',
    ...summary(report, paint),
    ...findings.flatMap((finding, index) => ['', ...findingLines(finding, index + 1, paint, detail)]),
    ...(explained.length > 0 ? ['', paint.bold("Differences that are not the injector's")] : []),
    ...explained.map(({ path, explanation, count }) => `   ${path}: ${explanation} ${paint.dim(`(${podsOf(count)})`)}`),
    ...unreadable.map(({ name, problem }) => `${paint.red('unreadable')} ${name}: ${problem}`),
    ...(notes.length > 0 ? ['', ...notes.map((note) => paint.yellow(`Note: ${note}`))] : []),
  ];
  if (plan === undefined) return lines.map((line) => `${line.trimEnd()}\n`).join('');
  return [...lines.map(comment), '', ...planLines(plan, paint)].map((line) => `${line.trimEnd()}\n`).join('');
}

const colors: Readonly<Record<PodVerdict, (paint: Paint) => (text: string) => string>> = {
  refused: (paint) => paint.red,
  missing: (paint) => paint.red,
  superfluous: (paint) => paint.yellow,
  stale: (paint) => paint.yellow,
  current: (paint) => paint.green,
  outside: (paint) => paint.dim,
};

function summary({ verdicts: counts, pods }: AuditReport, paint: Paint): string[] {
  const rows = (Object.keys(verdicts) as PodVerdict[]).filter((verdict) => counts[verdict] > 0);
  return [
    paint.bold(`${'PODS'.padEnd(13)}${'COUNT'.padStart(7)}`),
    ...rows.map(
      (verdict) =>
        `${colors[verdict](paint)(verdict.padEnd(13))}${String(counts[verdict]).padStart(7)}  ${paint.dim(verdicts[verdict])}`,
    ),
    `${'all'.padEnd(13)}${String(pods).padStart(7)}`,
  ];
}

function findingLines(finding: AuditFinding, number: number, paint: Paint, detail: boolean): string[] {
  const { verdict, reason, message, changes, count, workloads } = finding;
  const shown = detail ? changes : changes.slice(0, few.changes);
  const hidden = changes.length - shown.length;
  const listed = detail ? workloads : workloads.slice(0, few.workloads);
  const others = workloads.length - listed.length;
  return [
    paint.bold(colors[verdict](paint)(`${String(number)}. ${podsOf(count)} ${verdict}: ${verdicts[verdict]}`)),
    ...(verdict === 'stale' ? [] : [`   ${paint.dim(`today: ${reason}`)}`]),
    ...(message === undefined
      ? []
      : message
          .trimEnd()
          .split('\n')
          .map((line) => `     ${paint.red(line)}`)),
    ...shown.flatMap((change) =>
      changeLines({ ...change, ...(change.source && { toSource: change.source }) }, paint, detail),
    ),
    ...(hidden > 0 ? [`   ${paint.dim(`and ${String(hidden)} more field${hidden === 1 ? '' : 's'} (--detail)`)}`] : []),
    ...listed.map((workload) => workloadLine(workload, paint, detail)),
    ...(others > 0
      ? [`     ${paint.dim(`and ${String(others)} more workload${others === 1 ? '' : 's'} (--detail)`)}`]
      : []),
  ];
}

function workloadLine({ kind, namespace, name, pods }: FoundWorkload, paint: Paint, detail: boolean): string {
  const title = `     ${kind} ${namespace}/${name}`;
  if (kind === 'Pod') return title;
  const listed = detail ? pods : pods.slice(0, few.pods);
  const more = pods.length > listed.length ? ', …' : '';
  return `${title} ${paint.dim(`${podsOf(pods.length)}: ${listed.join(', ')}${more}`)}`;
}

/** Nothing of a report may end up as a command, whatever names and messages hold. */
const comment = (line: string): string => line.replaceAll(/^|(?<=[\r\n\u2028\u2029])/g, '# ');

function planLines({ waves, blocked }: RestartPlan, paint: Paint): string[] {
  const script = waves.flatMap((wave, index) => [
    paint.dim(`# Wave ${String(index + 1)} of ${String(waves.length)}`),
    ...wave.map(({ command }) => command),
    ...wave.map(({ wait }) => paint.dim(wait)),
    '',
  ]);
  const rest = blocked.map(({ kind, namespace, name, reason }) =>
    paint.yellow(comment(`  ${kind} ${namespace}/${name}: ${reason}`)),
  );
  return [...script, ...(rest.length > 0 ? [paint.bold('# Not in the plan'), ...rest] : [])];
}

const podsOf = (count: number): string => `${String(count)} pod${count === 1 ? '' : 's'}`;
