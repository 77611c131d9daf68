/**
 * The CEL stage: the `x-kubernetes-validations` rules of every schema node that has a value
 * (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`).
 */
import { Environment } from '@marcbachmann/cel-js';
import { parseDuration } from '../../go/duration.ts';
import { parseRequestUri, parseUrl, type Url } from '../../go/url.ts';
import { quote as quoted } from '../../go/quote.ts';
import { parseInt } from '../../go/strconv.ts';
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
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => {
    const childSchema = propertySchema(schema, key);
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    const childPath = declared ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    return [key, childSchema === undefined ? child : evaluateBelow(child, childSchema, childPath, errors)];
  });
  // The package tells types by `constructor`, which may be a key of a map, but never is a declared field.
  if (schema.additionalProperties !== undefined) return new Map(entries);
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
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

/** The package words an error otherwise than cel-go does. */
function celErrorText(error: unknown): string {
  const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return text.replace(/^No such key: /, 'no such key: ');
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
    // Some of the package's own functions read more than Go's do, and cannot be replaced under their names.
    const renamed = rule.replaceAll(/\b(duration|int|substring)\(/g, (_, name: string) => `${ownFunctions[name]}(`);
    program = environment.parse(renamed) as unknown as CompiledRule;
    compiled.set(rule, program);
  }
  return program;
}

const ownFunctions: Readonly<Record<string, string>> = {
  duration: 'goDuration',
  int: 'goInt',
  substring: 'goSubstring',
};

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
  .registerFunction('goDuration(string): int', (text: string) => duration(text))
  .registerFunction('goInt(string): int', (text: string) => integer(text))
  .registerFunction('string.goSubstring(int, int): string', (text: string, start: bigint, end: bigint) =>
    substring(text, Number(start), Number(end)),
  );

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

/** `strconv.ParseInt`: decimal digits alone. */
function integer(text: string): bigint {
  const { value, error } = parseInt(text, 10, 64);
  if (error !== undefined) throw new Error("type conversion error from 'string' to 'int'", { cause: error });
  return value;
}

/** The code points from `start` to `end`, of which both must exist. */
function substring(text: string, start: number, end: number): string {
  const points = Array.from(text);
  const outside = [start, end].find((index) => index > points.length);
  if (outside !== undefined) throw new Error(`index out of range: ${outside}`);
  return points.slice(start, end).join('');
}
