/** Warnings about routes and matches that an earlier route makes useless. */
import { quote } from '../../../go/quote.ts';
import type {
  HTTPMatchRequest,
  L4MatchAttributes,
  StringMatch,
  TLSMatchAttributes,
  VirtualService,
} from '../../../protobuf/istio-types.ts';
import { specPath } from '../../path.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { OverlapFinder } from './prefix-overlaps.ts';

/** Warns of unused rules: HTTP, then TCP, then TLS. */
export function warnOfUnusedRules(result: Result, spec: VirtualService): void {
  const overlaps = new OverlapFinder();
  warnOfUnusedMatches(result, specPath.at('http'), spec.http, {
    identity: identifyHttpMatch,
    nameOf: (match) => match.name,
    onReachable: (match, path, rule, name) => {
      overlaps.add(match, path, rule, name);
    },
  });
  overlaps.warn(result);
  warnOfUnusedMatches(result, specPath.at('tcp'), spec.tcp, { identity: identifyTcpMatch });
  warnOfUnusedMatches(result, specPath.at('tls'), spec.tls, { identity: identifyTlsMatch });
}

interface Route<Match> {
  readonly name?: string;
  readonly match: readonly Match[];
}

interface Procedure<Match> {
  /** A text that equal matches share. */
  identity(match: Match): string;
  nameOf?(match: Match): string;
  /** Told of each match that no earlier equal match or catch-all route makes useless. */
  onReachable?(match: Match, path: FieldPath, ruleName: string, matchName: string): void;
}

function warnOfUnusedMatches<Match>(
  result: Result,
  path: FieldPath,
  routes: readonly Route<Match>[],
  { identity, nameOf, onReachable }: Procedure<Match>,
): void {
  const owners = new Map<string, string>();
  let hasCatchAll = false;
  routes.forEach((route, index) => {
    const rule = nameOrNumber(route.name, index);
    const warn = (message: string): void => {
      result.warn(path.at(index), problem('route-unused', `virtualService rule ${rule} ${message}`));
    };
    if (route.match.length === 0) {
      if (hasCatchAll) warn('not used (only the last rule can have no matches)');
      hasCatchAll = true;
      return;
    }
    let duplicates = 0;
    route.match.forEach((match, position) => {
      if (hasCatchAll) {
        warn('not used (route without matches defined before)');
        return;
      }
      const name = nameOrNumber(nameOf?.(match), position);
      const key = identity(match);
      const owner = owners.get(key);
      if (owner !== undefined) {
        warn(`match ${name} is not used (duplicate/overlapping match in rule ${owner})`);
        duplicates++;
        return;
      }
      owners.set(key, rule);
      onReachable?.(match, path.at(index).at('match').at(position), rule, name);
    });
    if (duplicates === route.match.length) warn('not used (all matches used by prior rules)');
  });
}

function nameOrNumber(name: string | undefined, index: number): string {
  return name === undefined || name === '' ? `#${index}` : quote(name);
}

/** The name of an HTTP match plays no part. */
function identifyHttpMatch(match: HTTPMatchRequest): string {
  return JSON.stringify([
    identifyStringMatch(match.uri),
    identifyStringMatch(match.scheme),
    identifyStringMatch(match.method),
    identifyStringMatch(match.authority),
    sortedEntries(match.headers, identifyStringMatch),
    match.port,
    sortedEntries(match.sourceLabels, (value) => value),
    match.gateways,
    sortedEntries(match.queryParams, identifyStringMatch),
    match.ignoreUriCase,
    sortedEntries(match.withoutHeaders, identifyStringMatch),
    match.sourceNamespace,
    match.statPrefix,
  ]);
}

function identifyTcpMatch(match: L4MatchAttributes): string {
  return JSON.stringify([match.sourceSubnet, ...l4Attributes(match)]);
}

function identifyTlsMatch(match: TLSMatchAttributes): string {
  return JSON.stringify([match.sniHosts, ...l4Attributes(match)]);
}

function l4Attributes(match: L4MatchAttributes | TLSMatchAttributes): unknown[] {
  const labels = sortedEntries(match.sourceLabels, (value) => value);
  return [match.destinationSubnets, match.port, labels, match.gateways, match.sourceNamespace];
}

function identifyStringMatch(match: StringMatch | undefined): unknown {
  return match === undefined ? null : [match.exact, match.prefix, match.regex];
}

function sortedEntries<Value>(
  map: Readonly<Record<string, Value>>,
  identify: (value: Value) => unknown,
): [string, unknown][] {
  return Object.entries(map)
    .map(([key, value]): [string, unknown] => [key, identify(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
