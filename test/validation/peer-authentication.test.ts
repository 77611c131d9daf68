import { describe, expect, it } from 'vitest';
import { check } from './support/check.ts';

const selector = { matchLabels: { app: 'a' } };

describe('PeerAuthentication', () => {
  it.each([
    {},
    { mtls: { mode: 'STRICT' } },
    { mtls: { mode: 77 } },
    { selector, portLevelMtls: { 80: { mode: 'DISABLE' }, 65535: {} } },
  ])('takes %j', (spec) => {
    expect(check('PeerAuthentication', spec)).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [
      { portLevelMtls: { 80: {} } },
      ['spec.portLevelMtls: mesh/namespace peer authentication cannot have port level mTLS'],
    ],
    [
      { selector, portLevelMtls: {} },
      ['spec.portLevelMtls: port level mTLS, if defined, must have at least one element'],
    ],
    [
      { selector, portLevelMtls: { 0: {}, 65536: {} } },
      [
        'spec.portLevelMtls[0]: port must be in range 1..65535',
        'spec.portLevelMtls[65536]: port must be in range 1..65535',
      ],
    ],
    [
      { selector: { matchLabels: { '': 'x', a: '*' } } },
      [
        'spec.selector.matchLabels[]: empty key is not supported in selector: "=x"',
        'spec.selector.matchLabels[a]: wildcard is not supported in selector: "a=*"',
      ],
    ],
  ])('refuses %j', (spec, errors) => {
    expect(check('PeerAuthentication', spec).errors).toEqual(errors);
  });

  it('warns of a selector that selects everything', () => {
    expect(check('PeerAuthentication', { selector: {} }).warnings).toEqual([
      'spec.selector.matchLabels: workload selector specified without labels',
    ]);
  });
});
