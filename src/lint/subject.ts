/** What is linted, read as far as it can be read: nothing here fails, what is missing is `undefined`. */
import {
  compileConfigurationSet,
  ConfigurationError,
  type CompileOptions,
  type Configuration,
  type ConfigurationSet,
} from '../configuration/index.ts';
import type { ListNode } from '../gotemplate/parse/nodes.ts';
import { decodeYamlExact, isRecord, YamlError, type JsonRecord } from '../yaml/index.ts';
import { parseTemplate, type SyntaxProblem } from './parse-template.ts';
import { readsOf, type Reads } from './reads.ts';
import { TemplateText } from './template-text.ts';
import { LintText } from './text.ts';

/** A template and its syntax. */
export interface Template {
  readonly name: string;
  readonly source: TemplateText;
  /** Trees by the name of their `define`; undefined when the template cannot be parsed. */
  readonly trees: ReadonlyMap<string, ListNode> | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** One of those that the gateway controller renders, with data of its own; pods that ask for it are refused, as with Istio. */
  readonly isController: boolean;
}

/** Everything the checks look at. */
export interface Subject {
  readonly set: ConfigurationSet;
  readonly config: LintText;
  readonly values: LintText;
  readonly mesh: readonly LintText[];
  /** Top-level keys of the config document in lower case; undefined when it cannot be read. */
  readonly fields: ReadonlyMap<string, Field> | undefined;
  readonly templates: readonly Template[];
  /** Undefined when it cannot be read. */
  readonly valuesDocument: JsonRecord | undefined;
  /** Undefined when it is refused, for the reason in `refusal`. */
  readonly configuration: Configuration | undefined;
  readonly refusal: ConfigurationError | undefined;
}

/** A top-level key of the config document. */
export interface Field {
  readonly key: string;
  readonly value: unknown;
}

/** Templates that the gateway controller renders. */
const controllerTemplates: ReadonlySet<string> = new Set(['waypoint', 'kube-gateway', 'agentgateway']);

/** Name of a template's own tree, as the injector calls all of them. */
const mainTree = 'inject';

export function readSubject(set: ConfigurationSet, options: CompileOptions): Subject {
  const config = new LintText(set.config);
  const fields = fieldsOf(config.text);
  const { configuration, refusal } = compileSet(set, options);
  return {
    set,
    config,
    values: new LintText(set.values),
    mesh: set.mesh.map((source) => new LintText(source)),
    fields,
    templates: templatesOf(fields, config),
    valuesDocument: recordOf(set.values.text),
    configuration,
    refusal,
  };
}

/** A set as a configuration, or why it is refused. */
export function compileSet(
  set: ConfigurationSet,
  options: CompileOptions,
): { configuration?: Configuration; refusal?: ConfigurationError } {
  try {
    return { configuration: compileConfigurationSet(set, options) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { refusal: error };
    throw error;
  }
}

function fieldsOf(text: string): ReadonlyMap<string, Field> | undefined {
  const document = recordOf(text);
  if (document === undefined) return undefined;
  const keys = Object.keys(document).sort();
  return new Map(keys.map((key) => [key.toLowerCase(), { key, value: document[key] }]));
}

/** A document that is a map; an empty one is an empty map. */
export function recordOf(text: string): JsonRecord | undefined {
  try {
    const document = decodeYamlExact(text) ?? {};
    return isRecord(document) ? document : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function templatesOf(fields: ReadonlyMap<string, Field> | undefined, config: LintText): Template[] {
  const texts = fields?.get('templates')?.value;
  if (!isRecord(texts)) return [];
  return Object.entries(texts)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([name, text]) => {
      const { trees, problems } = parseTemplate(mainTree, text);
      const source = new TemplateText(name, text, config);
      return { name, source, trees, problems, isController: controllerTemplates.has(name) };
    });
}

const reads = new WeakMap<Template, Reads>();

/** What a template reads; found out when it is first asked for. */
export function readsOfTemplate(template: Template): Reads {
  let known = reads.get(template);
  if (known === undefined) reads.set(template, (known = readsOf(template.trees ?? new Map(), mainTree)));
  return known;
}
