/** Values as Go's fmt prints JSON values with %v, for the messages. */
import { formatShortest } from '../go/ftoa.ts';
import { isRecord } from '../yaml/index.ts';

/** Longer output says nothing more to a reader of a message. */
const MAX_PRINT_DEPTH = 20;

export function printValue(value: unknown, depth = 0): string {
  if (depth > MAX_PRINT_DEPTH) return '…';
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map((item) => printValue(item, depth + 1)).join(' ')}]`;
  if (isRecord(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${printValue(value[key], depth + 1)}`).join(' ')}]`;
  }
  return typeof value === 'number' ? formatShortest(value) : String(value);
}

/** What %s makes of a value that may not be a string. */
export function printAsString(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '%!s(<nil>)';
  if (typeof value === 'object') return printValue(value);
  return `%!s(${typeName(value)}=${printValue(value)})`;
}

/** The Go type a JSON value is decoded into. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'object':
      return 'map[string]interface {}';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'string';
  }
}
