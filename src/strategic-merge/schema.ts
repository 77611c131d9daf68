import { type FlatField, flattenFields, parseGoType, typeDefinition } from '../kubernetes/index.ts';
import { MergeError } from './error.ts';

/** How one field is merged. */
export interface FieldRule {
  /** `merge` for lists that are merged, `replace` for maps that are not; empty for the default of its kind. */
  readonly strategy: string;
  /** The field that identifies the elements of a merged list; empty for lists of scalars. */
  readonly mergeKey: string;
  /** The field's own type, and for lists that of the elements. */
  readonly schema: MergeSchema;
}

const schemas = new Map<string, MergeSchema>();

/** The merge rules of a Kubernetes type, from the field tables. */
export function mergeSchema(type: string): MergeSchema {
  let schema = schemas.get(type);
  if (schema === undefined) {
    schema = new MergeSchema(type);
    schemas.set(type, schema);
  }
  return schema;
}

/** What the field tables say about merging one type. */
export class MergeSchema {
  readonly #type: string;
  /** Go's kind of the type: struct, map, slice, string … */
  readonly kind: string;
  #fields: ReadonlyMap<string, FlatField> | undefined;
  readonly #rules = new Map<string, FieldRule>();

  constructor(type: string) {
    this.#type = type.startsWith('*') ? type.slice(1) : type;
    const parsed = parseGoType(this.#type);
    this.kind = parsed.kind === 'named' ? goKind(parsed.name) : parsed.kind;
  }

  /**
   * The rule of a JSON field.
   * @throws {MergeError} when the type has no such field
   */
  field(name: string): FieldRule {
    const known = this.#rules.get(name);
    if (known !== undefined) return known;
    const field = this.#find(name);
    const strategy = (field.patchStrategy ?? []).find((item) => item !== 'retainKeys') ?? '';
    const rule = { strategy, mergeKey: field.patchMergeKey ?? '', schema: mergeSchema(field.type) };
    this.#rules.set(field.json, rule);
    return rule;
  }

  /** The rule of a list; its schema is that of the elements. */
  list(name: string): FieldRule {
    const rule = this.field(name);
    return { ...rule, schema: rule.schema.#elements(this.kind) };
  }

  #find(name: string): FlatField {
    if (this.kind !== 'struct') {
      throw new MergeError(`merging an object in json but data type is not struct, instead is: ${this.kind}`);
    }
    this.#fields ??= new Map(flattenFields(this.#type).flatMap((field) => [[field.json, field]]));
    const exact = this.#fields.get(name);
    if (exact !== undefined) return exact;
    const folded = name.toLowerCase();
    for (const field of this.#fields.values()) {
      if (field.json.toLowerCase() === folded) return field;
    }
    const shown = this.#type.replace(/^.*\./, '');
    throw new MergeError(`unable to find api field in struct ${shown} for the json field ${JSON.stringify(name)}`);
  }

  #elements(ownerKind: string): MergeSchema {
    const parsed = parseGoType(this.#type);
    if (parsed.kind !== 'slice') throw new MergeError(`expected slice or array type, but got: ${ownerKind}`);
    return mergeSchema(parsed.element);
  }
}

function goKind(name: string): string {
  const kind = typeDefinition(name)?.kind ?? name;
  return kind === 'quantity' || kind === 'intOrString' || kind === 'time' || kind === 'rawJson' ? 'struct' : kind;
}
