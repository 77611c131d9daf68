/**
 * Go types as the template engine sees them (Go package `reflect`): what a value's type is called in messages,
 * what may be assigned to what, which fields and methods it has. Types are interned, so `===` is type identity.
 */

/** reflect.Kind; the text is what Go prints for it. */
export type Kind =
  | 'invalid'
  | 'bool'
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'complex128'
  | 'string'
  | 'slice'
  | 'array'
  | 'map'
  | 'struct'
  | 'ptr'
  | 'interface'
  | 'func';

/** A field of a struct type. `get` reads the raw data of the field from the raw data of the struct (`undefined`: zero value). */
export interface StructField {
  readonly name: string;
  readonly type: GoType;
  readonly get: (struct: object) => unknown;
  /** Embedded in Go: its fields and methods are promoted, and `%+v` shows it by its type name. */
  readonly embedded?: boolean;
  /** Unexported fields are printed by `%v` but cannot be evaluated by a template. */
  readonly unexported?: boolean;
}

/** A method callable from templates; `call` gets the receiver's raw data, then the raw arguments (see function.ts). */
export interface Method {
  readonly name: string;
  readonly params: readonly GoType[];
  readonly variadic?: boolean;
  readonly result: GoType;
  /** Declared on the pointer: also callable on an addressable value, and safe on nil if `call` is. */
  readonly onPointer?: boolean;
  readonly call: (receiver: unknown, ...args: never[]) => unknown;
}

/** What a named type adds to its kind. Everything is lazy, since Go types refer to each other in cycles. */
export interface TypeDetails {
  readonly elem?: () => GoType;
  readonly key?: () => GoType;
  /** Fields in Go's declaration order (struct kinds only). */
  readonly fields?: () => readonly StructField[];
  readonly methods?: () => readonly Method[];
  /** `String() string`: used by every fmt verb that is valid for strings. Gets the raw data (null for a nil pointer). */
  readonly string?: (raw: unknown) => string;
  /** `string` is declared on the pointer type: only reached from pointers and addressable values. */
  readonly stringOnPointer?: boolean;
  /** Turns raw data into the data a value of this type carries, e.g. an enum's name into its number. */
  readonly decode?: (raw: unknown) => unknown;
  /** Interfaces with methods: whether a type implements it. Absent: the empty interface. */
  readonly implementedBy?: (type: GoType) => boolean;
  /** Length of an array type. */
  readonly length?: number;
}

/** One Go type. */
export class GoType {
  /** As `%T` prints it: `map[string]interface {}`, `*v1alpha1.ProxyConfig`, `[]v1.Container`. */
  readonly name: string;
  readonly kind: Kind;
  readonly details: TypeDetails;
  /** Makes values of this type from raw data; set up by `valueOf` (values.ts) on first use. */
  reader: ((raw: unknown, addressable: boolean) => unknown) | undefined = undefined;
  #fields: ReadonlyMap<string, StructField> | undefined;
  #methods: ReadonlyMap<string, Method> | undefined;
  #elem: GoType | undefined;
  #key: GoType | undefined;
  #pointer: GoType | undefined;
  #slice: GoType | undefined;

  constructor(name: string, kind: Kind, details: TypeDetails = {}) {
    this.name = name;
    this.kind = kind;
    this.details = details;
  }

