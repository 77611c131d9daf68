/** Changes of JSON values that keep it JSON: what decoders, templates and rules see is then what was changed. */
import type { Random } from '../soak/random.ts';
import { knownMetadata, metadataTexts, oddKeys, oddTexts, writeRaw } from './odd-values.ts';

type Container = Record<string, unknown> | unknown[];

/** A place in a value. */
interface Place {
  readonly parent: Container;
  readonly key: string | number;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Sets an own member, whatever its name. */
function set(parent: Container, key: string | number, value: unknown): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function get({ parent, key }: Place): unknown {
  return Object.getOwnPropertyDescriptor(parent, key)?.value as unknown;
}

function placesOf(root: Container): Place[] {
  const places: Place[] = [];
  const open: Container[] = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const key of Object.keys(parent)) {
      const place = { parent, key: Array.isArray(parent) ? Number(key) : key };
      places.push(place);
      const value = get(place);
      if (isContainer(value)) open.push(value);
    }
  }
  return places;
}

type Change = (place: Place, random: Random, values: readonly unknown[]) => void;

const changes: readonly Change[] = [
  function replace({ parent, key }, random, values) {
    set(parent, key, structuredClone(random.pick(values)));
  },
  function replaceText({ parent, key }, random) {
    set(parent, key, random.pick(oddTexts));
  },
  function remove({ parent, key }) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent, key);
  },
  function rename(place, random) {
    const { parent, key } = place;
    if (Array.isArray(parent)) return;
    const value = get(place);
    Reflect.deleteProperty(parent, key);
    set(parent, random.pick(oddKeys), value);
  },
  function repeat(place, random) {
    const { parent, key } = place;
    if (!Array.isArray(parent)) return;
    const times = Math.floor(2 ** random.between(0, 8));
    parent.splice(Number(key), 0, ...Array.from({ length: times }, () => structuredClone(get(place))));
  },
  function wrap(place, random) {
    const value = get(place);
    set(place.parent, place.key, random.next() < 0.5 ? [value] : { [random.pick(oddKeys)]: value });
  },
  function add(place, random, values) {
    const value = get(place);
    const added = structuredClone(random.pick(values));
    if (Array.isArray(value)) value.push(added);
    else if (isContainer(value)) set(value, random.pick(oddKeys), added);
  },
  function addMany(place, random) {
    const value = get(place);
    if (!isContainer(value) || Array.isArray(value)) return;
    const count = Math.floor(2 ** random.between(0, 9));
    for (let index = 0; index < count; index += 1)
      set(value, `example.com/x-${index}`, random.pick(oddTexts.slice(0, 6)));
  },
  function swap(place, random) {
    const others = Object.keys(place.parent);
    const other = { parent: place.parent, key: random.pick(others) };
    const [one, two] = [get(place), get(other)];
    set(place.parent, place.key, two);
    set(other.parent, other.key, one);
  },
];

/** Writes labels and annotations that the injector reads; the other changes would hardly hit their names. */
function writeMetadata(root: Container, random: Random): void {
  const object = get({ parent: get({ parent: root, key: 'request' }) as Container, key: 'object' });
  if (!isContainer(object)) return;
  const metadata = get({ parent: object, key: 'metadata' });
  if (!isContainer(metadata) || Array.isArray(metadata)) return;
  const name = random.pick(['annotations', 'annotations', 'labels']);
  const map = get({ parent: metadata, key: name });
  const target = isContainer(map) ? map : {};
  set(metadata, name, target);
  const text = random.next() < 0.7 ? random.pick(metadataTexts) : random.pick(oddTexts);
  set(target, random.pick(knownMetadata), text);
}

/** Changes a review in one to five ways and gives its text. */
export function mutateReview(review: object, random: Random, values: readonly unknown[]): Buffer {
  const root = structuredClone(review) as Container;
  for (let count = 1 + Math.floor(random.next() ** 2 * 5); count > 0; count -= 1) {
    if (random.next() < 0.3) {
      if (isContainer(get({ parent: root, key: 'request' }))) writeMetadata(root, random);
      continue;
    }
    const places = placesOf(root);
    if (places.length > 0) random.pick(changes)(random.pick(places), random, values);
  }
  return Buffer.from(writeRaw(JSON.stringify(root)));
}
