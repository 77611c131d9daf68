import { describe, expect, it } from 'vitest';
import { check, checkResult } from './support/check.ts';

const prefix = 'invalid policy sample.test:';

/** Errors of a policy whose only rule is given, without prefix and the path of the rule. */
function ruleErrors(rule: unknown): string[] {
  return check('AuthorizationPolicy', { rules: [rule] }).errors.map((error) =>
    error.replace('spec.rules[0].', '').replace(`${prefix} `, ''),
  );
}

const sourceErrors = (source: unknown): string[] => ruleErrors({ from: [{ source }] });
const operationErrors = (operation: unknown): string[] => ruleErrors({ to: [{ operation }] });
const pathErrors = (path: string): string[] => operationErrors({ paths: [path] });

describe('AuthorizationPolicy', () => {
  it.each([
    {},
    { rules: [{}] },
    { action: 'DENY', rules: [{ from: [{ source: { ipBlocks: ['10.0.0.1/8', '::1'] } }] }] },
    { action: 'AUDIT', rules: [{ to: [{ operation: { ports: ['080', '0'] } }] }] },
    { action: 'CUSTOM', provider: { name: 'p' }, rules: [{ when: [{ key: 'source.ip', values: ['1.2.3.4'] }] }] },
  ])('takes %j', (spec) => {
    expect(check('AuthorizationPolicy', spec)).toEqual({ errors: [], warnings: [] });
  });

  it('puts the policy before each error', () => {
    expect(checkResult('AuthorizationPolicy', { action: 'DENY', provider: {} }).render()).toBe(
      `2 errors occurred:\n\t* ${prefix} \`provider\` must not be with non CUSTOM action, found DENY\n\t* ${prefix} DENY action without \`rules\` is meaningless as it will never be triggered, add an empty rule \`{}\` if you want it be triggered for every request\n\n`,
    );
  });

  it('asks CUSTOM policies for rules and a provider', () => {
    expect(check('AuthorizationPolicy', { action: 'CUSTOM' }).errors).toEqual([
      expect.stringContaining('CUSTOM action without `rules` is meaningless'),
    ]);
    expect(check('AuthorizationPolicy', { action: 'CUSTOM', rules: [{}] }).errors).toEqual([
      `spec.provider.name: ${prefix} \`provider.name\` must not be empty`,
    ]);
  });

  it('refuses attributes that CUSTOM policies cannot use', () => {
    const rule = {
      from: [{ source: { notNamespaces: ['a'], principals: ['p'] } }, {}],
      when: [{ key: 'request.auth.claims[a]', values: ['x'] }],
    };
    const spec = { action: 'CUSTOM', provider: { name: 'p' }, rules: [rule] };
    expect(check('AuthorizationPolicy', spec).errors).toEqual([
      `spec.rules[0].from[0].source.notNamespaces: ${prefix} From.NotNamespaces is currently not supported with CUSTOM action`,
      `spec.rules[0].from[0].source.principals: ${prefix} From.Principals is currently not supported with CUSTOM action`,
      `spec.rules[0].when[0].key: ${prefix} request.auth.claims[a] is currently not supported with CUSTOM action`,
      `spec.rules[0].from[1].source: ${prefix} \`from.source\` must not be nil, found at rule 0`,
    ]);
  });
});

describe('sources', () => {
  it.each([
    [{}, ['from[0].source: `from.source` must not be empty, found at rule 0']],
    [
      { namespaces: ['a'], serviceAccounts: ['b'] },
      ['from[0].source.serviceAccounts: cannot set serviceAccounts with namespaces or principals, found at rule 0'],
    ],
    [
      { ipBlocks: ['1.2.3.4', 'x', '10.0.0.0/33'] },
      [
        'from[0].source.ipBlocks[1]: bad IP address (x)',
        'from[0].source.ipBlocks[2]: bad CIDR range (10.0.0.0/33): netip.ParsePrefix("10.0.0.0/33"): prefix length out of range',
      ],
    ],
    [
      { notPrincipals: ['a', '', ''] },
      ['from[0].source.notPrincipals[1]: empty value not allowed, found in NotPrincipals'],
    ],
    [{ trustDomains: ['*a', 'b*', '*'] }, []],
    [
      { trustDomains: ['a*b'] },
      ['from[0].source.trustDomains[0]: wildcard is only allowed at the start or end, found in TrustDomains: "a*b"'],
    ],
    [
      { notTrustDomains: ['*a*'] },
      ['from[0].source.notTrustDomains[0]: at most one wildcard is allowed, found in NotTrustDomains: "*a*"'],
    ],
    [
      { trustDomains: ['a/b'] },
      ['from[0].source.trustDomains[0]: trust domain must not contain \'/\', found in TrustDomains: "a/b"'],
    ],
  ])('%j', (source, errors) => {
    expect(sourceErrors(source)).toEqual(errors);
  });

  it.each([
    ['a/b', undefined],
    ['a', undefined],
    ['', 'empty value not allowed, found in ServiceAccounts'],
    ['a*', 'wildcard not allowed, found in ServiceAccounts'],
    ['a/b/c', "expected format 'serviceAccount' or 'namespace/serviceAccount', found \"a/b/c\" in ServiceAccounts"],
    [
      '/b',
      "expected format 'serviceAccount' or 'namespace/serviceAccount', found empty namespace \"/b\" in ServiceAccounts",
    ],
    [
      'a/',
      "expected format 'serviceAccount' or 'namespace/serviceAccount', found empty serviceAccount \"a/\" in ServiceAccounts",
    ],
    ['x'.repeat(321), `value cannot exceed 320 characters, found "${'x'.repeat(321)}" in ServiceAccounts`],
  ])('service account %s', (value, error) => {
    expect(sourceErrors({ serviceAccounts: [value] })).toEqual(
      error === undefined ? [] : [`from[0].source.serviceAccounts[0]: ${error}`],
    );
  });

  it('limits the number of service accounts', () => {
    const serviceAccounts = Array.from({ length: 17 }, () => 'a');
    expect(sourceErrors({ serviceAccounts })).toEqual([
      'from[0].source.serviceAccounts[16]: may not have more than 16 values',
    ]);
  });
});

