/**
 * How the request path is read: as Go's `net/http.ServeMux` (Go 1.26) reads it, since the paths of the webhooks are
 * patterns of such a mux. Redirects, escapes and misses are the same, down to the escaping of redirects.
 */

import { parseDuration } from '../go/duration.ts';

/** Patterns served over HTTPS: an exact path, and for the webhooks also everything below it. */
const routes = [
  { name: 'inject', subtree: true },
  { name: 'validate', subtree: true },
  { name: 'workloads', subtree: true },
  { name: 'config', subtree: false },
  { name: 'ready', subtree: false },
] as const;

export type RouteName = (typeof routes)[number]['name'];

/** What a request target asks for. `path` is unescaped; `timeout` is how long the client waits, in milliseconds, where it says so. */
export type Target =
  | { kind: 'route'; name: RouteName; path: string; timeout?: number }
  | { kind: 'redirect'; location: string }
  | { kind: 'not-found'; path: string }
  | { kind: 'malformed' };

/** Resolves a request target (`/inject/net/n1?timeout=10s`). Of the query only `timeout` is read; redirects keep it. */
export function resolveTarget(target: string): Target {
  const fast = fastTargets.get(target);
  if (fast !== undefined) return fast;
  const { rawPath, query } = splitTarget(target);
  const path = unescapePath(rawPath);
  if (path === undefined || !path.startsWith('/')) return { kind: 'malformed' };
  const escaped = validEscaped.test(rawPath) ? rawPath : escapePath(path);
  const clean = cleanPath(escaped);
  if (clean !== escaped) {
    // Go builds the Location from the still escaped path, so that a `%` in it is escaped once more.
    return { kind: 'redirect', location: escapePath(clean) + (query === '' ? '' : `?${query}`) };
  }
  const [, first = '', ...rest] = escaped.split('/');
  const segment = unescapePath(first);
  const route = routes.find(({ name, subtree }) => name === segment && (subtree || rest.length === 0));
  if (route === undefined) return { kind: 'not-found', path };
  return { kind: 'route', name: route.name, path, timeout: readTimeout(query) };
}

/** What the API server nearly always sends; it adds `?timeout=…` to the path of the webhook configuration. */
const fastTargets = new Map<string, Target>(
  routes.flatMap(({ name }) =>
    ['', 'timeout=5s', 'timeout=10s', 'timeout=30s'].map((query) => [
      query === '' ? `/${name}` : `/${name}?${query}`,
      { kind: 'route', name, path: `/${name}`, timeout: readTimeout(query) } as const,
    ]),
  ),
);

/** The time limit that the API server writes behind the path of a webhook, a Go duration; what is none counts as absent. */
function readTimeout(query: string): number | undefined {
  const text = /(?:^|&)timeout=([0-9a-z.]{1,32})(?:&|$)/.exec(query)?.[1];
  if (text === undefined) return undefined;
  try {
    const milliseconds = Number(parseDuration(text)) / 1e6;
    return milliseconds > 0 ? milliseconds : undefined;
  } catch {
    return undefined;
  }
}

/** Splits off the query, and the scheme and host of a target in absolute form. */
function splitTarget(target: string): { rawPath: string; query: string } {
  const mark = target.indexOf('?');
  const full = mark < 0 ? target : target.slice(0, mark);
  return {
    rawPath: full.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''),
    query: mark < 0 ? '' : target.slice(mark + 1),
  };
}

/** `url.PathUnescape`; `undefined` when an escape is malformed. Bytes that are not UTF-8 become U+FFFD. */
function unescapePath(path: string): string | undefined {
  if (!path.includes('%')) return path;
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

/** Paths that Go takes as already properly escaped (`net/url`, validEncoded). */
const validEscaped = /^(?:[A-Za-z0-9\-._~$&+,/:;=@!'()*[\]]|%[0-9a-f]{2})*$/i;

/** Escapes a path as `url.URL.String` does. */
function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** `net/http`'s cleanPath: without empty, `.` and `..` segments; a final slash stays. */
function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const clean = `/${kept.join('/')}`;
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}
