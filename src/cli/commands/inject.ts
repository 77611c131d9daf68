import { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { addConfigurationFlags, collect, examples, type ConfigurationFlags } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';

interface InjectFlags extends ConfigurationFlags {
  readonly filename?: readonly string[];
  readonly output?: string;
}

/** `outrigger inject`: what `istioctl kube-inject` does with local files. */
export function injectCommand(terminal: Terminal): Command {
  const command = new Command('inject')
    .description('Inject the sidecar into the workloads of YAML files, as istioctl kube-inject does.')
    .argument('[files...]', 'more files')
    .option(
      '-f, --filename <file|dir>',
      'file or folder with Kubernetes resources, - for stdin; may be repeated',
      collect,
    )
    .option('-o, --output <file>', 'where the result goes (default: stdout)');
  return addConfigurationFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger inject -f deployment.yaml | kubectl apply -f -',
        'kubectl get deployment cart -o yaml | outrigger inject -f - | kubectl apply -f -',
        'outrigger inject -f manifests/ --inject-config config.yaml --inject-values values.yaml --mesh-config mesh.yaml',
      ),
    )
    .action((files: string[], flags: InjectFlags) => inject(files, flags, terminal));
}

async function inject(files: readonly string[], flags: InjectFlags, terminal: Terminal): Promise<void> {
  const paths = [...(flags.filename ?? []), ...files];
  if (paths.length === 0) throw new UsageError('filename not specified (see --filename or -f)');
  const { injectFiles } = await import('../inject-files.ts');
  await injectFiles(paths, flags, terminal);
}