  /** Element type of a slice, array, map or pointer; INTERFACE for anything else. */
  get elem(): GoType {
    return (this.#elem ??= this.details.elem?.() ?? INTERFACE);
  }

  /** Key type of a map. */
  get key(): GoType {
    return (this.#key ??= this.details.key?.() ?? STRING);
  }

  /** Fields by name, in declaration order, promoted fields of embedded structs last. */
  get fields(): ReadonlyMap<string, StructField> {
    return (this.#fields ??= fieldMap(this.details.fields?.() ?? []));
  }

  get methods(): ReadonlyMap<string, Method> {
    return (this.#methods ??= new Map((this.details.methods?.() ?? []).map((m) => [m.name, m])));
  }

  get pointer(): GoType {
    return (this.#pointer ??= new GoType(`*${this.name}`, 'ptr', { elem: () => this }));
  }

  get slice(): GoType {
    return (this.#slice ??= new GoType(`[]${this.name}`, 'slice', { elem: () => this }));
  }
}

function fieldMap(fields: readonly StructField[]): ReadonlyMap<string, StructField> {
  const map = new Map(fields.map((field) => [field.name, field]));
  for (const outer of fields) {
    if (!outer.embedded) continue;
    for (const inner of outer.type.fields.values()) {
      if (map.has(inner.name)) continue;
      const get = (struct: object): unknown => {
        const part = outer.get(struct);
        return part === null || typeof part !== 'object' ? undefined : inner.get(part);
      };
      map.set(inner.name, { ...inner, get });
    }
  }
  return map;
}

export const INTERFACE = new GoType('interface {}', 'interface');
export const BOOL = new GoType('bool', 'bool');
export const STRING = new GoType('string', 'string');
export const INT = new GoType('int', 'int');
export const INT32 = new GoType('int32', 'int32');
export const INT64 = new GoType('int64', 'int64');
export const UINT8 = new GoType('uint8', 'uint8');
export const UINT32 = new GoType('uint32', 'uint32');
export const UINT64 = new GoType('uint64', 'uint64');
export const FLOAT64 = new GoType('float64', 'float64');
export const COMPLEX128 = new GoType('complex128', 'complex128');
export const ERROR = new GoType('error', 'interface', { implementedBy: () => false });
/** A parameter of this type takes any argument as it is, also a missing one (Go's `reflect.Value` parameters of the built-ins). */
export const REFLECT_VALUE = new GoType('reflect.Value', 'struct');

const maps = new Map<GoType, Map<GoType, GoType>>();

/** `map[key]elem` */
export function mapOf(key: GoType, elem: GoType): GoType {
  let byElem = maps.get(key);
  if (byElem === undefined) maps.set(key, (byElem = new Map()));
  let type = byElem.get(elem);
  if (type === undefined) {
    type = new GoType(`map[${key.name}]${elem.name}`, 'map', { key: () => key, elem: () => elem });
    byElem.set(elem, type);
  }
  return type;
}

export const LIST = INTERFACE.slice;
export const MAP = mapOf(STRING, INTERFACE);
export const STRING_MAP = mapOf(STRING, STRING);
export const STRINGS = STRING.slice;

const INT_KINDS: ReadonlySet<Kind> = new Set<Kind>(['int', 'int8', 'int16', 'int32', 'int64']);
const UINT_KINDS: ReadonlySet<Kind> = new Set<Kind>(['uint', 'uint8', 'uint16', 'uint32', 'uint64']);
const NILABLE_KINDS: ReadonlySet<Kind> = new Set<Kind>(['slice', 'map', 'ptr', 'interface', 'func']);

export const isSigned = (kind: Kind): boolean => INT_KINDS.has(kind);
export const isUnsigned = (kind: Kind): boolean => UINT_KINDS.has(kind);
export const isInteger = (kind: Kind): boolean => INT_KINDS.has(kind) || UINT_KINDS.has(kind);
/** reflect.Value.IsNil is allowed for these kinds. */
export const isNilable = (kind: Kind): boolean => NILABLE_KINDS.has(kind);

const comparable = new WeakMap<GoType, boolean>();

/** reflect.Type.Comparable: whether `==` is defined for the type. A struct is as comparable as its fields. */
export function isComparable(type: GoType): boolean {
  if (type.kind === 'array') return isComparable(type.elem);
  if (type.kind !== 'struct') return type.kind !== 'slice' && type.kind !== 'map' && type.kind !== 'func';
  let known = comparable.get(type);
  if (known === undefined) {
    known = [...type.fields.values()].every((field) => isComparable(field.type));
    comparable.set(type, known);
  }
  return known;
}

/** Whether the type was declared with a name (`v1.Protocol`, `string`) and not spelled out (`[]string`, `map[string]string`). */
function isNamed(type: GoType): boolean {
  switch (type.kind) {
    case 'slice':
    case 'array':
      return !type.name.startsWith('[');
    case 'map':
      return !type.name.startsWith('map[');
    case 'ptr':
      return false;
    default:
      return true;
  }
}

/** reflect.Type.AssignableTo, for the types that reach templates. */
export function isAssignable(from: GoType, to: GoType): boolean {
  if (from === to) return true;
  if (to.kind === 'interface') return to.details.implementedBy?.(from) ?? true;
  if (from.kind !== to.kind || (isNamed(from) && isNamed(to))) return false;
  switch (from.kind) {
    case 'map':
      return sameType(from.key, to.key) && sameType(from.elem, to.elem);
    case 'slice':
    case 'ptr':
      return sameType(from.elem, to.elem);
    default:
      return false;
  }
}

const sameType = (a: GoType, b: GoType): boolean => a === b || (!isNamed(a) && !isNamed(b) && a.name === b.name);
