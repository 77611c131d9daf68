import { describe, expect, it } from 'vitest';
import { check } from './support/check.ts';

const advice =
  'spec: EnvoyFilter exposes internal implementation details that may change at any time. Prefer other APIs if possible, and exercise extreme caution, especially around upgrades.';
const place = 'spec.configPatches[0]';
const any = (type: string, content: object = {}): object => ({ '@type': `type.googleapis.com/${type}`, ...content });
const router = any('envoy.extensions.filters.http.router.v3.Router');

/** Findings of an EnvoyFilter with one patch, without the warning that all of them get. */
function findings(patch: unknown): { errors: string[]; warnings: string[] } {
  const { errors, warnings } = check('EnvoyFilter', { configPatches: [patch] });
  expect(warnings[0]).toBe(advice);
  return { errors, warnings: warnings.slice(1) };
}

const add = (applyTo: string | number, value: unknown): unknown => ({ applyTo, patch: { operation: 'ADD', value } });

describe('EnvoyFilter', () => {
  it('takes patches whose values are Envoy messages', () => {
    const filter = {
      name: 'envoy.filters.network.http_connection_manager',
      subFilter: { name: 'envoy.filters.http.router' },
    };
    const patch = {
      applyTo: 'HTTP_FILTER',
      match: { context: 'GATEWAY', proxy: { proxyVersion: '^1\\.30.*' }, listener: { filterChain: { filter } } },
      patch: { operation: 'INSERT_BEFORE', value: { name: 'x', typed_config: router } },
    };
    expect(findings(patch)).toEqual({ errors: [], warnings: [] });
  });

  it('does not look at patches for waypoints', () => {
    expect(findings({ match: { context: 'WAYPOINT' } })).toEqual({ errors: [], warnings: [] });
  });

  it('ends with a bad selector', () => {
    const spec = { workloadSelector: { labels: { '': 'a' } }, configPatches: [{}] };
    expect(check('EnvoyFilter', spec).errors).toHaveLength(1);
    expect(check('EnvoyFilter', { workloadSelector: {} }).warnings[1]).toContain('Envoy filter: workload selector');
  });

  it.each([
    [{}, `${place}.applyTo: Envoy filter: missing applyTo`],
    [{ applyTo: 'CLUSTER' }, `${place}.patch: Envoy filter: missing patch`],
    [{ applyTo: 'CLUSTER', patch: {} }, `${place}.patch.operation: Envoy filter: missing patch operation`],
    [
      { applyTo: 'CLUSTER', patch: { operation: 'ADD' } },
      `${place}.patch.value: Envoy filter: missing patch value for non-remove operation`,
    ],
    [
      { applyTo: 'CLUSTER', patch: { operation: 'REMOVE' }, match: { proxy: { proxyVersion: '(' } } },
      `${place}.match.proxy.proxyVersion: Envoy filter: invalid regex for proxy version, [error parsing regexp: missing closing ): \`(\`]`,
    ],
    [add(99, {}), `${place}.patch.value: Envoy filter: unknown object type for applyTo 99`],
  ])('refuses %j', (patch, error) => {
    expect(findings(patch)).toEqual({ errors: [error], warnings: [] });
  });
});

