/** Deep copies as `github.com/mitchellh/copystructure` makes them. */
import { Version } from '../../../go/semver.ts';
import { FunctionError } from '../../function.ts';
import { Typed, type GoMap, type GoValue } from '../../values.ts';
import { MAX_NODES } from '../limits.ts';
import { assign, newMap } from '../maps.ts';

/** Copies maps and lists; structs, messages and scalars cannot be changed by a template and stay as they are. */
export function deepCopy(value: GoValue): GoValue {
  if (value == null) throw new FunctionError('reflect: call of reflect.Value.Type on zero Value');
  return new Copier().copy(value);
}

class Copier {
  #nodes = 0;

  copy(value: GoValue): GoValue {
    if (++this.#nodes > MAX_NODES) throw new FunctionError(`more than ${String(MAX_NODES)} values to copy`);
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (Array.isArray(value)) return value.map((item) => this.copy(item));
    return value instanceof Typed ? this.#copyTyped(value) : this.#copyMap(value);
  }

  #copyMap(map: GoMap): GoMap {
    const copy = newMap();
    for (const key of Object.keys(map)) assign(copy, key, this.copy(map[key]));
    return copy;
  }

  /** Elements of typed containers are raw data; only lists of lists of anything hold values that can change. */
  #copyTyped(value: Typed): Typed {
    const { type, data } = value;
    // Fields that are not exported are not copied, and a version has no others.
    if (data instanceof Version) return new Typed(type, new Version([0n, 0n, 0n], '', '', ''));
    if (Array.isArray(data))
      return new Typed(
        type,
        data.map((item) => this.#copyRaw(item)),
      );
    if (type.kind === 'map' && data !== null) return new Typed(type, this.#copyRaw(data));
    return value;
  }

  #copyRaw(raw: unknown): unknown {
    if (typeof raw !== 'object' || raw === null || raw instanceof Typed) return raw;
    if (Array.isArray(raw)) return raw.map((item) => this.#copyRaw(item));
    return Object.getPrototypeOf(raw) === null || Object.getPrototypeOf(raw) === Object.prototype
      ? this.#copyMap(raw as GoMap)
      : raw;
  }
}
