/** URLs as Go's `net/url` parses and writes them. */
import { parseAddr } from './netip.ts';
import { quote } from './quote.ts';
import { escapeUrlPart, isValidEncoding, unescapeUrlPart } from './url-escape.ts';
import { toLower } from './unicode.ts';

/** A text that is no URL, worded as Go's `*url.Error`: `parse "…": missing protocol scheme`. */
export class UrlError extends Error {
  override name = 'UrlError';
}

/** User name and, when there was a colon, password; both unescaped. */
export interface Userinfo {
  readonly username: string;
  readonly password?: string;
}

/** `url.URL`; every part unescaped unless its name says raw. */
export interface Url {
  readonly scheme: string;
  /** What follows the scheme when that is no slash: `mailto:user@host`. */
  readonly opaque: string;
  readonly user?: Userinfo;
  /** Host and port as written, a host in brackets keeping them. */
  readonly host: string;
  readonly path: string;
  /** The path as written, when that is not how {@link formatUrl} would write it. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
  readonly rawFragment: string;
  /** There was a `?` with nothing after it. */
  readonly forceQuery: boolean;
  /** There was a scheme and an absolute path, but no `//`. */
  readonly omitHost: boolean;
}

const EMPTY: Url = {
  scheme: '',
  opaque: '',
  host: '',
  path: '',
  rawPath: '',
  rawQuery: '',
  fragment: '',
  rawFragment: '',
  forceQuery: false,
  omitHost: false,
};

/** `url.Parse`. Throws {@link UrlError}. */
export function parseUrl(text: string): Url {
  const [withoutFragment, fragment] = cut(text, '#');
  const url = failingFor(withoutFragment, () => parseParts(withoutFragment));
  if (fragment === '') return url;
  const unescaped = failingFor(text, () => unescapeUrlPart(fragment, 'fragment'));
  const written = escapeUrlPart(unescaped, 'fragment') === fragment ? '' : fragment;
  return { ...url, fragment: unescaped, rawFragment: written };
}

/** `url.ParseRequestURI`: an absolute URL or path, as in a request line; there is no fragment. Throws {@link UrlError}. */
export function parseRequestUri(text: string): Url {
  return failingFor(text, () => parseParts(text, true));
}

function failingFor<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UrlError(`parse ${quote(text)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseParts(text: string, viaRequest = false): Url {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Error('net/url: invalid control character in URL');
  if (viaRequest && text === '') throw new Error('empty url');
  if (text === '*') return { ...EMPTY, path: '*' };
  const [scheme, afterScheme] = splitScheme(text);
  const forceQuery = afterScheme.indexOf('?') === afterScheme.length - 1 && afterScheme !== '';
  const [rest, rawQuery] = cut(afterScheme, '?');
  const base: Url = { ...EMPTY, scheme, rawQuery, forceQuery };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...base, opaque: rest };
    if (viaRequest) throw new Error('invalid URI for request');
    if (cut(rest, '/')[0].includes(':')) throw new Error('first path segment in URL cannot contain colon');
  }
  if (rest.startsWith('//') && (scheme !== '' || (!viaRequest && !rest.startsWith('///')))) {
    const slash = rest.indexOf('/', 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    return { ...base, ...parseAuthority(authority), ...parsePath(slash < 0 ? '' : rest.slice(slash)) };
  }
  return { ...base, omitHost: scheme !== '' && rest.startsWith('/'), ...parsePath(rest) };
}

function splitScheme(text: string): [scheme: string, rest: string] {
  if (text.startsWith(':')) throw new Error('missing protocol scheme');
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/.exec(text)?.[0];
  return scheme === undefined ? ['', text] : [toLower(scheme), text.slice(scheme.length + 1)];
}

function parsePath(text: string): Pick<Url, 'path' | 'rawPath'> {
  const path = unescapeUrlPart(text, 'path');
  return { path, rawPath: escapeUrlPart(path, 'path') === text ? '' : text };
}

function parseAuthority(authority: string): Pick<Url, 'host' | 'user'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { host };
  return { host, user: parseUserinfo(authority.slice(0, at)) };
}

function parseUserinfo(text: string): Userinfo {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw new Error('net/url: invalid userinfo');
  const [username, password] = cut(text, ':');
  const user = { username: unescapeUrlPart(username, 'userPassword') };
  return text.includes(':') ? { ...user, password: unescapeUrlPart(password, 'userPassword') } : user;
}

/** Go 1.26 refuses colons in hosts of http, but not for programs that ask for the ways of Go 1.25, as Istio 1.30 does. */
function parseHost(host: string): string {
  const open = host.lastIndexOf('[');
  if (open > 0) throw new Error('invalid IP-literal');
  if (open === 0) return parseIpLiteral(host);
  const colon = host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapeUrlPart(host, 'host');
}

/** `[::1]:80`; the zone after `%25` has its own escaping rules. */
function parseIpLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw new Error("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf('%25');
  const unescaped =
    zone < 0
      ? unescapeUrlPart(name, 'host')
      : unescapeUrlPart(name.slice(0, zone), 'host') + unescapeUrlPart(name.slice(zone), 'zone');
  checkIpv6(unescaped);
  return `[${unescaped}]${port}`;
}

function checkIpv6(text: string): void {
  let version: number;
  try {
    version = parseAddr(text).version;
  } catch (error) {
    throw new Error(`invalid host: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (version === 4) throw new Error('invalid IP-literal');
}