describe('matches', () => {
  const matching = (applyTo: string, match: unknown): { errors: string[]; warnings: string[] } =>
    findings({ applyTo, match, patch: { operation: 'REMOVE' } });
  const filterMatch = (filter: unknown): unknown => ({ listener: { filterChain: { filter } } });

  it.each([
    ['LISTENER', 'cluster', 'listener class objects cannot have non listener match'],
    ['VIRTUAL_HOST', 'listener', 'http route class objects cannot have non route configuration match'],
    ['CLUSTER', 'routeConfiguration', 'cluster class objects cannot have non cluster match'],
  ])('refuses a match of %s on %s', (applyTo, field, text) => {
    expect(matching(applyTo, { [field]: {} }).errors).toEqual([
      `${place}.match.${field}: Envoy filter: applyTo for ${text}`,
    ]);
  });

  it('goes on to the value after a match of the wrong class, except for listeners', () => {
    const wrongMatch = (applyTo: string): unknown => ({
      ...(add(applyTo, { name: 5 }) as object),
      match: { waypoint: {} },
    });
    expect(findings(wrongMatch('CLUSTER')).errors).toHaveLength(2);
    expect(findings(wrongMatch('LISTENER')).errors).toHaveLength(1);
  });

  it.each([
    ['HTTP_FILTER', {}, 'name: Envoy filter: filter match has no name to match on'],
    [
      'NETWORK_FILTER',
      { name: 'a', subFilter: {} },
      'subFilter: Envoy filter: subfilter match can be used with applyTo HTTP_FILTER only',
    ],
    [
      'HTTP_FILTER',
      { name: 'a', subFilter: {} },
      'name: Envoy filter: subfilter match requires filter match with envoy.filters.network.http_connection_manager',
    ],
    [
      'HTTP_FILTER',
      { name: 'envoy.http_connection_manager', subFilter: {} },
      'subFilter.name: Envoy filter: subfilter match has no name to match on',
    ],
  ])('refuses for %s the filter %j', (applyTo, filter, error) => {
    expect(matching(applyTo, filterMatch(filter)).errors).toEqual([
      `${place}.match.listener.filterChain.filter.${error}`,
    ]);
  });

  it('warns of matches without effect and of old names', () => {
    const filter = { name: 'envoy.http_connection_manager', subFilter: { name: 'envoy.router' } };
    expect(matching('LISTENER', filterMatch({ name: 'a' })).warnings).toEqual([
      `${place}.match.listener.filterChain.filter: Envoy filter: filter match has no effect when used with LISTENER`,
    ]);
    expect(matching('HTTP_FILTER', filterMatch(filter)).warnings).toEqual([
      `${place}.match.listener.filterChain.filter.name: using deprecated filter name "envoy.http_connection_manager"; use "envoy.filters.network.http_connection_manager" instead`,
      `${place}.match.listener.filterChain.filter.subFilter.name: using deprecated filter name "envoy.router"; use "envoy.filters.http.router" instead`,
    ]);
  });
});

describe('values', () => {
  it.each([
    ['CLUSTER', { connect_timeout: 'x' }, 'connectTimeout', 'bad Duration: time: invalid duration "x"'],
    ['CLUSTER', { name: 5 }, 'name', 'json: cannot unmarshal number into Go value of type string'],
    [
      'CLUSTER',
      { lbPolicy: 'BOGUS' },
      'lbPolicy',
      String.raw`unknown value "\"BOGUS\"" for enum envoy.config.cluster.v3.Cluster.LbPolicy`,
    ],
    ['HTTP_FILTER', { typed_config: {} }, 'typedConfig', "Any JSON doesn't have '@type'"],
  ])('refuses for %s %j', (applyTo, value, field, text) => {
    expect(findings(add(applyTo, value)).errors).toEqual([`${place}.patch.value.${field}: Envoy filter: ${text}`]);
  });

  it.each([
    ['no.such.Type', 'referenced type unknown'],
    ['envoy.config.filter.http.lua.v2.Lua', 'referenced type unknown (hint: try using the v3 XDS API)'],
  ])('names the unknown type %s', (type, lead) => {
    expect(findings(add('HTTP_FILTER', { typed_config: any(type) })).errors).toEqual([
      `${place}.patch.value.typedConfig: ${lead}: Envoy filter: could not resolve Any message type: type.googleapis.com/${type}`,
    ]);
  });

  it('warns of fields that Envoy does not have', () => {
    const typed = any('envoy.extensions.filters.http.router.v3.Router', { nope: 1 });
    expect(findings(add('HTTP_FILTER', { name: 'x', typed_config: typed }))).toEqual({
      errors: [],
      warnings: [
        `${place}.patch.value.typedConfig: Envoy filter: can't unmarshal Any nested proto type.googleapis.com/envoy.extensions.filters.http.router.v3.Router: unknown field "nope" in envoy.extensions.filters.http.router.v3.Router`,
      ],
    });
  });

  it.each([
    ['HTTP_FILTER', { name: 'x' }, 'x'],
    ['CLUSTER', { transport_socket: { name: 'tls' } }, 'tls'],
    ['EXTENSION_CONFIG', {}, ''],
  ])('warns of extensions chosen by name: %s %j', (applyTo, value, name) => {
    expect(findings(add(applyTo, value)).warnings).toEqual([
      `${place}.patch.value: using deprecated types by name without typed_config; ${name}`,
    ]);
  });

  it('takes extensions in lists as they are, and discovered ones', () => {
    expect(findings(add('LISTENER', { listener_filters: [{ name: 'x' }] })).warnings).toEqual([]);
    expect(findings(add('HTTP_FILTER', { name: 'x', config_discovery: {} })).warnings).toEqual([]);
  });
});
