/** Places in the data of a template, as far as a template may come to them. */
import { INTERFACE, type GoType, type StructField } from '../types.ts';

/** Stands for every key of a map and every index of a list. */
export const anyKey: unique symbol = Symbol('any key');

/** A field name or map key, or any of them. */
export type PlaceKey = string | typeof anyKey;

/** Deeper places count as parts of the one that is as deep as this; only recursive templates come there. */
const MAX_DEPTH = 24;
/** Places of one template; further ones count as parts of those around them. */
const MAX_PLACES = 20_000;

/**
 * One place in the data, such as `.Values.global.proxy`. That it exists says that a template may ask what stands there: nothing, a scalar (then
 * which), a map that is empty or not, a list of which length. What stands *in* it is read where there are children, or as a whole.
 */
export class Place {
  readonly parent: Place | undefined;
  /** Under which the place stands in its parent; Go names for fields. */
  readonly key: PlaceKey;
  /** The Go type of what stands there; undefined for plain JSON. */
  readonly type: GoType | undefined;
  readonly children = new Map<PlaceKey, Place>();
  /** Whether everything in it is read. */
  isWhole = false;
  /** Where in the source the template names it, in UTF-16 units. */
  readonly positions = new Set<number>();
  readonly #depth: number;
  readonly #all: { count: number };

  private constructor(parent: Place | undefined, key: PlaceKey, type: GoType | undefined) {
    this.parent = parent;
    this.key = key;
    this.type = type === INTERFACE ? undefined : type;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    this.#all = parent === undefined ? { count: 0 } : parent.#all;
    this.#all.count++;
  }

  /** The data as a whole. */
  static root(type?: GoType): Place {
    return new Place(undefined, '', type);
  }

  /** All keys from the outermost one. */
  get path(): readonly PlaceKey[] {
    return this.parent === undefined ? [] : [...this.parent.path, this.key];
  }

  /**
   * The place under a key. Undefined where there is none: a method was called, whose result is made of the whole (which
   * is then noted), or Go would fail.
   */
  child(key: PlaceKey): Place | undefined {
    const known = this.children.get(key);
    if (known !== undefined) return known;
    const { type } = this;
    if (type === undefined) return this.#add(key, undefined);
    const target = pointedTo(type);
    if (key === anyKey) {
      if (target.kind === 'slice' || target.kind === 'array' || target.kind === 'map')
        return this.#add(key, target.elem);
      this.isWhole = true;
      return undefined;
    }
    if (target.methods.has(key)) {
      const field = target.kind === 'struct' ? fieldOfGetter(target, key) : undefined;
      if (field !== undefined) return this.child(field.name);
      this.isWhole = true;
      return undefined;
    }
    if (target.kind === 'struct') return this.#add(key, target.fields.get(key)?.type);
    return target.kind === 'map' ? this.#add(key, target.elem) : undefined;
  }

  #add(key: PlaceKey, type: GoType | undefined): Place | undefined {
    if (this.#depth >= MAX_DEPTH || this.#all.count >= MAX_PLACES) {
      this.isWhole = true;
      return undefined;
    }
    const child = new Place(this, key, type);
    this.children.set(key, child);
    return child;
  }
}

/** The type behind pointers, which templates follow by themselves. */
export function pointedTo(type: GoType): GoType {
  let target = type;
  while (target.kind === 'ptr') target = target.elem;
  return target;
}

/** The field that `GetX` gives, for messages and object metadata. */
function fieldOfGetter(struct: GoType, method: string): StructField | undefined {
  return method.startsWith('Get') ? struct.fields.get(method.slice('Get'.length)) : undefined;
}
