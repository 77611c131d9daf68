/** Reads what `outrigger lint` is to check, checks it and reports. */
import { readFileSync } from 'node:fs';
import type { TriedPod } from '../canary/index.ts';
import { PodPicker } from '../comparison/index.ts';
import { ConfigurationError, readFeatures, type ConfigurationSet, type SetText } from '../configuration/index.ts';
import { finding, lintConfiguration, type Finding } from '../lint/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../server/built-in-configuration.ts';
import { fileError } from '../server/startup-error.ts';
import type { Terminal } from '../server/terminal.ts';
import { YamlError } from '../yaml/index.ts';
import type { LintFlags } from './commands/lint.ts';
import { environmentOf, readConfigurationSet, whatSetsAre } from './configuration-set.ts';
import { reportFindings } from './lint-report.ts';
import { ObjectFiles } from './object-stream.ts';
import { Progress } from './progress.ts';

/**
 * Lints the set that a reference names.
 * @throws {FindingsError} when there are errors
 */
export async function lintSet(reference: string, flags: LintFlags, terminal: Terminal): Promise<void> {
  const progress = new Progress(terminal.stderr, 'steps');
  const findings = await findingsOf(reference, flags, terminal, progress);
  progress.clear();
  reportFindings(findings, flags, terminal);
}

async function findingsOf(
  reference: string,
  flags: LintFlags,
  terminal: Terminal,
  progress: Progress,
): Promise<Finding[]> {
  const { clusterId, level, canary } = flags;
  const pods = await readPods(flags, terminal);
  let set: ConfigurationSet;
  try {
    set = withFiles(await readConfigurationSet(reference, flags, terminal), flags);
  } catch (error) {
    if (error instanceof ConfigurationError) return [unreadable(error)];
    throw error;
  }
  const { features } = readFeatures(environmentOf(set, terminal, flags.env));
  return lintConfiguration(set, {
    clusterId,
    features,
    level,
    canary,
    pods,
    reference: { config: builtInConfig(), values: builtInValues(), mesh: [builtInMesh()] },
    onProgress: (done) => {
      progress.update(done);
    },
  });
}

/** A file that does not hold a set at all. */
function unreadable({ file, line, column, detail, cause }: ConfigurationError): Finding {
  const place = { file, line, column, excerpt: '', mark: { column: 0, length: 0 } };
  return finding('config-unreadable', detail, place, cause instanceof YamlError ? cause.remedy : whatSetsAre);
}

/** The set with texts of files in place of its own. */
function withFiles(set: ConfigurationSet, { injectConfig, injectValues, meshConfig }: LintFlags): ConfigurationSet {
  return {
    ...set,
    ...(injectConfig !== undefined && { config: readText('injector configuration', injectConfig) }),
    ...(injectValues !== undefined && { values: readText('injector values', injectValues) }),
    ...(meshConfig !== undefined && { mesh: [readText('mesh configuration', meshConfig)] }),
  };
}

function readText(what: string, file: string): SetText {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw fileError(what, file, error);
  }
}

async function readPods({ pods, namespace }: LintFlags, terminal: Terminal): Promise<TriedPod[]> {
  const tried: TriedPod[] = [];
  const picker = new PodPicker(namespace);
  for await (const object of new ObjectFiles(pods, terminal).objects()) {
    const picked = picker.pick(object);
    if (picked === undefined) continue;
    const { kind, name, namespace: own } = picked.member;
    const member = `${kind} ${own}/${name}`;
    if ('problem' in picked) throw new PodError(`--pods: ${member}: ${picked.problem}`);
    tried.push({ name: member, pod: picked.pod });
  }
  return tried;
}

/** A pod that is no pod. */
class PodError extends Error {
  override readonly name = 'PodError';
}
