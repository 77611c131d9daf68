import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../exit.ts';
import { addConfigurationFlags, collect, examples, type ConfigurationFlags } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';

/** The flags of `explain`. */
export interface ExplainFlags extends ConfigurationFlags {
  readonly filename?: readonly string[];
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly istioNamespace: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly output: 'text' | 'json';
  readonly field?: string;
}

/** `outrigger explain`: why a pod is or is not injected, and with what. */
export function explainCommand(terminal: Terminal): Command {
  const command = new Command('explain')
    .description('Explain why pods will or will not be injected, and with what: of YAML files, or of a cluster.')
    .argument('[files or objects...]', 'more files, or objects of the cluster such as deploy/web')
    .option('-f, --filename <file|dir>', 'file or folder with pods or workloads, - for stdin; may be repeated', collect)
    .option('-n, --namespace <namespace>', 'namespace of objects that name none', 'default')
    .option('--kubeconfig <file>', 'how to reach the cluster of objects (default: KUBECONFIG, or ~/.kube/config)')
    .option('--istio-namespace <namespace>', 'where that cluster has the ConfigMaps of the injector', 'istio-system')
    .option(
      '--namespace-labels <labels>',
      'labels of the namespace, as in istio-injection=enabled,team=a; "" for none (default: from --objects)',
      parseLabels,
    )
    .option(
      '--field <path>',
      'tell where this field of the injected pod comes from, as in spec.containers[istio-proxy].image',
    )
    .addOption(new Option('-o, --output <form>', 'form of the explanation').choices(['text', 'json']).default('text'));
  return addConfigurationFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger explain -f deployment.yaml --namespace-labels istio-injection=enabled',
        'outrigger explain -f manifests/ --objects cluster/ -o json',
        "outrigger explain -f deployment.yaml --field 'spec.initContainers[istio-proxy].resources.limits.cpu'",
        'outrigger explain deploy/web -n shop',
        'kubectl get pod cart-5d4f8c7b9c-x7k2p -o yaml | outrigger explain -f -',
      ),
    )
    .action((files: string[], flags: ExplainFlags) => explain(files, flags, terminal));
}

async function explain(files: readonly string[], flags: ExplainFlags, terminal: Terminal): Promise<void> {
  const paths = [...(flags.filename ?? []), ...files];
  if (paths.length === 0) throw new UsageError('filename not specified (see --filename or -f)');
  const { explainFiles } = await import('../explain-files.ts');
  await explainFiles(paths, flags, terminal);
}

/** Reads `a=1,b=2`; later ones win. */
function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels = Object.create(null) as Record<string, string>;
  for (const pair of text.split(',').filter((item) => item.trim() !== '')) {
    const [name = '', ...value] = pair.trim().split('=');
    if (name === '' || value.length !== 1)
      throw new InvalidArgumentError('Labels are written as name=value,name=value.');
    labels[name] = value[0] ?? '';
  }
  return labels;
}
