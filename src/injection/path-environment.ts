/** Environment of the proxy written into the webhook's URL: `/inject/cluster/c1/net/n1`. */
import { toUpper } from '../go/unicode.ts';
import { mapOf } from './maps.ts';
import { env } from './names.ts';

/** Environment variables by name; inherits nothing. */
export type Environment = Readonly<Record<string, string>>;

const shortNames: ReadonlyMap<string, string> = new Map([
  ['cluster', env.clusterId],
  ['net', env.network],
]);

/** Marks the older form `/inject/:ENV:cluster=c1:ENV:net=n1`. */
const envMark = ':ENV:';

/** What {@link readPathEnvironment} found. */
export interface PathEnvironment {
  readonly env: Environment;
  /** Lines for the log. */
  readonly warnings: readonly string[];
}

/**
 * Reads the environment from a request path.
 * @param path unescaped, without the query
 */
export function readPathEnvironment(path: string): PathEnvironment {
  const rest = /^[^/]*\/[^/]*\/(.*)$/s.exec(path.endsWith('/') ? path.slice(0, -1) : path)?.[1];
  if (rest === undefined) return { env: mapOf(), warnings: [] };
  const words = rest.startsWith(envMark) ? markedWords(rest) : segmentWords(rest);
  const odd = words.length % 2 === 0 ? undefined : words.pop();
  const warnings = odd === undefined ? [] : [`Odd number of inject env entries, ignore the last key ${odd}`];
  return { env: mapOf(pairs(words)), warnings };
}

/** The path of a URL as it stands on the request line: without its query, and unescaped where the escapes are well formed. */
export function pathOfTarget(target: string): string {
  const path = target.split('?', 1)[0] ?? '';
  if (!path.includes('%')) return path;
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

function segmentWords(rest: string): string[] {
  return rest.split('/').map((word, index) => (index % 2 === 1 ? word.replaceAll('--slash--', '/') : word));
}

/** `name=value` pieces; those without a name or without `=` are ignored. */
function markedWords(rest: string): string[] {
  return rest
    .split(envMark)
    .slice(1)
    .flatMap((piece) => {
      const split = piece.indexOf('=');
      return split > 0 ? [piece.slice(0, split), piece.slice(split + 1)] : [];
    });
}

function* pairs(words: readonly string[]): Generator<[string, string]> {
  for (let i = 0; i + 1 < words.length; i += 2) {
    const key = words[i] ?? '';
    const name = shortNames.get(key) ?? toUpper(key);
    if (name !== '') yield [name, words[i + 1] ?? ''];
  }
}
