/** Seeded random changes of JSON data, to try what must not depend on them, or must. */

/** Numbers below a bound, from a seed (mulberry32). */
export type Random = (below: number) => number;

export function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

/** A seed that is the same for the same text. */
export const seedOf = (text: string): number => [...text].reduce((seed, char) => seed * 31 + char.charCodeAt(0), 7) | 0;

type Container = Record<string, unknown> | unknown[];

/** All maps and lists of some data. */
function containersOf(data: unknown, skip: ReadonlySet<string>): Container[] {
  const found: Container[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    found.push(value as Container);
    for (const [key, item] of Object.entries(value)) if (value !== data || !skip.has(key)) collect(item);
  };
  collect(data);
  return found;
}

/**
 * Changes, adds or removes one thing somewhere in the data, in place; values keep their JSON type.
 * @param skip keys of the data itself that stay
 */
export function mutate(data: unknown, random: Random, skip: ReadonlySet<string> = new Set()): void {
  const containers = containersOf(data, skip);
  const container = containers[random(containers.length)];
  if (container === undefined) return;
  const keys = Object.keys(container).filter((key) => container !== data || !skip.has(key));
  const key = keys[random(keys.length || 1)];
  if (key === undefined) return;
  const slot = container as Record<string, unknown>;
  const value = slot[key];
  const choice = random(4);
  if (choice === 0 && !Array.isArray(container)) Reflect.deleteProperty(slot, key);
  else if (typeof value === 'string') slot[key] = ['', `${value}x`, '"', 'true'][choice];
  else if (typeof value === 'number') slot[key] = value + choice;
  else if (typeof value === 'boolean') slot[key] = !value;
  else if (Array.isArray(value) && choice === 1) value.pop();
  else if (Array.isArray(value) && value.length > 0) value.push(structuredClone(value[0]));
  else if (isStringMap(value)) value['added'] = 'x';
}

const isStringMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string');
