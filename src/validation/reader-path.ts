/** Places as the protobuf reader names them, `http[0].headers["x"]`, turned into paths of the object. */
import type { FieldPath } from './path.ts';

const step = /([A-Za-z0-9_]+)|\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** The path of `place`, which the reader found in the JSON at `root`. */
export function pathInside(root: FieldPath, place: string): FieldPath {
  let path = root;
  for (const [, field, index, mapKey] of place.matchAll(step)) {
    if (field !== undefined) path = path.at(field);
    else if (index !== undefined) path = path.at(Number(index));
    else if (mapKey !== undefined) path = path.entry(unquote(mapKey));
  }
  return path;
}

/** Go's quotes are those of JSON but for control characters, which no useful key has. */
function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
