/**
 * The CEL stage: the `x-kubernetes-validations` rules of every schema node that has a value
 * (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`).
 */
import { Environment } from '@marcbachmann/cel-js';
import { parseDuration } from '../../go/duration.ts';
import { parseRequestUri, parseUrl, type Url } from '../../go/url.ts';
import { quote as quoted } from '../../go/quote.ts';
import { invalidValue, type CrdError } from './errors.ts';
import { isObject, propertySchema, type CelRule, type StructuralSchema } from './schema.ts';

/** Rules below `value` that do not hold; `path` is its field path. Paths of map entries are written `path[key]`. */
export function validateCel(value: unknown, schema: StructuralSchema, path: string): CrdError[] {
  const errors: CrdError[] = [];
  evaluateBelow(value, schema, path, errors);
  return errors;
}

/** Evaluates the rules of a node's children, then its own, and returns the node as a CEL value. */
function evaluateBelow(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): unknown {
  const own: CrdError[] = [];
  const below: CrdError[] = [];
  const self = toCel(value, schema, path, below);
  if (value !== null) {
    for (const rule of schema['x-kubernetes-validations'] ?? []) {
      const error = evaluate(rule, self, value, path);
      if (error !== undefined) own.push(error);
    }
  }
  errors.push(...own, ...below);
  return self;
}

/** CEL tells integers from doubles, so whole numbers become bigints where the schema says integer. */
function toCel(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): unknown {
  if (typeof value === 'number') {
    const integer = schema.type === 'integer' || schema['x-kubernetes-int-or-string'] === true;
    return integer && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return value.map((item: unknown, index) =>
      items === undefined ? item : evaluateBelow(item, items, `${path}[${index}]`, errors),
    );
  }
  if (!isObject(value)) return value;
  const converted = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) {
    const childSchema = propertySchema(schema, key);
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    const childPath = declared ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    converted[key] = childSchema === undefined ? child : evaluateBelow(child, childSchema, childPath, errors);
  }
  return converted;
}

function evaluate(rule: CelRule, self: unknown, value: unknown, path: string): CrdError | undefined {
  try {
    if (compile(rule.rule)({ self }) === true) return undefined;
  } catch (error) {
    return invalidValue(path, quoted(typeOf(value)), `${celErrorText(error)} evaluating rule: ${rule.message}`);
  }
  if (typeof value === 'string') return invalidValue(path, quoted(value), rule.message);
  if (typeof value === 'object') return { path, text: `Invalid value: ${rule.message}` };
  return invalidValue(path, String(value), rule.message);
}

/** The package words some errors otherwise than cel-go does. */
const wordings: readonly [RegExp, string][] = [
  [/^No such key: /, 'no such key: '],
  [/^int\(\) type error: cannot convert to int$/, "type conversion error from 'string' to 'int'"],
];

function celErrorText(error: unknown): string {
  const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return wordings.reduce((worded, [pattern, replacement]) => worded.replace(pattern, replacement), text);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

type CompiledRule = (context: { self: unknown }) => unknown;

const compiled = new Map<string, CompiledRule>();

function compile(rule: string): CompiledRule {
  let program = compiled.get(rule);
  if (program === undefined) {
    // The package's own duration() reads more than Go's does and cannot be replaced under its name.
    program = environment.parse(rule.replaceAll(/\bduration\(/g, 'goDuration(')) as unknown as CompiledRule;
    compiled.set(rule, program);
  }
  return program;
}

class CelUrl {
  readonly url: Url;
  constructor(url: Url) {
    this.url = url;
  }
}

/** CEL's standard functions and, of Kubernetes' own, those that Istio's rules use. */
const environment = new Environment()
  .registerVariable('self', 'dyn')
  .registerType('net.URL', { ctor: CelUrl })
  .registerFunction('isURL(string): bool', (text: string) => isUrl(text))
  .registerFunction('url(string): net.URL', (text: string) => new CelUrl(toUrl(text)))
  .registerFunction('net.URL.getScheme(): string', (url: CelUrl) => url.url.scheme)
  .registerFunction('goDuration(string): int', (text: string) => duration(text));

function isUrl(text: string): boolean {
  try {
    parseRequestUri(text);
    return true;
  } catch {
    return false;
  }
}

/** Only what is a URL by {@link isUrl} is converted; but a request URI has no fragment, so it is parsed once more, as a URL. */
function toUrl(text: string): Url {
  try {
    parseRequestUri(text);
    return parseUrl(text);
  } catch (error) {
    throw new Error(`URL parse error during conversion from string: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}

/** Nanoseconds. */
function duration(text: string): bigint {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new Error("type conversion error from 'string' to 'google.protobuf.Duration'", { cause: error });
  }
}
