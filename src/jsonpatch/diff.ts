import { type JsonObject, deepEqual, isObject } from './equal.ts';
import { haveOtherNames, matchLists } from './match-lists.ts';
import { type Operation, escapePointer } from './operation.ts';

/**
 * The operations that turn `base` into `target`, in the order to apply them. Lists are compared by what belongs together
 * (named objects by name, others by value), so elements put before others are insertions and rewrite nothing.
 * Time is linear in the size of both, but for reordered lists, where it is n log n. Values are shared with `target`.
 */
export function diff(base: unknown, target: unknown): Operation[] {
  return new Difference().compare(base, base, target);
}

/**
 * Like {@link diff}, for an object that has a normal form: `base` is the normal form of `raw`, and the operations, found
 * between `base` and `target`, apply to `raw`. What `base` and `target` have in common stays in `raw` as it is written
 * there (a quantity `3000m` whose normal form is `3`); fields that `raw` lacks and `base` has are made only where something
 * in them changes.
 */
export function diffAgainstRaw(raw: unknown, base: unknown, target: unknown): Operation[] {
  return new Difference().compare(raw, base, target);
}

class Difference {
  readonly #operations: Operation[] = [];

  compare(raw: unknown, base: unknown, target: unknown): Operation[] {
    this.#value('', raw, base, target);
    return this.#operations;
  }

  #value(path: string, raw: unknown, base: unknown, target: unknown): void {
    if (base === target) return;
    if (isObject(base) && isObject(target)) {
      if (isObject(raw)) this.#object(path, raw, base, target);
      else if (!deepEqual(base, target)) this.#operations.push({ op: 'replace', path, value: target });
    } else if (Array.isArray(base) && Array.isArray(target)) {
      // Normal forms keep the elements of a list, so a raw list of another length is not the one that was read.
      if (Array.isArray(raw) && raw.length === base.length) this.#list(path, raw, base, target);
      else if (!deepEqual(base, target)) this.#operations.push({ op: 'replace', path, value: target });
    } else {
      this.#operations.push({ op: 'replace', path, value: target });
    }
  }

  #object(path: string, raw: JsonObject, base: JsonObject, target: JsonObject): void {
    const rawKey = raw === base ? (key: string): string => key : rawKeys(raw, base);
    for (const key of Object.keys(base)) {
      if (Object.hasOwn(target, key)) continue;
      const written = rawKey(key);
      if (Object.hasOwn(raw, written)) this.#operations.push({ op: 'remove', path: child(path, written) });
    }
    for (const key of Object.keys(target)) {
      const value = target[key];
      const written = rawKey(key);
      const inBase = Object.hasOwn(base, key);
      if (inBase && Object.hasOwn(raw, written)) {
        if (base[key] !== value) this.#value(child(path, written), raw[written], base[key], value);
      } else if (!inBase || !deepEqual(base[key], value)) {
        this.#operations.push({ op: 'add', path: child(path, written), value });
      }
    }
  }

  #list(path: string, raw: readonly unknown[], base: readonly unknown[], target: readonly unknown[]): void {
    // Istio compares by index. Where the raw text is not normal, which text survives depends on that; elsewhere it does not.
    const isNormal = raw === base || raw.every((item, index) => item === base[index]);
    const partners = isNormal ? matchLists(base, target) : matchByIndex(base, target);
    const kept = new Uint8Array(base.length);
    for (const partner of partners) if (partner !== -1) kept[partner] = 1;
    for (let index = base.length - 1; index >= 0; index--) {
      if (kept[index] === 0) this.#operations.push({ op: 'remove', path: child(path, String(index)) });
    }
    for (let index = 0; index < target.length; index++) {
      const partner = partners[index] ?? -1;
      const value = target[index];
      const place = child(path, String(index));
      if (partner === -1) {
        this.#operations.push({ op: 'add', path: place, value });
      } else if (isNormal && haveOtherNames(base[partner], value)) {
        this.#operations.push({ op: 'replace', path: place, value });
      } else if (base[partner] !== value) {
        this.#value(place, raw[partner], base[partner], value);
      }
    }
  }
}

/** Element i belongs to element i: how the API server's own elements are to be read where their text is not normal. */
function matchByIndex(base: readonly unknown[], target: readonly unknown[]): Int32Array {
  return Int32Array.from(target, (_value, index) => (index < base.length ? index : -1));
}

function child(path: string, key: string): string {
  // Joined, since `JSON.stringify` takes twice as long for a patch with texts that V8 has not put together yet.
  return [path, escapePointer(key)].join('/');
}

/** Go reads field names without regard to case; operations must name the field as the raw object does. */
function rawKeys(raw: JsonObject, base: JsonObject): (key: string) => string {
  let folded: Map<string, string> | undefined;
  return (key) => {
    if (Object.hasOwn(raw, key) || !Object.hasOwn(base, key)) return key;
    folded ??= new Map(Object.keys(raw).map((written) => [written.toLowerCase(), written]));
    return folded.get(key.toLowerCase()) ?? key;
  };
}
