import { describe, expect, it } from 'vitest';
import { joinHostPort, splitHostPort } from '../../src/go/net.ts';

describe('net.SplitHostPort', () => {
  it.each([
    ['host:80', 'host', '80'],
    [':80', '', '80'],
    ['host:', 'host', ''],
    ['[::1]:80', '::1', '80'],
    ['[fe80::1%eth0]:http', 'fe80::1%eth0', 'http'],
    ['[]:1', '', '1'],
  ])('splits %s', (address, host, port) => {
    expect(splitHostPort(address)).toEqual({ host, port });
  });

  it.each([
    ['', 'missing port in address'],
    ['host', 'address host: missing port in address'],
    ['[::1]', 'address [::1]: missing port in address'],
    ['[::1]80', 'address [::1]80: missing port in address'],
    ['[::1]x:80', 'address [::1]x:80: missing port in address'],
    ['::1', 'address ::1: too many colons in address'],
    ['[a]:b:80', 'address [a]:b:80: too many colons in address'],
    ['[::1:80', "address [::1:80: missing ']' in address"],
    ['ho[st:80', "address ho[st:80: unexpected '[' in address"],
    ['[a[b]:80', "address [a[b]:80: unexpected '[' in address"],
    ['ho]st:80', "address ho]st:80: unexpected ']' in address"],
    ['[a]:8]0', "address [a]:8]0: unexpected ']' in address"],
  ])('refuses %j', (address, message) => {
    expect(() => splitHostPort(address)).toThrow(expect.objectContaining({ message }));
  });
});

describe('net.JoinHostPort', () => {
  it('puts brackets around IPv6 addresses only', () => {
    expect(joinHostPort('::1', '80')).toBe('[::1]:80');
    expect(joinHostPort('host', '80')).toBe('host:80');
  });
});
