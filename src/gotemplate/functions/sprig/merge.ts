/** Deep merge of maps as `dario.cat/mergo` 1.0.1 does it for sprig's `merge` and `mergeOverwrite`. */
import { truth } from '../../execute/truth.ts';
import { INTERFACE, STRING_MAP, type GoType } from '../../types.ts';
import { indirect, isNil, mapViewOf, rawOf, Typed, typeOf, type GoMap, type GoValue } from '../../values.ts';
import { FunctionError } from '../../function.ts';
import { assign, newMap } from '../maps.ts';
import { MAX_NODES } from '../limits.ts';

/** Merges the sources into the map, in place, and gives it back; a nil map becomes a new one. */
export function mergeInto(map: GoMap | null, sources: readonly (GoMap | null)[], overwrite: boolean): GoValue {
  let target = map;
  const merge = new Merge(overwrite);
  for (const source of sources) {
    if (source === null) continue;
    target ??= newMap();
    merge.maps(target, source);
  }
  return target ?? new Typed(typeOf({}) ?? STRING_MAP, null);
}

class Merge {
  readonly #overwrite: boolean;
  #steps = 0;

  constructor(overwrite: boolean) {
    this.#overwrite = overwrite;
  }

  maps(target: GoValue, source: GoValue): void {
    const from = mapViewOf(source);
    if (from === undefined) return;
    for (const key of from.keys) {
      if (++this.#steps > MAX_NODES) throw new FunctionError(`more than ${String(MAX_NODES)} values to merge`);
      this.#entry(target, key, from.get(key) ?? null, from.type.elem);
    }
  }

  #entry(target: GoValue, key: string, value: GoValue, declared: GoType): void {
    const to = mapViewOf(target);
    if (to === undefined) return;
    if (declared === INTERFACE && value === null) {
      if (this.#overwrite) store(target, key, null);
      return;
    }
    const known = to.has(key);
    const old = to.get(key) ?? null;
    const kind = typeOf(value)?.kind;
    if (kind === 'map' && !isNil(old)) this.maps(old, value);
    // A list replaces in an overwriting merge whatever it is and whatever was there.
    if (kind === 'slice' && this.#overwrite) store(target, key, value);
    if (known && !isEmpty(old)) {
      if (kind === 'slice') return;
      if (kind === 'map' && typeOf(old)?.kind === 'map') return;
    }
    if (this.#overwrite || !known || isEmpty(old)) store(target, key, value);
  }
}

/** mergo's notion: also a pointer to something empty is. */
function isEmpty(value: GoValue): boolean {
  return !truth(indirect(value));
}

/** `map[key] = value` for a map of any element type. */
function store(target: GoValue, key: string, value: GoValue): void {
  const to = mapViewOf(target);
  const elem = to?.type.elem ?? INTERFACE;
  const type = typeOf(value);
  if (elem !== INTERFACE && type !== elem) {
    throw new FunctionError(
      `reflect.Value.SetMapIndex: value of type ${type === undefined ? 'nil' : 'interface {}'} is not assignable to type ${elem.name}`,
    );
  }
  assign(rawOf(target) as GoMap | null, key, elem === INTERFACE ? value : (rawOf(value) as GoValue));
}
