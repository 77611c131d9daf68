import { Command, Option } from 'commander';
import type { Terminal } from '../../server/terminal.ts';
import { addSetFlags, setForms, type SetFlags } from '../configuration-set.ts';
import { collect, environmentOption, examples } from '../flags.ts';

/** The flags of `diff`. */
export interface DiffFlags extends SetFlags {
  readonly from: string;
  readonly to: string;
  readonly workloads: readonly string[];
  readonly namespace: string;
  readonly fromEnv: readonly string[];
  readonly toEnv: readonly string[];
  readonly injectPath: string;
  readonly assumeSent: boolean;
  readonly detail: boolean;
  readonly output: 'text' | 'json';
}

/** `outrigger diff`: which pods a change of the configuration changes, and how. */
export function diffCommand(terminal: Terminal): Command {
  const command = new Command('diff')
    .description('Show which pods a change of templates, values or mesh configuration changes, and which fields.')
    .option('--from <set>', `configuration before: ${setForms}`, 'cluster')
    .requiredOption('--to <set>', 'configuration after, in the same forms')
    .requiredOption(
      '--workloads <files|cluster>',
      'pods and workloads that are looked at: a file, a folder, - for stdin, or `cluster`; may be repeated',
      collect,
    )
    .option('-n, --namespace <namespace>', 'namespace of objects that name none', 'default')
    .addOption(
      environmentOption(
        '--from-env',
        'variable of the control plane before, as in ENABLE_NATIVE_SIDECARS=false; may be repeated',
      ),
    )
    .addOption(environmentOption('--to-env', 'variable of the control plane after; may be repeated'))
    .option('--inject-path <path>', 'path of the URL of the webhook, as in /inject/cluster/east', '/inject')
    .option(
      '--assume-sent',
      'take every pod to be sent by the API server, whatever the selectors of webhooks say',
      false,
    )
    .option('--detail', 'all fields of all groups with the lines of the templates, and all pods', false)
    .addOption(new Option('-o, --output <form>', 'form of the report').choices(['text', 'json']).default('text'));
  return addSetFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger diff --to new-values/ --workloads cluster',
        'helm template istiod istio/istiod -f values.yaml | outrigger diff --to - --workloads cluster --detail',
        'outrigger diff --from old.yaml --to new.yaml --workloads manifests/ --objects namespaces.yaml',
        'outrigger diff --from cluster --to cluster --to-env ENABLE_NATIVE_SIDECARS=false --workloads cluster',
        'kubectl get deployments -A -o yaml | outrigger diff --from built-in --to config/ --workloads - -o json',
      ),
    )
    .action((flags: DiffFlags) => diff(flags, terminal));
}

async function diff(flags: DiffFlags, terminal: Terminal): Promise<void> {
  const { diffSets } = await import('../diff-sets.ts');
  await diffSets(flags, terminal);
}
