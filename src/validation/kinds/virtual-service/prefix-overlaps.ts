/** HTTP matches whose path prefix, and whatever else they ask for, an earlier match covers. */
import type { HTTPMatchRequest, StringMatch } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';

/**
 * How much is done before giving up, counted in lookups and comparisons. It is enough for tens of thousands of ordinary
 * routes, and keeps routes made to be slow from taking more than a moment; only warnings are at stake.
 */
const workLimit = 4_000_000;
/** A lookup takes a text as long as this in the time of a comparison. */
const charactersPerUnit = 32;
/** No more overlaps than these are looked for: the answer has room for fewer. */
const maxPairs = 100_000;

type StringMatches = Readonly<Record<string, StringMatch>>;

interface Candidate {
  readonly order: number;
  readonly path: FieldPath;
  readonly rule: string;
  readonly name: string;
  readonly prefix: string;
  /** What the values of method, authority, headers and parameters are compared by, in a fixed order of keys. */
  readonly texts: readonly string[];
}

/**
 * Collects matches in order and finds those covered by an earlier one. Candidates are looked up by their prefix together
 * with all that must be equal (port and the names of headers and parameters), so the search does not compare all pairs.
 */
export class OverlapFinder {
  private readonly candidates = new Map<string, Candidate[]>();
  private readonly prefixLengths = new Set<number>();
  private readonly pairs: [earlier: Candidate, later: Candidate][] = [];
  private count = 0;
  private work = 0;

  /** Takes the next match; those without a path prefix do not count. */
  add(match: HTTPMatchRequest, path: FieldPath, rule: string, name: string): void {
    const prefix = match.uri?.prefix ?? '';
    if (prefix === '' || this.isExhausted) return;
    const { signature, texts } = describe(match);
    const candidate: Candidate = { order: this.count++, path, rule, name, prefix, texts };
    for (const length of this.prefixLengths) {
      if (length < prefix.length) this.compare(candidate, prefix.slice(0, length) + signature);
    }
    this.prefixLengths.add(prefix.length);
    const key = prefix + signature;
    const same = this.candidates.get(key);
    if (same === undefined) this.candidates.set(key, [candidate]);
    else same.push(candidate);
  }

  /** Warns of each covered match, ordered by the covering one. */
  warn(result: Result): void {
    this.pairs.sort(([a, b], [c, d]) => a.order - c.order || b.order - d.order);
    for (const [earlier, later] of this.pairs) {
      const message =
        `virtualService rule ${later.rule} match ${later.name} of prefix ${later.prefix} is not used ` +
        `(duplicate/overlapping match in rule ${earlier.name} of prefix ${earlier.prefix} on ${earlier.rule})`;
      result.warn(later.path, problem('route-unused', message));
    }
  }

  private get isExhausted(): boolean {
    return this.work > workLimit || this.pairs.length > maxPairs;
  }

  private compare(later: Candidate, key: string): void {
    const found = this.candidates.get(key) ?? [];
    this.work += 1 + key.length / charactersPerUnit + found.length;
    if (this.isExhausted) return;
    for (const earlier of found) {
      if (earlier.texts.every((text, index) => text.startsWith(later.texts[index] ?? ''))) {
        this.pairs.push([earlier, later]);
      }
    }
  }
}

function describe(match: HTTPMatchRequest): { signature: string; texts: string[] } {
  const texts = [comparable(match.method) || 'exact:GET', comparable(match.authority)];
  const keys = [match.headers, match.queryParams, match.withoutHeaders].map((conditions: StringMatches) => {
    const sorted = Object.keys(conditions).sort();
    for (const key of sorted) texts.push(comparable(conditions[key]));
    return sorted;
  });
  // Most matches have no such conditions.
  const names = texts.length > 2 ? JSON.stringify(keys) : '';
  return { signature: `\n${match.port} ${names}`, texts };
}

/** Regular expressions compare as nothing, as do empty texts, so they are covered by anything. */
function comparable({ exact = '', prefix = '' }: StringMatch = {}): string {
  if (exact !== '') return `exact:${exact}`;
  return prefix === '' ? '' : `prefix:${prefix}`;
}
