import { Command, Option } from 'commander';
import type { Level } from '../../lint/index.ts';
import type { Terminal } from '../../server/terminal.ts';
import { addSetFlags, setForms, type SetFlags } from '../configuration-set.ts';
import { collect, environmentOption, examples } from '../flags.ts';

/** The flags of `lint`. */
export interface LintFlags extends SetFlags {
  readonly injectConfig?: string;
  readonly injectValues?: string;
  readonly meshConfig?: string;
  readonly pods: readonly string[];
  readonly env: readonly string[];
  readonly namespace: string;
  readonly canary: boolean;
  readonly level: Level;
  readonly output: 'text' | 'json' | 'sarif';
  readonly rules: boolean;
}

/** `outrigger lint`: what is wrong with templates, values and mesh configuration before a pod meets them. */
export function lintCommand(terminal: Terminal): Command {
  const command = new Command('lint')
    .description('Check injection templates, values and mesh configuration, and try them with pods of many shapes.')
    .argument('[set]', `what is checked: ${setForms}`, 'built-in')
    .option(
      '--inject-config <file>',
      'text of key `config` of the ConfigMap istio-sidecar-injector, in place of the set’s',
    )
    .option('--inject-values <file>', 'text of its key `values`, in place of the set’s')
    .option('--mesh-config <file>', 'text of key `mesh` of the ConfigMap istio, in place of the set’s')
    .addOption(
      new Option('--pods <file|dir>', 'pods and workloads of yours to try, beside the built-in ones; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--no-canary', 'do not try the built-in pods')
    .option('-n, --namespace <namespace>', 'namespace of pods that name none', 'default')
    .addOption(
      environmentOption('--env', 'variable of the control plane, as in ENABLE_NATIVE_SIDECARS=false; may be repeated'),
    )
    .addOption(
      new Option('--level <level>', 'the least that is reported')
        .choices(['error', 'warning', 'info'])
        .default('warning'),
    )
    .addOption(
      new Option('-o, --output <form>', 'form of the report').choices(['text', 'json', 'sarif']).default('text'),
    )
    .option('--rules', 'print the rules instead', false);
  return addSetFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger lint config/',
        'helm template istiod istio/istiod -f values.yaml | outrigger lint -',
        'outrigger lint cluster --pods manifests/ --level info',
        'outrigger lint --inject-config config.yaml --inject-values values.yaml -o sarif > outrigger.sarif',
      ),
    )
    .action((set: string, flags: LintFlags) => lint(set, flags, terminal));
}

async function lint(set: string, flags: LintFlags, terminal: Terminal): Promise<void> {
  if (flags.rules) {
    const { printRules } = await import('../lint-report.ts');
    printRules(flags.output, terminal);
    return;
  }
  const { lintSet } = await import('../lint-set.ts');
  await lintSet(set, flags, terminal);
}
