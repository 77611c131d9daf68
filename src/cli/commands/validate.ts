import { Command, Option } from 'commander';
import type { Terminal } from '../../server/terminal.ts';
import { UsageError } from '../exit.ts';
import { examples } from '../flags.ts';

interface ValidateFlags {
  readonly filename?: readonly string[];
  readonly crd: boolean;
  readonly output: 'text' | 'json' | 'sarif';
  readonly namespace?: string;
  readonly istioNamespace: string;
  readonly excerpts: boolean;
}

/** `outrigger validate`: what `istioctl validate` does, and with `--crd` what the API server would say before. */
export function validateCommand(terminal: Terminal): Command {
  return (
    new Command('validate')
      .alias('v')
      .description('Check the Istio resources of YAML files, as istioctl validate does, without a cluster.')
      .argument('[files...]', 'more files')
      // Unknown flags come with the arguments, so that the complaint is istioctl's.
      .allowUnknownOption()
      .option(
        '-f, --filename <file|dir>',
        'file or folder with Kubernetes resources, - for stdin; comma-separated, may be repeated',
        collectList,
      )
      .option('--crd', 'also check the schemas and CEL rules of the CustomResourceDefinitions', false)
      .addOption(
        new Option('-o, --output <form>', 'form of the report').choices(['text', 'json', 'sarif']).default('text'),
      )
      .option('-n, --namespace <namespace>', 'namespace of resources that name none (default: "default")')
      .option('-i, --istioNamespace <namespace>', 'namespace of Istio itself', 'istio-system')
      .option('--excerpts', 'show the lines concerned also where stderr is no terminal', false)
      .addOption(new Option('-x, --referential', 'no longer has an effect').hideHelp())
      .addHelpText(
        'after',
        examples(
          'outrigger validate -f virtual-service.yaml',
          'outrigger validate -f manifests/ --crd -o sarif > outrigger.sarif',
          'kustomize build . | outrigger validate -f -',
        ),
      )
      .action((files: string[], flags: ValidateFlags) => validate(files, flags, terminal))
  );
}

/** A list flag as Go's pflag has it: values separated by commas, and repeated. */
function collectList(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(',').filter((item) => item !== '')];
}

async function validate(files: readonly string[], flags: ValidateFlags, terminal: Terminal): Promise<void> {
  const unknown = files.find((file) => file.startsWith('-') && file !== '-');
  if (unknown !== undefined) throw new UsageError(describeUnknownFlag(unknown));
  const paths = [...(flags.filename ?? []), ...files];
  if (paths.length === 0) throw new UsageError(missingFilename);
  const { validatePaths } = await import('../validate-report.ts');
  await validatePaths(paths, flags, terminal);
}

const missingFilename =
  "error: you must specify resources by --filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

function describeUnknownFlag(flag: string): string {
  if (flag.startsWith('--')) return `unknown flag: ${flag.split('=', 1)[0] ?? flag}`;
  return `unknown shorthand flag: '${flag.charAt(1)}' in ${flag}`;
}
