/** Compares two configuration sets over the pods of files or of a cluster. */
import {
  clusterOfSide,
  comparePod,
  Groups,
  isChange,
  knowsNamespace,
  PodPicker,
  publicWordsOf,
  sideOf,
  type Side,
} from '../comparison/index.ts';
import {
  compileConfigurationSet,
  featureVariables,
  readFeatures,
  type ConfigurationSet,
  type Variables,
} from '../configuration/index.ts';
import { revisionName } from '../explanation/index.ts';
import { pathOfTarget } from '../injection/path-environment.ts';
import { templateContext } from '../server/template-context.ts';
import type { Terminal } from '../server/terminal.ts';
import type { DiffFlags } from './commands/diff.ts';
import { environmentOf, readConfigurationSet } from './configuration-set.ts';
import { reportOf, type DiffReport } from './diff-report.ts';
import { renderDiff } from './diff-text.ts';
import { UsageError } from './exit.ts';
import { paintOf } from './paint.ts';
import { Progress } from './progress.ts';
import { isCluster, openWorkloads, type WorkloadSource } from './workload-source.ts';

/** What changes is a finding of the command. */
class ChangesError extends Error {
  override readonly name = 'ChangesError';
}

/** Prints the difference on stdout. Throws when there is one. */
export async function diffSets(flags: DiffFlags, terminal: Terminal): Promise<void> {
  const inputs = [flags.from, flags.to, ...flags.workloads].filter((input) => input === '-');
  if (inputs.length > 1) throw new UsageError('only one of --from, --to and --workloads can be stdin');
  const from = await readConfigurationSet(flags.from, flags, terminal);
  const to = await readConfigurationSet(flags.to, flags, terminal);
  const source = await openWorkloads(flags.workloads, flags, terminal);
  let report: DiffReport;
  try {
    report = await compare({ from, to, source }, flags, terminal);
  } finally {
    source.close();
  }
  const { stdout } = terminal;
  if (flags.output === 'json') stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else stdout.write(renderDiff(report, paintOf(stdout), flags.detail));
  const changes = report.groups.reduce((sum, { result, count }) => sum + (isChange(result) ? count : 0), 0);
  if (report.pods === 0) throw new ChangesError('there is no pod and no workload to compare');
  if (changes > 0) throw new ChangesError(`${changes} of ${report.pods} pods change`);
}

interface Compared {
  readonly from: ConfigurationSet;
  readonly to: ConfigurationSet;
  readonly source: WorkloadSource;
}

async function compare({ from, to, source }: Compared, flags: DiffFlags, terminal: Terminal): Promise<DiffReport> {
  const differs = revisionName(from.revision) !== revisionName(to.revision);
  const isSent = flags.assumeSent || differs;
  const environments = {
    from: environmentOf(from, terminal, flags.fromEnv),
    to: environmentOf(to, terminal, flags.toEnv),
  };
  const side = (set: ConfigurationSet, other: ConfigurationSet, environment: Variables): Side => {
    const live = [set, other].flatMap(({ name, objects }) => (isCluster(name) ? objects : []));
    const cluster = clusterOfSide([...live, ...source.surroundings], set.objects, other.objects);
    const { features } = readFeatures(environment);
    const configuration = compileConfigurationSet(set, { clusterId: flags.clusterId, features, cluster });
    return sideOf(configuration, {
      context: templateContext(environment),
      path: pathOfTarget(flags.injectPath),
      isSent,
    });
  };
  const sides = { from: side(from, to, environments.from), to: side(to, from, environments.to) };
  const groups = new Groups(publicWordsOf([from, to]));
  const picker = new PodPicker(flags.namespace);
  const progress = new Progress(terminal.stderr, 'pods compared');
  const unreadable: DiffReport['unreadable'][number][] = [];
  const unknown = new Set<string>();
  let pods = 0;
  for await (const object of source.objects()) {
    const picked = picker.pick(object);
    if (picked === undefined) continue;
    if ('problem' in picked) {
      unreadable.push({ ...picked.member, problem: picked.problem });
      continue;
    }
    if (!knowsNamespace(sides.from, picked.member.namespace)) unknown.add(picked.member.namespace);
    groups.add(picked.member, picked.pod, comparePod(picked.pod, sides.from, sides.to));
    pods++;
    progress.update(pods, source.part());
  }
  progress.clear();
  const notes = [
    ...differentVariables(environments.from, environments.to),
    ...(differs && !flags.assumeSent
      ? ['The sets are of different revisions: every pod is taken to be sent to both, whatever selectors say.']
      : []),
    ...(unknown.size > 0 && !isSent
      ? [`The labels of ${namespaces(unknown)} are not known: their pods are taken to be sent to the injector.`]
      : []),
  ];
  return reportOf({ from, to, sides, groups, pods, unreadable, notes, detail: flags.detail });
}

function differentVariables(from: Variables, to: Variables): string[] {
  const shown = (value: string | undefined): string => (value === undefined ? 'not set' : JSON.stringify(value));
  const differing = featureVariables.filter((name) => from[name] !== to[name]);
  return differing.map(
    (name) => `The control planes differ in ${name}: ${shown(from[name])} before, ${shown(to[name])} after.`,
  );
}

/** Namespaces that are named in a note. */
const mostNames = 5;

function namespaces(names: ReadonlySet<string>): string {
  const shown = [...names].sort().slice(0, mostNames).join(', ');
  const others = names.size - mostNames;
  return `the namespace${names.size === 1 ? '' : 's'} ${shown}${others > 0 ? ` and ${others} more` : ''}`;
}
