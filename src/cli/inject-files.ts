import { openSync, writeSync } from 'node:fs';
import type { SourceText } from '../configuration/index.ts';
import { OverlayCache } from '../injection/index.ts';
import { injectDocuments, type ManualInjection } from '../injection/manual/index.ts';
import { compileTexts, readConfigurationTexts, type ConfigurationTexts } from '../server/configuration-files.ts';
import { fileError } from '../server/startup-error.ts';
import { templateContext } from '../server/template-context.ts';
import { decodeYaml, isRecord, YamlError } from '../yaml/index.ts';
import type { ConfigurationFlags } from './flags.ts';
import { filesOf, inFile, readInput } from './input-files.ts';
import type { Terminal } from '../server/terminal.ts';

interface Output {
  readonly output?: string;
}

/**
 * Injects files, or all YAML and JSON files of folders, one after the other. What was injected before an error stays
 * written; warnings come at the end.
 */
export async function injectFiles(
  paths: readonly string[],
  flags: ConfigurationFlags & Output,
  terminal: Terminal,
): Promise<void> {
  const [config, ...others] = readConfigurationTexts(flags);
  const texts: ConfigurationTexts = [templateAsConfig(config), ...others];
  const configuration = compileTexts(texts, flags, terminal.variables);
  const manual: ManualInjection = {
    configuration,
    cluster: flags.objects.length === 0 ? undefined : configuration.cluster,
    context: templateContext(terminal.variables),
    cache: new OverlayCache(),
  };
  const write = writerTo(flags.output, terminal);
  const files = paths.flatMap(filesOf);
  const warnings: string[] = [];
  try {
    for (const file of files) {
      const input = await readInput(file, terminal);
      try {
        for (const document of injectDocuments(input, manual)) {
          write(document.text);
          warnings.push(...document.warnings);
        }
      } catch (error) {
        throw files.length === 1 ? error : inFile(file, error);
      }
    }
  } finally {
    if (warnings.length > 0) terminal.stderr.write(`\n${warnings.join('\n')}\n`);
  }
}

/** Istio takes a file that is no configuration with templates for the template `sidecar` itself. */
function templateAsConfig(source: SourceText): SourceText {
  if (hasTemplates(source.text)) return source;
  return { ...source, text: `templates:\n  sidecar: ${JSON.stringify(source.text)}\n` };
}

function hasTemplates(text: string): boolean {
  let config: unknown;
  try {
    config = decodeYaml(text);
  } catch (error) {
    if (error instanceof YamlError) return false;
    throw error;
  }
  return (
    isRecord(config) && Object.keys(config).some((key) => key.toLowerCase() === 'templates' && config[key] != null)
  );
}

/** Writes to a file, or to stdout when none is given. */
function writerTo(file: string | undefined, { stdout }: Terminal): (text: string) => void {
  if (file === undefined) return (text) => stdout.write(text);
  try {
    const descriptor = openSync(file, 'w');
    return (text) => writeSync(descriptor, text);
  } catch (error) {
    throw fileError('output', file, error, 'write');
  }
}
