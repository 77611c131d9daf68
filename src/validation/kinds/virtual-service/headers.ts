/** Header manipulation of HTTP routes and their destinations. */
import { quote } from '../../../go/quote.ts';
import type { Headers, HTTPRewrite } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import type { Problem, Result } from '../../result.ts';
import { problem } from '../../result.ts';
import { checkHeaderToChange, checkRequestHeaderToSet, isAuthorityHeader } from '../../rules/header-names.ts';
import { checkHeaderValue } from '../../rules/header-values.ts';

type Entries = Readonly<Record<string, string>>;

/** Checks the header operations of a route or a destination. */
export function checkHeaderOperations(result: Result, path: FieldPath, headers: Headers | undefined): void {
  if (headers === undefined) return;
  const { request, response } = headers;
  if (request !== undefined) {
    const place = path.at('request');
    checkEntries(result, place.at('add'), request.add, checkRequestHeaderToSet);
    checkEntries(result, place.at('set'), request.set, checkRequestHeaderToSet);
    checkRemovals(result, place.at('remove'), request.remove);
  }
  if (response !== undefined) {
    const place = path.at('response');
    checkEntries(result, place.at('add'), response.add, checkHeaderToChange);
    checkEntries(result, place.at('set'), response.set, checkHeaderToChange);
    checkRemovals(result, place.at('remove'), response.remove);
  }
}

function checkEntries(
  result: Result,
  path: FieldPath,
  entries: Entries,
  checkName: (name: string) => Problem | undefined,
): void {
  for (const [name, value] of Object.entries(entries)) {
    result.error(path.entry(name), checkName(name));
    result.error(path.entry(name), checkHeaderValue(value));
  }
}

function checkRemovals(result: Result, path: FieldPath, names: readonly string[]): void {
  names.forEach((name, index) => {
    result.error(path.at(index), checkHeaderToChange(name));
  });
}

/** Checks that rewrite and header operations of a route set the authority at most once; `path` is the route's. */
export function checkAuthority(
  result: Result,
  path: FieldPath,
  rewrite: HTTPRewrite | undefined,
  headers: Headers | undefined,
): void {
  const request = headers?.request;
  if (request === undefined) return;
  let current = rewrite?.authority ?? '';
  const place = path.at('headers').at('request');
  for (const operation of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(request[operation])) {
      if (!isAuthorityHeader(name)) continue;
      if (current !== '') {
        const message = `authority header cannot be set multiple times: have ${quote(current)}, attempting to set ${quote(value)}`;
        result.error(place.at(operation).entry(name), problem('authority-repeated', message));
        return;
      }
      current = value;
    }
  }
}