describe('operations', () => {
  it.each([
    [undefined, ['to[0].operation: `to.operation` must not be nil, found at rule 0']],
    [{}, ['to[0].operation: `to.operation` must not be empty, found at rule 0']],
    [
      { ports: ['x', '65536', '-1', '4294967296'] },
      [
        'to[0].operation.ports[0]: bad port (x): strconv.ParseUint: parsing "x": invalid syntax',
        'to[0].operation.ports[1]: bad port (65536): <nil>',
        'to[0].operation.ports[2]: bad port (-1): strconv.ParseUint: parsing "-1": invalid syntax',
        'to[0].operation.ports[3]: bad port (4294967296): strconv.ParseUint: parsing "4294967296": value out of range',
      ],
    ],
    [{ notHosts: [''] }, ['to[0].operation.notHosts[0]: empty value not allowed, found in NotHosts']],
  ])('%j', (operation, errors) => {
    expect(operationErrors(operation)).toEqual(errors);
  });

  it.each(['/a/*', '/a/{*}/b/{**}', '/a/{**}/b', '{*}', '*'])('path %s is fine', (path) => {
    expect(pathErrors(path)).toEqual([]);
  });

  it.each([
    ['/a/{**}/{*}/', 'a/{**}/{*}, found in Paths. {**} is not the last operator'],
    ['/a{*}', "a{*}, found in Paths. Contains '{' or '}' beyond a supported path template"],
    ['/{a}', "{a}, found in Paths. Contains '{' or '}' beyond a supported path template"],
    ['/{*}/*', '{*}/*, found in Paths. Contains segment * with invalid string literal'],
    ['/{*}//b', '{*}//b, found in Paths. Contains segment  with invalid string literal'],
  ])('path %s is refused', (path, rest) => {
    expect(pathErrors(path)).toEqual([`to[0].operation.paths[0]: invalid or unsupported path ${rest}`]);
  });
});

describe('conditions', () => {
  const valueError = (key: string, ...values: string[]): string[] => ruleErrors({ when: [{ key, values }] });

  it.each([
    ['request.headers[x]', 'a'],
    ['request.headersfoo[a]', 'a'],
    ['source.namespace', 'a'],
    ['source.trustDomain', 'a/b'],
    ['destination.port', '80'],
    ['experimental.envoy.filters.a[b]', 'x'],
  ])('%s takes %s', (key, value) => {
    expect(valueError(key, value)).toEqual([]);
  });

  it.each([
    ['source.ip', '', 'values[0]', 'empty value not allowed, found in source.ip'],
    ['source.serviceAccount', '*', 'values[0]', 'wildcard not allowed, found in source.serviceAccount'],
    ['source.ip', 'x', 'values[0]', '1 error occurred:\n\t* bad IP address (x)\n\n'],
    ['destination.port', '70000', 'values[0]', '1 error occurred:\n\t* bad port (70000): <nil>\n\n'],
  ])('%s refuses %s', (key, value, place, text) => {
    expect(valueError(key, value)).toEqual([`when[0].${place}: invalid \`value\` for \`key\` ${key}: ${text}`]);
  });

  it.each([
    ['request.headers[]', 'bad key (request.headers[]): should have format a[b]'],
    ['request.auth.claims', 'bad key (request.auth.claims): should have format a[b]'],
    ['destination.namespace', 'attribute destination.namespace is replaced by the metadata.namespace'],
    ['destination.labels[a]', 'attribute destination.labels[a] is replaced by the workload selector'],
    ['destination.name', 'deprecated attribute destination.name: only supported in v1alpha1'],
    ['foo', 'unknown attribute: foo'],
  ])('key %s is refused for values and notValues', (key, text) => {
    expect(valueError(key, 'a')).toEqual([
      `when[0].key: invalid \`value\` for \`key\` ${key}: ${text}`,
      `when[0].key: invalid \`notValue\` for \`key\` ${key}: ${text}`,
    ]);
  });

  it('needs a key and values', () => {
    expect(ruleErrors({ when: [{}, { key: 'source.ip' }] })).toEqual([
      'when[0].key: `key` must not be empty',
      'when[1].values: at least one of `values` or `notValues` must be set for key source.ip',
    ]);
  });
});

describe('DENY rules that only know HTTP', () => {
  const warnings = (rule: unknown): number =>
    check('AuthorizationPolicy', { action: 'DENY', rules: [rule] }).warnings.length;

  it.each([
    [{}, 0],
    [{ when: [{ key: 'request.headers[a]', values: ['x'] }] }, 0],
    [{ from: [{ source: { trustDomains: ['a'] } }] }, 1],
    [{ from: [{ source: { requestPrincipals: ['a'] } }, { source: { namespaces: ['a'] } }] }, 0],
    [{ from: [{ source: { namespaces: ['a'] } }], to: [{ operation: { methods: ['GET'] } }] }, 1],
    [{ from: [{ source: { requestPrincipals: ['a'] } }], to: [{ operation: { ports: ['80'] } }] }, 0],
  ])('%j: %d warnings', (rule, count) => {
    expect(warnings(rule)).toBe(count);
  });
});
