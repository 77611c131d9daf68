/** Audits the pods of a cluster, or of dumps, on stdout. */
import { Audit, ownerKinds, verdicts, type PodVerdict } from '../audit/index.ts';
import { clusterOfSide, publicWordsOf, sideOf } from '../comparison/index.ts';
import { compileConfigurationSet, readFeatures, type ConfigurationSet } from '../configuration/index.ts';
import { pathOfTarget } from '../injection/path-environment.ts';
import { DecodeError, decodePod } from '../kubernetes/index.ts';
import { templateContext } from '../server/template-context.ts';
import type { Terminal } from '../server/terminal.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import { renderAudit, type AuditReport } from './audit-text.ts';
import type { AuditFlags } from './commands/audit.ts';
import { environmentOf, readConfigurationSet } from './configuration-set.ts';
import { UsageError } from './exit.ts';
import { paintOf } from './paint.ts';
import { Progress } from './progress.ts';
import { openWorkloads, type WorkloadSource } from './workload-source.ts';

/** What is found is an error of the command. */
class AuditError extends Error {
  override readonly name = 'AuditError';
}

/** Findings whose fields are traced to templates with `--detail`; each costs an injection that is watched. */
const mostTraced = 100;

/** Prints the findings. Throws when there are any. */
export async function auditPods(flags: AuditFlags, terminal: Terminal): Promise<void> {
  if ([flags.configuration, ...flags.pods].filter((input) => input === '-').length > 1) {
    throw new UsageError('only one of --configuration and --pods can be stdin');
  }
  const set = await readConfigurationSet(flags.configuration, flags, terminal);
  const source = await openWorkloads(flags.pods, flags, terminal);
  let report: AuditReport;
  try {
    report = await run(set, source, flags, terminal);
  } finally {
    source.close();
  }
  const { stdout } = terminal;
  if (flags.output === 'json') stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else stdout.write(renderAudit(report, paintOf(stdout), flags.detail));
  const found = report.findings.reduce((sum, { count }) => sum + count, 0);
  if (report.pods === 0) throw new AuditError('there is no pod to look at');
  if (found > 0)
    throw new AuditError(`${String(found)} of ${String(report.pods)} pods are not as they would be made today`);
}

async function run(
  set: ConfigurationSet,
  source: WorkloadSource,
  flags: AuditFlags,
  terminal: Terminal,
): Promise<AuditReport> {
  const environment = environmentOf(set, terminal, flags.env);
  const { features } = readFeatures(environment);
  const indexed = clusterOfSide(source.surroundings, set.objects, []);
  // A cluster that is known to have no webhook configurations sends no pod.
  const webhooks = indexed.webhooks ?? set.cluster?.webhooks;
  const cluster = { ...indexed, ...(webhooks && { webhooks }) };
  const configuration = compileConfigurationSet(set, { clusterId: flags.clusterId, features, cluster });
  const side = sideOf(configuration, {
    context: templateContext(environment),
    path: pathOfTarget(flags.injectPath),
  });
  const audit = new Audit({ side, isPublic: publicWordsOf([set]), ignored: flags.ignore });
  for await (const object of source.objects([...ownerKinds, 'PodDisruptionBudget'])) {
    audit.owners.add(object);
    audit.budgets.add(object);
  }
  const unreadable = await addPods(audit, source, flags, terminal);
  const counts = Object.fromEntries(
    (Object.keys(verdicts) as PodVerdict[]).map((verdict) => [verdict, audit.count(verdict)]),
  ) as Record<PodVerdict, number>;
  const unknown = [...audit.unknownNamespaces].sort();
  return {
    version: 1,
    configuration: { name: set.name, revision: set.revision },
    pods: Object.values(counts).reduce((sum, count) => sum + count, 0),
    verdicts: counts,
    findings: audit.findings(flags.detail ? mostTraced : 0),
    explained: audit.others,
    ...(flags.plan && { plan: audit.plan(flags.waveSize) }),
    unreadable,
    notes:
      unknown.length === 0
        ? []
        : [
            `The labels of the namespaces ${unknown.join(', ')} are not known: whether pods are missing there is not told.`,
          ],
  };
}

async function addPods(
  audit: Audit,
  source: WorkloadSource,
  { namespace }: AuditFlags,
  { stderr }: Terminal,
): Promise<AuditReport['unreadable']> {
  const progress = new Progress(stderr, 'pods audited');
  const unreadable: { name: string; problem: string }[] = [];
  let pods = 0;
  for await (const object of source.objects(['Pod'])) {
    try {
      const pod = decodePod(object);
      if (namespace.length > 0 && !namespace.includes(pod.metadata.namespace ?? '')) continue;
      audit.add(pod);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      unreadable.push({ name: nameOf(object), problem: error.message });
    }
    pods++;
    progress.update(pods, source.part());
  }
  progress.clear();
  return unreadable;
}

/** Of an object that may be of any form. */
function nameOf({ metadata }: JsonRecord): string {
  const { namespace, name } = isRecord(metadata) ? metadata : {};
  return [namespace, name].map((part) => (typeof part === 'string' ? part : '?')).join('/');
}
