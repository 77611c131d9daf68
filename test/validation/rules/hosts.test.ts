import { describe, expect, it } from 'vitest';
import { checkIpAddress, checkSubnet } from '../../../src/validation/rules/addresses.ts';
import { HostIndex } from '../../../src/validation/rules/name-matching.ts';
import { checkGatewayHost, checkSidecarHost } from '../../../src/validation/rules/namespaced-hosts.ts';
import { collect } from '../support.ts';

const shortName = 'short names (non FQDN) are not allowed';

describe('Gateway hosts', () => {
  it.each([
    ['*', []],
    ['a.com', []],
    ['ns/*.a.com', []],
    ['*/a.com', []],
    ['./a.com', []],
    ['1.2.3.4', []],
    ['a', [shortName]],
    ['::1', [shortName]],
    ['~/a.com', ['invalid namespace value "~" in gateway']],
    ['a_b/a.com', ['invalid namespace value "a_b" in gateway']],
    ['/a.com', ['config namespace and dnsName in host entry cannot be empty', 'invalid namespace value "" in gateway']],
    ['ns/', ['config namespace and dnsName in host entry cannot be empty', shortName, 'empty domain name not allowed']],
    ['a*.com', ['domain name "a*.com" invalid (label "a*" invalid)', 'partial wildcard "a*.com" not allowed']],
  ])('%s', (host, errors) => {
    expect(
      collect((result, path) => {
        checkGatewayHost(result, path, host, false);
      }),
    ).toEqual(errors);
  });

  it('may be exported to nobody with gateway semantics', () => {
    expect(
      collect((result, path) => {
        checkGatewayHost(result, path, '~/a.com', true);
      }),
    ).toEqual([]);
  });
});

describe('Sidecar hosts', () => {
  it.each([
    ['*/*', []],
    ['./a.com', []],
    ['~/*', []],
    ['a.com', ['host must be of form namespace/dnsName']],
    ['ns/1.2.3.4', ['domain name "2.3.4" invalid (top level domain "4" cannot be all-numeric)']],
    ['ns/a_.b', ['domain name "a_.b" invalid (label "a_" invalid)', 'domain name "a_.b" invalid (label "a_" invalid)']],
    ['a_b/*', ['invalid namespace value "a_b" in sidecar']],
  ])('%s', (host, errors) => {
    expect(
      collect((result, path) => {
        checkSidecarHost(result, path, host);
      }),
    ).toEqual(errors);
  });
});

describe('HostIndex', () => {
  it.each([
    [['a.com', 'b.com'], []],
    [['a.com', 'a.com'], [[0, 1]]],
    [['a.com', '*.com'], [[0, 1]]],
    [
      ['*.a.com', '*.com', '*.b.com'],
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      ['*.com', '*.com', '*.com'],
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
    ],
    [['*', 'x'], [[0, 1]]],
    [['*a.com', 'xa.com', 'com'], [[0, 1]]],
  ])('finds the overlaps of %j', (hosts, pairs) => {
    expect(new HostIndex(hosts).overlaps()).toEqual(pairs);
  });

  it('knows which names the hosts cover wholly', () => {
    const index = new HostIndex(['a.com', '*.b.com']);
    expect(['a.com', 'x.b.com', '*.b.com', '*.x.b.com'].every((host) => index.coversAll(host))).toBe(true);
    expect(['b.com', '*', '*.com', 'x.a.com'].some((host) => index.coversAll(host))).toBe(false);
  });

  it('finds the overlaps of thousands of hosts, but lists only so many', () => {
    const hosts = Array.from({ length: 5000 }, () => 'a.com');
    expect(new HostIndex(hosts).overlaps().length).toBeLessThan(20_000);
  });
});

describe('addresses', () => {
  it('are checked as such', () => {
    expect(checkIpAddress('::1')).toBeUndefined();
    expect(checkIpAddress('a')?.message).toBe('a is not a valid IP');
  });

  it.each([
    ['10.0.0.1', undefined],
    ['10.0.0.1/8', undefined],
    ['10.0.0.1/33', '10.0.0.1/33 is not a valid CIDR block'],
    ['a/8/9', 'a/8/9 is not a valid IP'],
  ])('%s as a subnet', (text, message) => {
    expect(checkSubnet(text)?.message).toBe(message);
  });
});
