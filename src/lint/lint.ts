/** Lints a configuration: the list of the checks. */
import type { TriedPod } from '../canary/index.ts';
import type { CompileOptions, Configuration, ConfigurationSet } from '../configuration/index.ts';
import { checkConfig } from './checks/config.ts';
import { checkDocuments } from './checks/documents.ts';
import { checkInjected } from './checks/injected.ts';
import { checkOutput } from './checks/outputs.ts';
import { checkMesh } from './checks/mesh.ts';
import { checkTemplates } from './checks/templates.ts';
import { checkTrials } from './checks/trials.ts';
import { checkValues } from './checks/values.ts';
import { levels, reaches, type Finding, type Level } from './finding.ts';
import { outputsOf } from './outputs.ts';
import type { RuleId } from './rules.ts';
import { compileSet, readSubject, type Subject } from './subject.ts';
import { applySuppressions } from './suppressions.ts';
import { tryConfiguration } from './trials.ts';

/** How a configuration is linted. */
export interface LintOptions extends CompileOptions {
  /** Findings below it are left out, and what can only find such is not run. Default: `info`, everything. */
  readonly level?: Level;
  /** Whether the configuration is tried with the canary pods. Default: true. */
  readonly canary?: boolean;
  /**
   * Texts that are known to be good, such as the built-in ones: canary pods that come out invalid with its templates, too, with its own
   * values or with those of the set, are no errors. Default: none.
   */
  readonly reference?: Pick<ConfigurationSet, 'config' | 'values' | 'mesh'>;
  /** Pods of one's own to try it with, too. */
  readonly pods?: readonly TriedPod[];
  /** Asked between steps of some milliseconds; when it says so, lint ends with what it has found. Default: never. */
  readonly isOutOfTime?: () => boolean;
  /** Told how many such steps were done. */
  readonly onProgress?: (steps: number) => void;
}

/** A group of rules. */
interface Check {
  /** The worst that it finds. */
  readonly level: Level;
  /** Yields nothing in between for whoever has no time left. */
  readonly run: (subject: Subject, options: LintOptions) => Iterable<Finding | undefined>;
}

function* checkWithPods(subject: Subject, options: LintOptions): Generator<Finding | undefined> {
  const { configuration, templates } = subject;
  const { pods = [], canary = true, level = 'info' } = options;
  if (configuration === undefined || (!canary && pods.length === 0)) return;
  const isController = (name: string): boolean => templates.some((one) => one.name === name && one.isController);
  const baselines = baselinesOf(subject, options);
  const seen = new Set<string>();
  const outputs = new Set<string>();
  for (const group of tryConfiguration(configuration, isController, { own: pods, canary })) {
    yield undefined;
    if (group === undefined) continue;
    yield* checkTrials(subject, group, baselines);
    if (!reaches('warning', level)) continue;
    yield* checkInjected(subject, group, seen);
    for (const output of outputsOf(configuration, group, outputs)) {
      yield undefined;
      if (output !== undefined) yield* checkOutput(subject, output, seen);
    }
  }
}

/** The reference, and its templates with everything else of the set. */
function baselinesOf({ set }: Subject, options: LintOptions): Configuration[] {
  const { reference } = options;
  if (reference === undefined) return [];
  const sets = [
    { ...set, config: reference.config },
    { ...set, ...reference },
  ];
  return sets.map((one) => compileSet(one, options).configuration).filter((one) => one !== undefined);
}

/** What costs least comes first. */
const checks: readonly Check[] = [
  { level: 'error', run: checkDocuments },
  { level: 'error', run: checkMesh },
  { level: 'error', run: checkTemplates },
  { level: 'error', run: checkConfig },
  { level: 'warning', run: checkValues },
  { level: 'error', run: checkWithPods },
];

/** All findings, by file, line and column. Never throws for what is wrong in the set. */
export function lintConfiguration(set: ConfigurationSet, options: LintOptions): Finding[] {
  const { level = 'info', isOutOfTime = () => false, onProgress } = options;
  const subject = readSubject(set, options);
  const wanted = checks.filter((check) => reaches(check.level, level));
  const findings: Finding[] = [];
  let isComplete = true;
  let steps = 0;
  for (const check of wanted) {
    for (const one of check.run(subject, options)) {
      if (one !== undefined) findings.push(one);
      onProgress?.(++steps);
      isComplete &&= !isOutOfTime();
      if (!isComplete) break;
    }
    if (!isComplete) break;
  }
  const { config, values, mesh } = subject;
  isComplete &&= level === 'info' && options.canary !== false;
  const left = applySuppressions(withoutEchoes(findings), [config, values, ...mesh], isComplete);
  return inOrder(left.filter((one) => reaches(one.level, level)));
}

/** What a pod has shown at a place says more than what was only to be expected there. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const lineOf = ({ place }: Finding): string => `${place.file}:${place.line}`;
  const shown = new Set(findings.filter(({ rule }) => rule === 'execution-fails' || rule === 'no-value').map(lineOf));
  const expected: ReadonlySet<RuleId> = new Set(['unknown-field', 'unknown-template']);
  const failed = new Set(findings.filter(({ rule }) => rule === 'execution-fails').map(lineOf));
  return findings.filter(
    (one) =>
      !(expected.has(one.rule) && failed.has(lineOf(one))) && !(one.rule === 'unknown-value' && shown.has(lineOf(one))),
  );
}

/** Each finding once, by file and place. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ rule, message, place }: Finding): string =>
    JSON.stringify([place.file, place.line, place.column, rule, message]);
  const distinct = [...new Map(findings.map((one) => [keyOf(one), one])).values()];
  return distinct.sort(
    (a, b) =>
      compare(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      levels.indexOf(a.level) - levels.indexOf(b.level),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
