import { describe, expect, it } from 'vitest';
import { explainPrefix, isAddr, NetipError, parseAddr } from '../../src/go/netip.ts';

describe('netip.ParseAddr', () => {
  it.each([
    '1.2.3.4',
    '0.0.0.0',
    '255.255.255.255',
    '::',
    '::1',
    '1::',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:1.2.3.4',
    'ABCD::ef',
  ])('accepts %s', (text) => {
    expect(isAddr(text)).toBe(true);
  });

  it.each([
    ['', 'unable to parse IP'],
    ['localhost', 'unable to parse IP'],
    ['%eth0', 'missing IPv6 address'],
    ['1.2.3', 'IPv4 address too short'],
    ['1.2.3.4.5', 'IPv4 address too long'],
    ['1.2.03.4', 'IPv4 field has octet with leading zero'],
    ['1.2.256.4', 'IPv4 field has value >255'],
    ['1..3.4', 'IPv4 field must have at least one digit (at ".3.4")'],
    ['.1.2.3', 'IPv4 field must have at least one digit (at ".1.2.3")'],
    ['1.2.3.', 'IPv4 field must have at least one digit (at ".")'],
    ['1.2.3.x', 'unexpected character (at "x")'],
    ['fe80::1%', 'zone must be a non-empty string'],
    ['12345::', 'each group must have 4 or less digits (at "12345::")'],
    ['1:2:3', 'address string too short'],
    ['1:2:3:4:5:6:7:8:9', 'trailing garbage after address (at "9")'],
    ['1::2::3', 'multiple :: in address (at ":3")'],
    ['1:2:3:4:5:6:7:8::', 'the :: must expand to at least one field of zeros'],
    ['::1:2:3:4:5:6:7:8', 'the :: must expand to at least one field of zeros'],
    ['1:2:x', 'each colon-separated field must have at least one digit (at "x")'],
    ['1:2x', 'unexpected character, want colon (at "x")'],
    ['1:2:', 'colon must be followed by more characters (at ":")'],
    ['1:1.2.3.4', 'embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")'],
    ['::1.2.3', 'IPv4 address too short'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => parseAddr(text)).toThrow(new NetipError(`ParseAddr("${text}"): ${reason}`));
  });

  it('tells versions and zones apart', () => {
    expect(parseAddr('1.2.3.4')).toEqual({ version: 4, zone: '' });
    expect(parseAddr('fe80::1%eth0')).toEqual({ version: 6, zone: 'eth0' });
  });
});

describe('netip.ParsePrefix', () => {
  it.each(['10.0.0.0/8', '10.1.2.3/0', '::/128', 'fe80::/10', '1.2.3.4/32'])('accepts %s', (text) => {
    expect(explainPrefix(text)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0', "no '/'"],
    ['10.0.0.0/33', 'prefix length out of range'],
    ['::/129', 'prefix length out of range'],
    ['10.0.0.0/08', 'bad bits after slash: "08"'],
    ['10.0.0.0/+8', 'bad bits after slash: "+8"'],
    ['10.0.0.0/', 'bad bits after slash: ""'],
    ['fe80::1%eth0/64', 'IPv6 zones cannot be present in a prefix'],
    ['x/8', 'ParseAddr("x"): unable to parse IP'],
  ])('refuses %s: %s', (text, reason) => {
    expect(explainPrefix(text)).toBe(`netip.ParsePrefix("${text}"): ${reason}`);
  });
});
