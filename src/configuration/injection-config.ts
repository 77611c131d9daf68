/** The `config` document: policy, selectors, templates. */
import { templateFunctions } from '../gotemplate/functions/index.ts';
import { compileTemplate, TemplateError, type CompiledTemplate } from '../gotemplate/index.ts';
import { DecodeError } from '../kubernetes/index.ts';
import { decodeYamlExact, isRecord, YamlError, type JsonRecord } from '../yaml/index.ts';
import { compileLabelRule, type LabelRule } from './label-rule.ts';
import { scalarText } from './scalar-text.ts';
import { ConfigurationError, placeInString, placeOf, type SourceText } from './source.ts';

/** When pods are injected that do not say it themselves. */
export interface InjectionPolicy {
  /** `enabled`, `disabled`; anything else injects nothing. */
  readonly policy: string;
  readonly neverInject: readonly LabelRule[];
  readonly alwaysInject: readonly LabelRule[];
}

/** The decoded and compiled document. */
export interface InjectionConfig extends InjectionPolicy {
  /** Templates by name, each with its own definitions. */
  readonly templates: ReadonlyMap<string, CompiledTemplate>;
  /** Some template may change maps that it is given, such as the values: it names one of sprig's functions that do. */
  readonly changesMaps: boolean;
  /** Never empty: `sidecar` when the document names none. */
  readonly defaultTemplates: readonly string[];
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly injectedAnnotations: Readonly<Record<string, string>>;
}

/** Decodes and compiles the document. Throws a {@link ConfigurationError} for the first thing that is wrong. */
export function decodeInjectionConfig(source: SourceText): InjectionConfig {
  const fields = readFields(source);
  const templates = stringMap(fields.get('templates')) ?? fail(source, 'templates', 'inject.RawTemplates', fields);
  const defaultTemplates =
    strings(fields.get('defaulttemplates')) ?? fail(source, 'defaultTemplates', '[]string', fields);
  return {
    policy: scalarText(fields.get('policy')) ?? fail(source, 'policy', 'inject.InjectionPolicy', fields),
    neverInject: labelRules(source, 'neverInjectSelector', fields),
    alwaysInject: labelRules(source, 'alwaysInjectSelector', fields),
    templates: compileTemplates(source, templates),
    changesMaps: Object.values(templates).some(changesMaps),
    defaultTemplates: defaultTemplates.length === 0 ? ['sidecar'] : defaultTemplates,
    aliases: mapValues(fields.get('aliases'), strings) ?? fail(source, 'aliases', 'map[string][]string', fields),
    injectedAnnotations:
      stringMap(fields.get('injectedannotations')) ?? fail(source, 'injectedAnnotations', 'map[string]string', fields),
  };
}

const prefix = 'failed to unmarshal injection template: ';

/** Top-level values by their key in lower case: keys are matched without regard to case, the last one wins. */
function readFields({ file, text }: SourceText): Map<string, unknown> {
  let document: unknown;
  try {
    document = decodeYamlExact(text) ?? {};
  } catch (error) {
    if (error instanceof YamlError) throw new ConfigurationError(file, prefix + error.message, error, error);
    throw error;
  }
  if (!isRecord(document)) {
    const message = `json: cannot unmarshal ${describe(document)} into Go value of type inject.Config`;
    throw new ConfigurationError(file, prefix + message, placeOf(text, []));
  }
  return new Map(
    Object.keys(document)
      .sort()
      .map((key) => [key.toLowerCase(), document[key]]),
  );
}

function fail({ file, text }: SourceText, key: string, goType: string, fields: Map<string, unknown>): never {
  const found = describe(fields.get(key.toLowerCase()));
  const message = `json: cannot unmarshal ${found} into Go struct field Config.${key} of type ${goType}`;
  throw new ConfigurationError(file, prefix + message, placeOf(text, [key]));
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Templates without their comments are searched for the names; a name in other text does no harm. */
function changesMaps(template: string): boolean {
  const code = template.replace(/\{\{-?\s*\/\*.*?\*\/\s*-?\}\}/gs, '');
  return /\b(?:set|unset|(?:mustM|m)erge(?:Overwrite)?)\b/.test(code);
}

function compileTemplates(
  { file, text }: SourceText,
  texts: Readonly<Record<string, string>>,
): ReadonlyMap<string, CompiledTemplate> {
  return new Map(
    Object.entries(texts).map(([name, template]) => {
      try {
        return [name, compileTemplate(template, { functions: templateFunctions })];
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        const place = placeInString(text, ['templates', name], { line: error.line, column: error.column ?? 0 });
        throw new ConfigurationError(file, `template "${name}": ${error.message}`, place, error);
      }
    }),
  );
}

function labelRules(source: SourceText, key: string, fields: Map<string, unknown>): readonly LabelRule[] {
  const list = fields.get(key.toLowerCase()) ?? [];
  if (!Array.isArray(list)) return fail(source, key, '[]v1.LabelSelector', fields);
  try {
    return list.map(compileLabelRule);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ConfigurationError(source.file, prefix + error.message, placeOf(source.text, [key]), error);
  }
}

function strings(value: unknown): readonly string[] | undefined {
  if (value == null) return [];
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(scalarText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

const stringMap = (value: unknown): Readonly<Record<string, string>> | undefined => mapValues(value, scalarText);

function mapValues<T>(
  value: unknown,
  convert: (item: unknown) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  const map = Object.create(null) as Record<string, T>;
  if (value == null) return map;
  if (!isRecord(value)) return undefined;
  for (const [key, item] of Object.entries(value as JsonRecord)) {
    const converted = convert(item);
    if (converted === undefined) return undefined;
    map[key] = converted;
  }
  return map;
}
