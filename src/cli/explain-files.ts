import pc from 'picocolors';
import { indexClusterObjects, withClusterObjects, type ClusterObjects } from '../configuration/index.ts';
import type { Explainer, Explanation } from '../explanation/index.ts';
import { splitDocuments } from '../injection/manual/index.ts';
import { compileTexts, readConfigurationTexts } from '../server/configuration-files.ts';
import { templateContext } from '../server/template-context.ts';
import type { Terminal } from '../server/terminal.ts';
import { explainObjectField, type ObjectField } from '../workloads/explain-field.ts';
import { explainObject } from '../workloads/explain-object.ts';
import { decodeYaml } from '../yaml/index.ts';
import type { ExplainFlags } from './commands/explain.ts';
import { renderExplanation } from './explain-report.ts';
import { renderField } from './field-report.ts';
import { UsageError } from './exit.ts';
import { filesOf, inFile, readInput } from './input-files.ts';
import { referenceOf } from './references.ts';

/** What is refused or not there is an error of the command. */
class ExplainError extends Error {
  override readonly name = 'ExplainError';
}

/** Explains pods and workloads of files, or of the cluster (`deploy/web`), on stdout. Throws where the injector would refuse a pod, or where there is none. */
export async function explainFiles(paths: readonly string[], flags: ExplainFlags, terminal: Terminal): Promise<void> {
  const { objects, explainer } = await read(paths, flags, terminal);
  const { namespace, namespaceLabels, field } = flags;
  if (field !== undefined) {
    const fields = objects.flatMap((object) => explainObjectField(explainer, object, field, { namespace }));
    reportFields(fields, field, flags.output, terminal);
    return;
  }
  const surroundings = { namespace, ...(namespaceLabels !== undefined && { namespaceLabels }) };
  const explanations = objects.flatMap((object) => explainObject(explainer, object, surroundings));
  report(explanations, flags.output, terminal);
}

/** What is explained, and with what: from files, or from a cluster where the paths are objects of one. */
async function read(
  paths: readonly string[],
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<{ readonly objects: readonly unknown[]; readonly explainer: Explainer }> {
  const references = paths.map(referenceOf).filter((reference) => reference !== undefined);
  if (references.length > 0) {
    if (references.length < paths.length) throw new UsageError('give files or objects of the cluster, not both');
    const { readLive } = await import('./live-objects.ts');
    const { objects, configuration } = await readLive(references, flags, terminal);
    return { objects, explainer: { configuration, context: templateContext(terminal.variables) } };
  }
  const objects: unknown[] = [];
  for (const file of paths.flatMap(filesOf)) objects.push(...(await readObjects(file, terminal)));
  return { objects, explainer: explainerFor(flags, objects, terminal) };
}

async function readObjects(file: string, terminal: Terminal): Promise<unknown[]> {
  const text = await readInput(file, terminal);
  try {
    return [...splitDocuments(text)].map(decodeYaml);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** Namespaces and webhook configurations that stand in the explained files count as well. */
function explainerFor(flags: ExplainFlags, objects: readonly unknown[], { variables }: Terminal): Explainer {
  const configuration = compileTexts(readConfigurationTexts(flags), flags, variables);
  const cluster = joined(configuration.cluster, indexClusterObjects(objects));
  return { configuration: withClusterObjects(configuration, cluster), context: templateContext(variables) };
}

function joined(given: ClusterObjects, found: ClusterObjects): ClusterObjects {
  const webhooks = given.webhooks ?? found.webhooks;
  return {
    namespaces: new Map([...found.namespaces, ...given.namespaces]),
    nodes: new Map([...found.nodes, ...given.nodes]),
    proxyConfigs: [...given.proxyConfigs, ...found.proxyConfigs],
    ...(webhooks !== undefined && { webhooks }),
  };
}

function report(explanations: readonly Explanation[], output: 'text' | 'json', { stdout }: Terminal): void {
  if (output === 'json') {
    stdout.write(`${JSON.stringify(explanations, null, 2)}\n`);
  } else {
    const paint = pc.createColors(stdout.isTTY === true && pc.isColorSupported);
    stdout.write(explanations.map((explanation) => renderExplanation(explanation, paint)).join('\n'));
  }
  if (explanations.length === 0) throw new ExplainError('there is no pod and no workload to explain');
  const denied = explanations.filter(({ verdict }) => verdict === 'denied').length;
  if (denied > 0) throw new ExplainError(`${denied} of ${explanations.length} would be refused`);
}

function reportFields(
  fields: readonly ObjectField[],
  path: string,
  output: 'text' | 'json',
  { stdout }: Terminal,
): void {
  if (output === 'json') {
    stdout.write(`${JSON.stringify(fields, null, 2)}\n`);
  } else {
    const paint = pc.createColors(stdout.isTTY === true && pc.isColorSupported);
    stdout.write(fields.map((field) => renderField(field, paint)).join('\n'));
  }
  if (fields.length === 0) throw new ExplainError('there is no pod and no workload to explain');
  const missing = fields.filter(({ answer }) => !answer.found).length;
  if (missing > 0) throw new ExplainError(`${missing} of ${fields.length} do not get ${path} from the injection`);
}
