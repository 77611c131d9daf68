/**
 * YAML read into a Kubernetes type as sigs.k8s.io/yaml's Unmarshal does: where the type wants a string, numbers and
 * booleans become one (`name: off` is "false"), but not below an embedded struct, which its search for fields does not enter.
 */
import { YamlError, decodeYamlExact, formatFloat32, isRecord, setOwn } from '../yaml/index.ts';
import { DecodeError } from './decode-context.ts';
import { type FieldDefinition, parseGoType, typeDefinition } from './field-table.ts';
import { decodeTyped } from './typed.ts';

/**
 * The first document of a YAML text as a value of a Kubernetes type, in the form that decodeTyped gives.
 * @throws {YamlError} for YAML that is wrong and for values that do not fit the type, with Go's message
 */
export function decodeTypedYaml(type: string, text: string): unknown {
  const value = coerce(decodeYamlExact(text), type);
  try {
    return decodeTyped(type, value);
  } catch (error) {
    if (error instanceof DecodeError) {
      throw new YamlError(`error unmarshaling JSON: while decoding JSON: ${error.message}`);
    }
    throw error;
  }
}

/** `type` is undefined where the search for the type has ended. */
function coerce(value: unknown, type: string | undefined): unknown {
  if (Array.isArray(value)) {
    const element = elementType(type, 'slice');
    return value.map((item) => coerce(item, element));
  }
  if (isRecord(value)) {
    const result = {};
    for (const key of Object.keys(value)) setOwn(result, key, coerce(value[key], memberType(type, key)));
    return result;
  }
  return isString(type) ? asString(value) : typeof value === 'bigint' ? Number(value) : value;
}

function asString(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatFloat32(value);
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value;
}

function withoutPointer(type: string): string {
  return type.startsWith('*') ? type.slice(1) : type;
}

function isString(type: string | undefined): boolean {
  if (type === undefined) return false;
  const name = withoutPointer(type);
  return (typeDefinition(name)?.kind ?? name) === 'string';
}

function elementType(type: string | undefined, kind: 'slice' | 'map'): string | undefined {
  if (type === undefined) return undefined;
  const parsed = parseGoType(withoutPointer(type));
  return parsed.kind === kind ? parsed.element : undefined;
}

function memberType(type: string | undefined, key: string): string | undefined {
  if (type === undefined) return undefined;
  const fields = typeDefinition(withoutPointer(type))?.fields;
  return fields === undefined ? elementType(type, 'map') : structMemberType(fields, key);
}

function structMemberType(fields: readonly FieldDefinition[], key: string): string | undefined {
  const folded = key.toLowerCase();
  const exact = fields.find((field) => holds(field, (name) => name === key));
  return (exact ?? fields.find((field) => holds(field, (name) => name.toLowerCase() === folded)))?.type;
}

/** Whether the field, or a field of the struct embedded by it, has such a name. */
function holds(field: FieldDefinition, matches: (name: string) => boolean): boolean {
  if (field.inline !== true) return matches(field.json);
  return (typeDefinition(field.type)?.fields ?? []).some((inner) => holds(inner, matches));
}
