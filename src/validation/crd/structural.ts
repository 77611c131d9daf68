/**
 * The schema stage: types, required fields, enums, ranges, lengths, patterns and combinators.
 *
 * Behaves as `k8s.io/kube-openapi/pkg/validation/validate` does for structural schemas: every failure is collected, all applicable
 * checks of a node run even when its type is wrong, and a null runs only the checks for type and enum.
 */
import { formatShortest } from '../../go/ftoa.ts';
import { encodeJson, type JsonTree } from '../../go/json-encode.ts';
import { compileRegexp } from '../../go/regexp.ts';
import { quote as quoted } from '../../go/quote.ts';
import { invalidValue, type CrdError } from './errors.ts';
import { hasFormat, isCheckedFormat } from './formats.ts';
import { isObject, propertySchema, type StructuralSchema } from './schema.ts';

/** Failures of `value` against `schema`; `path` is the field path in dotted form, empty for the object itself. */
export function validateStructure(value: unknown, schema: StructuralSchema, path: string): CrdError[] {
  const errors: CrdError[] = [];
  check(value, schema, path, errors);
  return errors;
}

function check(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  checkType(value, schema, path, errors);
  if (value !== null) {
    checkCombinators(value, schema, path, errors);
    if (typeof value === 'string') checkString(value, schema, path, errors);
    else if (typeof value === 'number') checkNumber(value, schema, path, errors);
    else if (Array.isArray(value)) checkArray(value, schema, path, errors);
  }
  checkEnum(value, schema, path, errors);
  if (isObject(value)) checkObject(value, schema, path, errors);
}

/** Name of a JSON value's type as the error texts have it. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

/** Whole numbers beyond 64 bits are decoded as floating-point numbers, which are no integers to the API server. */
function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function checkType(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  const expected = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : [schema.type ?? ''];
  if (expected[0] === '' || (value === null && schema.nullable === true)) return;
  const actual = typeName(value);
  if (isCheckedFormat(schema.format) && value !== null && typeof value !== 'string') {
    // The reference leaves lists to the checks of their items, and names only numbers.
    if (Array.isArray(value)) return;
    const shown = actual === 'integer' ? 'int64' : actual === 'number' ? 'float64' : '';
    errors.push(wrongType(path, schema.format, shown));
  } else if (!expected.includes(actual) && !(schema.type === 'number' && actual === 'integer')) {
    errors.push(wrongType(path, expected.join(','), actual));
  }
}

function wrongType(path: string, expected: string, actual: string): CrdError {
  return invalidValue(path, quoted(actual), `${path} in body must be of type ${expected}: ${quoted(actual)}`);
}

function checkEnum(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  if (schema.enum === undefined || (value === null && schema.nullable === true)) return;
  if (schema.enum.includes(value)) return;
  const shown = typeof value === 'string' ? quoted(value) : shownValue(value);
  const supported = schema.enum.map((option) => quoted(String(option))).join(', ');
  errors.push({ path, text: `Unsupported value: ${shown}: supported values: ${supported}` });
}

function shownValue(value: unknown): string {
  if (typeof value === 'number') return shownLike(value, value);
  try {
    return encodeJson(value as JsonTree);
  } catch (error) {
    // Nested deeper than our stack.
    if (error instanceof RangeError) return '…';
    throw error;
  }
}

