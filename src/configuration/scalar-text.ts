import { formatShortest } from '../go/ftoa.ts';

/** Text as sigs.k8s.io/yaml makes it where a string is meant: numbers and booleans are written out, null is empty; `undefined` for lists and maps. */
export function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : formatShortest(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value == null ? '' : undefined;
  }
}
