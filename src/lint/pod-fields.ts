/** The fields of pods, as far as what templates write is held against them. */
import { childType, podType, type FieldType } from '../explanation/provenance/field-path.ts';
import { flattenFields } from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';

const fieldNames = new Map<string, ReadonlySet<string>>();

/** Whether a struct has a field; Go matches names of fields without regard to case. */
export function hasField(type: string, name: string): boolean {
  let names = fieldNames.get(type);
  if (names === undefined) {
    fieldNames.set(type, (names = new Set(flattenFields(type).map(({ json }) => json.toLowerCase()))));
  }
  return names.has(name.toLowerCase());
}

/** Keys that are no fields: directives of the merge, and merged maps. */
export const isDirective = (key: string): boolean => key.startsWith('$') || key === '<<';

/** Whether a decoded overlay has a field somewhere that pods do not have there. */
export function hasUnknownField(value: unknown, type: FieldType = podType): boolean {
  if (Array.isArray(value)) return value.some((item) => hasUnknownField(item, childType(type, '')));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([key, item]) => {
    if (isDirective(key)) return false;
    if (type.kind === 'struct' && !hasField(type.type, key)) return true;
    return hasUnknownField(item, childType(type, key));
  });
}
