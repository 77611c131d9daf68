/** What a value of a template may be, without knowing the data: parts of the data, or maps and lists that the template made of such. */
import { anyKey, type Place, type PlaceKey } from './place.ts';

/** The sum of everything that a value may be. What is made of data that was read already does not show. */
export interface Shape {
  /** The value may be what stands at one of these places. */
  readonly places: ReadonlySet<Place>;
  /** The value may be a map or list made by the template, with these entries. */
  readonly parts: ReadonlyMap<PlaceKey, Shape>;
  /** How deep parts nest. */
  readonly depth: number;
}

const noPlaces: ReadonlySet<Place> = new Set();
const noParts: ReadonlyMap<PlaceKey, Shape> = new Map();

/** A value of which nothing is to be read any more: a constant, or computed. */
export const nothing: Shape = { places: noPlaces, parts: noParts, depth: 0 };

export function placeShape(places: Iterable<Place>): Shape {
  return { places: new Set(places), parts: noParts, depth: 0 };
}

/** A map or list of the template's own. */
export function composedShape(parts: ReadonlyMap<PlaceKey, Shape>): Shape {
  return { places: noPlaces, parts, depth: 1 + Math.max(0, ...[...parts.values()].map(({ depth }) => depth)) };
}

/** Either of the two; `left` itself when `right` adds nothing. */
export function join(left: Shape, right: Shape): Shape {
  if (left === right || right === nothing) return left;
  if (left === nothing) return right;
  const places = [...right.places].every((place) => left.places.has(place))
    ? left.places
    : new Set([...left.places, ...right.places]);
  const parts = joinParts(left.parts, right.parts);
  if (places === left.places && parts === left.parts) return left;
  return { places, parts, depth: Math.max(left.depth, right.depth) };
}

function joinParts(
  left: ReadonlyMap<PlaceKey, Shape>,
  right: ReadonlyMap<PlaceKey, Shape>,
): ReadonlyMap<PlaceKey, Shape> {
  let joined: Map<PlaceKey, Shape> | undefined;
  for (const [key, shape] of right) {
    const known = left.get(key);
    const both = known === undefined ? shape : join(known, shape);
    if (known !== undefined && both === known) continue;
    joined ??= new Map(left);
    joined.set(key, both);
  }
  return joined ?? left;
}

export const joinAll = (shapes: Iterable<Shape>): Shape => [...shapes].reduce(join, nothing);

/** The entry under a key. */
export function select({ places, parts }: Shape, key: PlaceKey): Shape {
  let selected = nothing;
  if (places.size > 0) {
    const children = [...places].map((place) => place.child(key)).filter((place) => place !== undefined);
    if (children.length > 0) selected = placeShape(children);
  }
  if (parts.size === 0) return selected;
  if (key === anyKey) return join(selected, joinAll(parts.values()));
  return join(join(selected, parts.get(key) ?? nothing), parts.get(anyKey) ?? nothing);
}

/** Everything in the value is read. */
export function readWhole({ places, parts }: Shape): void {
  for (const place of places) place.isWhole = true;
  for (const part of parts.values()) readWhole(part);
}
