/** What somebody may have meant by a name that does not exist. */
import { slipsBetween } from '../workloads/nearest-name.ts';

/** More slips make another word; of short names every letter counts. */
const mostSlips = (name: string): number => (name.length < 5 ? 1 : 2);

/** The known name that is the fewest slips away; `undefined` when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let found: string | undefined;
  let least = mostSlips(name) + 1;
  for (const candidate of known) {
    const slips = slipsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (slips < least && candidate !== name) [found, least] = [candidate, slips];
  }
  return found;
}

/** A sentence that proposes a name, or nothing. */
export function proposal(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `Did you mean "${name}"?`;
}