/** Only the first failure is reported. */
function checkString(value: string, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  if (maxLength !== undefined && codePoints(value) > maxLength) {
    errors.push({ path, text: `Too long: may not be more than ${maxLength} bytes` });
  } else if (minLength !== undefined && codePoints(value) < minLength) {
    errors.push(invalidValue(path, quoted(value), `${path} in body should be at least ${minLength} chars long`));
  } else if (pattern !== undefined && !compileRegexp(pattern).test(value)) {
    errors.push(invalidValue(path, quoted(value), `${path} in body should match '${pattern}'`));
  } else if (format !== undefined && !hasFormat(value, format)) {
    errors.push(invalidValue(path, quoted(value), `${path} in body must be of type ${format}: ${quoted(value)}`));
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function checkNumber(value: number, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) {
    const reason = `${path} in body should be greater than or equal to ${shownLike(value, minimum)}`;
    errors.push(invalidValue(path, shownLike(value, value), reason));
  }
  if (maximum !== undefined && value > maximum) {
    const reason = `${path} in body should be less than or equal to ${shownLike(value, maximum)}`;
    errors.push(invalidValue(path, shownLike(value, value), reason));
  }
  if (schema.type === 'integer' && !isInt64(value)) {
    errors.push(wholeValue(path, `Checked value must be of type integer (default format) in ${path}`));
  }
}

/** A number in the form of what is checked: integers plainly, floating-point numbers as Go's `%v` has them. */
function shownLike(value: number, shown: number): string {
  return isInt64(value) ? String(shown) : formatShortest(shown);
}

function checkArray(value: readonly unknown[], schema: StructuralSchema, path: string, errors: CrdError[]): void {
  const { minItems, maxItems, items } = schema;
  if (items !== undefined) {
    for (const [index, item] of value.entries()) check(item, items, `${path}[${index}]`, errors);
  }
  if (minItems !== undefined && value.length < minItems) {
    errors.push(invalidValue(path, String(value.length), `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && value.length > maxItems) {
    errors.push({ path, text: `Too many: ${value.length}: must have at most ${maxItems} items` });
  }
}

function checkObject(
  value: Readonly<Record<string, unknown>>,
  schema: StructuralSchema,
  path: string,
  errors: CrdError[],
): void {
  const keys = Object.keys(value);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && keys.length < minProperties) {
    errors.push(
      invalidValue(path, String(keys.length), `${path} in body should have at least ${minProperties} properties`),
    );
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    errors.push({ path, text: `Too many: ${keys.length}: must have at most ${maxProperties} items` });
  }
  for (const key of keys) {
    const child = propertySchema(schema, key);
    if (child !== undefined) check(value[key], child, path === '' ? key : `${path}.${key}`, errors);
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) errors.push({ path: path === '' ? key : `${path}.${key}`, text: 'Required value' });
  }
}

function checkCombinators(value: unknown, schema: StructuralSchema, path: string, errors: CrdError[]): void {
  const fits = (candidate: StructuralSchema): boolean => validateStructure(value, candidate, path).length === 0;
  if (schema.anyOf !== undefined && !schema.anyOf.some(fits)) {
    errors.push(wholeValue(path, `${quoted(path)} must validate at least one schema (anyOf)`));
    // Of the alternatives only the best is explained; with those of Istio's schemas that is the first.
    const [first] = schema.anyOf;
    if (first !== undefined) errors.push(...validateStructure(value, first, path));
  }
  if (schema.oneOf !== undefined) {
    const valid = schema.oneOf.filter(fits).length;
    if (valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      errors.push(wholeValue(path, `${quoted(path)} must validate one and only one schema (oneOf). ${found}`));
    }
  }
  if (schema.allOf !== undefined) {
    const failures = schema.allOf.map((candidate) => validateStructure(value, candidate, path));
    errors.push(...failures.flat());
    if (failures.some((failed) => failed.length > 0)) {
      const none = failures.every((failed) => failed.length > 0) ? '. None validated' : '';
      errors.push(wholeValue(path, `${quoted(path)} must validate all the schemas (allOf)${none}`));
    }
  }
  if (schema.not !== undefined && fits(schema.not)) {
    errors.push(wholeValue(path, `${quoted(path)} must not validate the schema (not)`));
  }
}

/** The reference reports these without a field path. */
function wholeValue(place: string, text: string): CrdError {
  return { path: '<nil>', place, text: `Invalid value: "": ${text}` };
}
