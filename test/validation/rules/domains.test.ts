import { describe, expect, it } from 'vitest';
import {
  checkFqdn,
  checkGatewayBoundDomain,
  checkPartialWildcard,
  checkWildcardDomain,
  isDnsLabel,
  isLongerThan,
} from '../../../src/validation/rules/domains.ts';

const label63 = 'a'.repeat(63);

describe('DNS labels', () => {
  it.each(['a', 'A-1', '0', label63])('%s is one', (text) => {
    expect(isDnsLabel(text)).toBe(true);
  });

  it.each(['', '-a', 'a-', 'a_b', 'a.b', `${label63}a`, 'é', 'a\n'])('%j is none', (text) => {
    expect(isDnsLabel(text)).toBe(false);
  });

  it('counts bytes', () => {
    expect(isLongerThan('é'.repeat(128), 255)).toBe(true);
    expect(isLongerThan('é'.repeat(127), 255)).toBe(false);
  });
});

describe('fully qualified names', () => {
  it.each(['a', 'a.b', 'istio.io.', 'A.B', `${label63}.com`, '1.a', '99999999999999999999'])('%s is fine', (name) => {
    expect(checkFqdn(name)).toBeUndefined();
  });

  it.each([
    ['', 'empty domain name not allowed'],
    ['a'.repeat(256), `domain name "${'a'.repeat(256)}" too long (max 255)`],
    ['123', 'domain name "123" invalid (top level domain "123" cannot be all-numeric)'],
    ['a.-12', 'domain name "a.-12" invalid (top level domain "-12" cannot be all-numeric)'],
    [
      'a.+9223372036854775807',
      'domain name "a.+9223372036854775807" invalid (top level domain "+9223372036854775807" cannot be all-numeric)',
    ],
    ['a..b', 'domain name "a..b" invalid (label "" invalid)'],
    ['*.b', 'domain name "*.b" invalid (label "*" invalid)'],
    ['a_b.c', 'domain name "a_b.c" invalid (label "a_b" invalid)'],
  ])('%s is refused', (name, message) => {
    expect(checkFqdn(name)?.message).toBe(message);
  });
});

describe('wildcard names', () => {
  it.each(['*', '*.', '*1', '*-foo', '*foo.bar', '*.a.b', 'a.', '123', 'reviews'])('%s is fine', (name) => {
    expect(checkWildcardDomain(name)).toBeUndefined();
  });

  it.each([
    ['', 'empty domain name not allowed'],
    ['**', 'domain name "**" invalid (label "**" invalid)'],
    ['a*', 'domain name "a*" invalid (label "a*" invalid)'],
    [`*${label63}`, `domain name "*${label63}" invalid (label "*${label63}" invalid)`],
    ['a.*.com', 'domain name "*.com" invalid (label "*" invalid)'],
    ['1.2.3.4', 'domain name "2.3.4" invalid (top level domain "4" cannot be all-numeric)'],
  ])('%s is refused', (name, message) => {
    expect(checkWildcardDomain(name)?.message).toBe(message);
  });

  it.each([
    ['*', undefined],
    ['*.a', undefined],
    ['a', undefined],
    ['*a', 'partial wildcard "*a" not allowed'],
    ['a.*', 'partial wildcard "a.*" not allowed'],
  ])('%s as a partial wildcard', (name, message) => {
    expect(checkPartialWildcard(name)?.message).toBe(message);
  });
});

describe('names bound to gateways', () => {
  it('lets generated SNI names through where SNI is matched', () => {
    expect(checkGatewayBoundDomain('outbound_.80_._.host.ns.svc', true)).toBeUndefined();
    expect(checkGatewayBoundDomain('outbound_.80_._.host.ns.svc', false)?.code).toBe('domain-name-label');
  });

  it.each([
    ['outbound_.80', "domain name outbound_.80 invalid, should follow 'outbound_.<PORT>_._.<HOSTNAME>' format"],
    [
      'outbound_.x_._.a',
      'domain name "outbound_.x_._.a" invalid (label "x" invalid). should follow outbound_.<PORT>_._.<HOSTNAME> format',
    ],
    [
      'outbound_.80_._.1.2',
      'domain name "outbound_.80_._.1.2" invalid (label "1.2" invalid). should follow outbound_.<PORT>_._.<HOSTNAME> format',
    ],
  ])('%s does not have the form', (name, message) => {
    expect(checkGatewayBoundDomain(name, true)?.message).toBe(message);
  });
});
