/** Where values of a template come from: places in the data that the template is rendered with. */

/** One place in the data: `.Values.global.proxy` is the path of those three keys. The same place is always the same object. */
export class DataPath {
  /** The place around this one; undefined for the data as a whole. */
  readonly parent: DataPath | undefined;
  /** Field name, map key or list index. */
  readonly key: string;
  readonly #children = new Map<string, DataPath>();

  constructor(parent?: DataPath, key = '') {
    this.parent = parent;
    this.key = key;
  }

  child(key: string): DataPath {
    let child = this.#children.get(key);
    if (child === undefined) this.#children.set(key, (child = new DataPath(this, key)));
    return child;
  }

  /** All keys from the outermost one. */
  get keys(): readonly string[] {
    return this.parent === undefined ? [] : [...this.parent.keys, this.key];
  }
}

export type DataPaths = ReadonlySet<DataPath>;

/** What one value was made of. */
export interface Origin {
  /** The value is what stands there, untouched. */
  readonly at?: DataPath;
  /** What it was computed from. */
  readonly reads: DataPaths;
  /** What decided that it is this value and not another one. */
  readonly conditions: DataPaths;
}

export const NO_PATHS: DataPaths = new Set();
/** The origin of a constant. */
export const NOTHING: Origin = { reads: NO_PATHS, conditions: NO_PATHS };

/** Everything the value itself comes from. */
export function readsOf({ at, reads }: Origin): DataPaths {
  if (at === undefined) return reads;
  return reads.size === 0 ? new Set([at]) : new Set([at, ...reads]);
}

/** Everything the value depends on in any way. */
export const pathsOf = (origin: Origin): DataPaths => union(readsOf(origin), origin.conditions);

export function union(...sets: readonly DataPaths[]): DataPaths {
  const filled = sets.filter((set) => set.size > 0);
  const [first = NO_PATHS] = filled;
  return filled.length < 2 ? first : new Set(filled.flatMap((set) => [...set]));
}

export const withConditions = (origin: Origin, paths: DataPaths): Origin =>
  paths.size === 0 ? origin : { ...origin, conditions: union(origin.conditions, paths) };

/** The origin of a part of a value. */
export function partOf(origin: Origin, keys: readonly string[]): Origin {
  const { at } = origin;
  return at === undefined ? origin : { ...origin, at: keys.reduce((path, key) => path.child(key), at) };
}

/** The origin of a value computed from several others. */
export function joined(origins: readonly Origin[]): Origin {
  return { reads: union(...origins.map(readsOf)), conditions: union(...origins.map(({ conditions }) => conditions)) };
}
