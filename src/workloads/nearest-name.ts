/** What somebody may have meant by a name that nobody knows. */
import { isIstioName } from './known-names.ts';

/** How many letters may be wrong, missing, too many or swapped with their neighbour. */
const mostSlips = 2;

/**
 * The known name that is nearest to an unknown one: the same but for upper and lower case; a few slips away; or, under another
 * domain of Istio, the only one that ends alike. Only names of Istio are proposed.
 * @returns `undefined` when none is near
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  let nearest: string | undefined;
  let least = mostSlips + 1;
  const sameEnd: string[] = [];
  for (const candidate of known) {
    if (!isIstioName(candidate)) continue;
    const slips = slipsBetween(lower, candidate.toLowerCase());
    if (slips < least) [nearest, least] = [candidate, slips];
    if (isIstioName(name) && lastPart(lower) === lastPart(candidate.toLowerCase())) sameEnd.push(candidate);
  }
  return nearest ?? (sameEnd.length === 1 ? sameEnd[0] : undefined);
}

const lastPart = (name: string): string => name.slice(name.indexOf('/') + 1);

/**
 * Distance of two texts in slips (optimal string alignment), or some number above {@link mostSlips}.
 *
 * Only cells near the diagonal can count, and texts of very different lengths are not looked at, so that the work is bounded by the
 * length of the known name.
 */
export function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > mostSlips) return mostSlips + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      if (Math.abs(row - column) > mostSlips) {
        current.push(mostSlips + 1);
        continue;
      }
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
