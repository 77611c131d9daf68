import { Command, InvalidArgumentError, Option } from 'commander';
import type { Terminal } from '../../server/terminal.ts';
import { addSetFlags, setForms, type SetFlags } from '../configuration-set.ts';
import { collect, environmentOption, examples } from '../flags.ts';

/** The flags of `audit`. */
export interface AuditFlags extends SetFlags {
  readonly configuration: string;
  readonly pods: readonly string[];
  readonly namespace: readonly string[];
  readonly env: readonly string[];
  readonly injectPath: string;
  readonly ignore: readonly string[];
  readonly plan: boolean;
  readonly waveSize: number;
  readonly detail: boolean;
  readonly output: 'text' | 'json';
}

/** `outrigger audit`: which running pods are not what today's configuration would make. */
export function auditCommand(terminal: Terminal): Command {
  const command = new Command('audit')
    .description(
      "Find running pods that today's configuration would make otherwise, by their content, and plan their restarts. Only reads.",
    )
    .option('-c, --configuration <set>', `configuration of today: ${setForms}`, 'cluster')
    .addOption(
      new Option(
        '--pods <files|cluster>',
        'the pods: `cluster`, or dumps of them, best with the workloads that own them; may be repeated',
      )
        .argParser(collect)
        .default(undefined, 'cluster'),
    )
    .addOption(
      new Option('-n, --namespace <namespace>', 'look at pods of this namespace only; may be repeated')
        .argParser(collect)
        .default([], 'all'),
    )
    .addOption(
      environmentOption('--env', 'variable of the control plane, as in ENABLE_NATIVE_SIDECARS=false; may be repeated'),
    )
    .option('--inject-path <path>', 'path of the URL of the webhook, as in /inject/cluster/east', '/inject')
    .addOption(
      new Option(
        '--ignore <path>',
        'field that is not looked at, as in spec.containers[istio-proxy].image; may be repeated',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--plan', 'print commands that restart what was found, in waves that respect PodDisruptionBudgets', false)
    .addOption(
      new Option('--wave-size <number>', 'restarts that go on at the same time').argParser(parseCount).default(10),
    )
    .option('--detail', 'all fields with the lines of the templates, and all pods', false)
    .addOption(new Option('-o, --output <form>', 'form of the report').choices(['text', 'json']).default('text'));
  return addSetFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger audit',
        'outrigger audit --plan > restarts.sh',
        'outrigger audit -c new-values/ --detail',
        'kubectl get namespaces,replicasets,statefulsets,pods -A -o json | outrigger audit -c config/ --pods -',
      ),
    )
    .action((flags: AuditFlags) => audit(flags, terminal));
}

async function audit(flags: AuditFlags, terminal: Terminal): Promise<void> {
  const { auditPods } = await import('../audit-pods.ts');
  await auditPods({ ...flags, pods: (flags.pods as readonly string[] | undefined) ?? ['cluster'] }, terminal);
}

function parseCount(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError('It is a number from 1.');
  return count;
}
