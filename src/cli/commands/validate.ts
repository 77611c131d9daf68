import { Command, Option } from 'commander';
import pc from 'picocolors';
import type { Screen, Terminal } from '../../server/terminal.ts';
import { locateAll, renderExcerpt, renderReports, toRecords, toSarif } from '../../validation/offline/index.ts';
import type { LocatedFinding } from '../../validation/offline/index.ts';
import { UsageError } from '../exit.ts';
import { examples } from '../flags.ts';
import { packageVersion } from '../version.ts';
import { checkPaths } from '../validate-files.ts';
import type { CheckedFile, Progress } from '../validate-files.ts';

interface ValidateFlags {
  readonly filename?: readonly string[];
  readonly crd: boolean;
  readonly output: 'text' | 'json' | 'sarif';
  readonly namespace?: string;
  readonly istioNamespace: string;
  readonly excerpts: boolean;
}

/** What was found is an error of the command; its message is what `istioctl validate` prints. */
class FindingsError extends Error {
  override readonly name = 'FindingsError';
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
      .action((files: string[], flags: ValidateFlags) => validateFiles(files, flags, terminal))
  );
}

/** A list flag as Go's pflag has it: values separated by commas, and repeated. */
function collectList(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(',').filter((item) => item !== '')];
}

async function validateFiles(files: readonly string[], flags: ValidateFlags, terminal: Terminal): Promise<void> {
  const unknown = files.find((file) => file.startsWith('-') && file !== '-');
  if (unknown !== undefined) throw new UsageError(describeUnknownFlag(unknown));
  const paths = [...(flags.filename ?? []), ...files];
  if (paths.length === 0) throw new UsageError(missingFilename);
  const progress = createProgress(terminal.stderr);
  const checked = await checkPaths(paths, flags, terminal, progress.step);
  progress.clear();
  report(checked, flags, terminal);
}

const missingFilename =
  "error: you must specify resources by --filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

function describeUnknownFlag(flag: string): string {
  if (flag.startsWith('--')) return `unknown flag: ${flag.split('=', 1)[0] ?? flag}`;
  return `unknown shorthand flag: '${flag.charAt(1)}' in ${flag}`;
}

function report(checked: readonly CheckedFile[], flags: ValidateFlags, { stdout, stderr }: Terminal): void {
  const reports = checked.map((file) => file.report);
  const { output, error } = renderReports(reports);
  if (flags.output === 'text' && !flags.excerpts && stderr.isTTY !== true) {
    stderr.write(output);
    if (error !== undefined) throw new FindingsError(error);
    return;
  }
  const findings = locateAll(reports);
  if (flags.output === 'text') {
    stderr.write(reports.flatMap(({ notes }) => notes.map((note) => `${note}\n`)).join(''));
    stderr.write(renderExcerpts(findings, checked, stderr));
  } else {
    const data = flags.output === 'sarif' ? toSarif(findings, packageVersion()) : toRecords(findings);
    stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  }
  const summary = summarize(findings, checked.length);
  if (error !== undefined) throw new FindingsError(summary);
  if (flags.output === 'text') stderr.write(`${summary}\n`);
}

function renderExcerpts(findings: readonly LocatedFinding[], checked: readonly CheckedFile[], screen: Screen): string {
  const colors = pc.createColors(screen.isTTY === true && pc.isColorSupported);
  const texts = new Map(checked.map(({ report: { file }, text }) => [file, text]));
  return findings
    .map((finding) => {
      const caret = finding.severity === 'error' ? colors.red : colors.yellow;
      return `${renderExcerpt(finding, texts.get(finding.file) ?? '', { place: colors.bold, caret })}\n`;
    })
    .join('');
}

function summarize(findings: readonly LocatedFinding[], files: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return `${count(errors, 'error')} and ${count(warnings, 'warning')} in ${count(files, 'file')}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Milliseconds before progress is shown at all, and between two signs of it. */
const quiet = 1000;
const interval = 100;

/** Progress on a terminal, once it takes longer than a second. */
function createProgress(screen: Screen): { step: Progress; clear: () => void } {
  const start = performance.now();
  let last = start + quiet - interval;
  let shown = false;
  const step: Progress = (done, total) => {
    const now = performance.now();
    if (screen.isTTY !== true || now - last < interval) return;
    last = now;
    shown = true;
    screen.write(`\rchecked ${done} of ${total} files`);
  };
  const clear = (): void => {
    if (shown) screen.write('\r\x1b[K');
  };
  return { step, clear };
}
