/** sprig's URL functions (`url.go`). */
import { formatUrl, formatUserinfo, hostnameOf, parseUrl } from '../../../go/url.ts';
import { define, FunctionError } from '../../function.ts';
import { rawOf, typeOf, type GoMap } from '../../values.ts';
import { nilDereference, orFail } from '../failures.ts';
import { assign, lookup, newMap } from '../maps.ts';

function urlParse(text: string): GoMap {
  const url = orFail(() => parseUrl(text), 'unable to parse url: ');
  const parts = newMap();
  assign(parts, 'scheme', url.scheme);
  assign(parts, 'host', url.host);
  assign(parts, 'hostname', hostnameOf(url));
  assign(parts, 'path', url.path);
  assign(parts, 'query', url.rawQuery);
  assign(parts, 'opaque', url.opaque);
  assign(parts, 'fragment', url.fragment);
  assign(parts, 'userinfo', url.user === undefined ? '' : formatUserinfo(url.user));
  return parts;
}

/** The text of a part, empty when the map does not have it. */
function partOf(parts: GoMap | null, key: string): string {
  if (parts === null || !Object.hasOwn(parts, key)) return '';
  const value = lookup(parts, key) ?? null;
  const type = typeOf(value);
  if (type === undefined) throw nilDereference();
  if (type.kind === 'string') return String(rawOf(value));
  throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${type.kind} found`);
}

function urlJoin(parts: GoMap | null): string {
  const [scheme, host, path] = [partOf(parts, 'scheme'), partOf(parts, 'host'), partOf(parts, 'path')];
  const [rawQuery, opaque] = [partOf(parts, 'query'), partOf(parts, 'opaque')];
  const fragment = partOf(parts, 'fragment');
  const userinfo = partOf(parts, 'userinfo');
  const user =
    userinfo === ''
      ? undefined
      : orFail(() => parseUrl(`proto://${userinfo}@host`), 'unable to parse userinfo in dict: ').user;
  return formatUrl({ scheme, host, path, rawQuery, opaque, fragment, user });
}

export const urlFunctions = [
  define('urlParse', 'func(string) map[string]interface {}', urlParse),
  define('urlJoin', 'func(map[string]interface {}) string', urlJoin),
];
