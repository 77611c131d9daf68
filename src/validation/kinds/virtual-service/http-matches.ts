/** Conditions of HTTP routes. Warnings do not come out of here: Istio keeps only errors of these checks. */
import type { HTTPMatchRequest, StringMatch } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { isDnsLabel } from '../../rules/domains.ts';
import { checkGatewayNames } from '../../rules/gateway-names.ts';
import { checkMatchHeaderName } from '../../rules/header-names.ts';
import { checkLabels } from '../../rules/labels.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkRegexMatch, checkStringMatch } from '../../rules/string-matches.ts';

type StringMatches = Readonly<Record<string, StringMatch>>;

/** Checks the matches of a route: what they compare with first, where the traffic comes from after that. */
export function checkHttpMatches(result: Result, path: FieldPath, matches: readonly HTTPMatchRequest[]): void {
  matches.forEach((match, index) => {
    checkRequestConditions(result, path.at(index), match);
  });
  matches.forEach((match, index) => {
    checkSourceConditions(result, path.at(index), match);
  });
}

function checkRequestConditions(result: Result, path: FieldPath, match: HTTPMatchRequest): void {
  checkHeaders(result, path.at('headers'), match.headers);
  for (const [name, condition] of Object.entries(match.withoutHeaders)) {
    const place = path.at('withoutHeaders').entry(name);
    result.error(place, checkMatchHeaderName(name));
    // `*` is no regular expression, but it is the way to say “any value”.
    if (condition.regex !== '*') checkStringMatch(result, place, condition, 'withoutHeaders');
  }
  if (match.uri !== undefined) checkRegexMatch(result, path.at('uri'), match.uri, 'uri');
  for (const field of ['scheme', 'method', 'authority'] as const) {
    const condition = match[field];
    if (condition !== undefined) checkStringMatch(result, path.at(field), condition, field);
  }
  for (const [name, condition] of Object.entries(match.queryParams)) {
    checkStringMatch(result, path.at('queryParams').entry(name), condition, 'queryParams');
  }
}

function checkHeaders(result: Result, path: FieldPath, headers: StringMatches): void {
  for (const [name, condition] of Object.entries(headers)) {
    const place = path.entry(name);
    result.error(place, checkMatchHeaderName(name));
    checkStringMatch(result, place, condition, 'headers');
  }
}

function checkSourceConditions(result: Result, path: FieldPath, match: HTTPMatchRequest): void {
  if (match.port !== 0) result.error(path.at('port'), checkPort(match.port));
  checkLabels(result, path.at('sourceLabels'), match.sourceLabels);
  checkGatewayNames(result, path.at('gateways'), match.gateways);
  if (match.sourceNamespace !== '' && !isDnsLabel(match.sourceNamespace)) {
    const message = `sourceNamespace match ${match.sourceNamespace} is invalid`;
    result.error(path.at('sourceNamespace'), problem('source-namespace', message));
  }
}