const isPort = (text: string): boolean => /^(?::[0-9]*)?$/.test(text);

function checkPort(text: string): void {
  if (!isPort(text)) throw new Error(`invalid port ${quote(text)} after host`);
}

/** `URL.Hostname`: the host without port and brackets. */
export function hostnameOf(url: Url): string {
  const colon = url.host.lastIndexOf(':');
  const name = colon >= 0 && isPort(url.host.slice(colon)) ? url.host.slice(0, colon) : url.host;
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

/** `Userinfo.String` */
export function formatUserinfo({ username, password }: Userinfo): string {
  const name = escapeUrlPart(username, 'userPassword');
  return password === undefined ? name : `${name}:${escapeUrlPart(password, 'userPassword')}`;
}

/** `URL.String` */
export function formatUrl(url: Partial<Url>): string {
  const full: Url = { ...EMPTY, ...url };
  const prefix = full.scheme === '' ? '' : `${full.scheme}:`;
  const query = full.forceQuery || full.rawQuery !== '' ? `?${full.rawQuery}` : '';
  const fragment = full.fragment === '' ? '' : `#${escapedFragment(full)}`;
  return prefix + (full.opaque === '' ? formatHierarchy(full, prefix === '') : full.opaque) + query + fragment;
}

function formatHierarchy(url: Url, first: boolean): string {
  const authority = formatAuthority(url);
  const path = escapedPath(url);
  if (path !== '' && !path.startsWith('/') && url.host !== '') return `${authority}/${path}`;
  if (first && authority === '' && cut(path, '/')[0].includes(':')) return `./${path}`;
  return authority + path;
}

function formatAuthority({ scheme, host, path, user, omitHost }: Url): string {
  const present = host !== '' || user !== undefined;
  if (!present && (scheme === '' || omitHost || path === '')) return '';
  const login = user === undefined ? '' : `${formatUserinfo(user)}@`;
  return `//${login}${escapeUrlPart(host, 'host')}`;
}

function escapedPath({ path, rawPath }: Url): string {
  if (rawPath !== '' && isValidEncoding(rawPath, 'path') && unescapesTo(rawPath, 'path', path)) return rawPath;
  return path === '*' ? '*' : escapeUrlPart(path, 'path');
}

function escapedFragment({ fragment, rawFragment }: Url): string {
  const keep = rawFragment !== '' && isValidEncoding(rawFragment, 'fragment');
  return keep && unescapesTo(rawFragment, 'fragment', fragment) ? rawFragment : escapeUrlPart(fragment, 'fragment');
}

function unescapesTo(raw: string, part: 'path' | 'fragment', wanted: string): boolean {
  try {
    return unescapeUrlPart(raw, part) === wanted;
  } catch {
    return false;
  }
}
