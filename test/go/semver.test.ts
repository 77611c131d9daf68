import { describe, expect, it } from 'vitest';
import { parseVersion, SemverError } from '../../src/go/semver.ts';
import { satisfiesConstraint } from '../../src/go/semver-constraint.ts';

describe('semver.NewVersion', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2', '1.2.0'],
    ['1', '1.0.0'],
    ['01.2.3', '1.2.3'],
    ['1.2.3-beta.1+b345', '1.2.3-beta.1+b345'],
    ['1.2.3+001', '1.2.3+001'],
  ])('%s', (text, canonical) => {
    const version = parseVersion(text);
    expect(version.toString()).toBe(canonical);
    expect(version.original).toBe(text);
  });

  it.each([
    ['bad', 'invalid semantic version'],
    ['', 'invalid semantic version'],
    ['1.2.3.4', 'invalid semantic version'],
    ['1.2.3-', 'invalid semantic version'],
    ['1.2.3-01', 'version segment starts with 0'],
    [
      '18446744073709551616.0.0-01',
      'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ],
    ['1'.repeat(257), 'version string is too long (max 256 bytes)'],
  ])('refuses %j', (text, message) => expect(() => parseVersion(text)).toThrow(new SemverError(message)));

  it.each([
    ['1.2.3', '1.2.4', -1],
    ['2.0.0', '1.9.9', 1],
    ['1.3.0', '1.2.9', 1],
    ['1.2.3', '1.2.3+other', 0],
    ['1.2.3-a', '1.2.3', -1],
    ['1.2.3', '1.2.3-a', 1],
    ['1.0.0-alpha', '1.0.0-alpha.1', -1],
    ['1.0.0-alpha.1', '1.0.0-alpha', 1],
    ['1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
    ['1.0.0-beta', '1.0.0-1', 1],
    ['1.0.0-2', '1.0.0-11', -1],
    ['1.0.0-11', '1.0.0-2', 1],
    ['1.0.0-b', '1.0.0-a', 1],
    ['1.0.0-a', '1.0.0-b', -1],
  ])('%s against %s', (a, b, order) => expect(parseVersion(a).compare(parseVersion(b))).toBe(order));

  it('steps up', () => {
    const version = parseVersion('v1.2.3-rc.1+m');
    expect(version.incPatch().original).toBe('v1.2.3');
    expect(parseVersion('1.2.3').incPatch().original).toBe('1.2.4');
    expect(version.incMinor().toString()).toBe('1.3.0');
    expect(version.incMajor().toString()).toBe('2.0.0');
    expect(version.withPrerelease('x').original).toBe('v1.2.3-x+m');
    expect(version.withMetadata('').toString()).toBe('1.2.3-rc.1');
    expect(version.withPrerelease('').withMetadata('b-1').toString()).toBe('1.2.3+b-1');
    expect(() => version.withPrerelease('a b')).toThrow('invalid prerelease string');
    expect(() => version.withPrerelease('a.01')).toThrow('version segment starts with 0');
    expect(() => version.withMetadata('a..b')).toThrow('invalid metadata string');
    expect(() => parseVersion('18446744073709551615.0.0').incMajor()).toThrow(
      'major version increment would overflow uint64',
    );
  });
});

describe('semver constraints', () => {
  it.each([
    ['=1.2.3', ['1.2.3'], ['1.2.4', '1.2.3-a']],
    ['1.2', ['1.2.0', '1.2.9'], ['1.3.0']],
    ['1.x', ['1.0.0', '1.9.0'], ['2.0.0', '0.9.0']],
    ['*', ['0.0.1', '9.9.9'], ['1.0.0-a']],
    ['!=1.2.3', ['1.2.4'], ['1.2.3']],
    ['!=1.2', ['1.3.0', '2.2.0'], ['1.2.9']],
    ['!=1', ['2.0.0'], ['1.5.0']],
    ['!=1.2.x-a', ['1.2.0'], ['1.2.5-a']],
    ['>1.2.3', ['1.2.4'], ['1.2.3']],
    ['>1', ['2.0.0'], ['1.9.9', '0.1.0']],
    ['>1.2', ['1.3.0', '2.0.0'], ['1.2.9']],
    ['>*', ['1.0.0'], []],
    ['<1.2', ['1.1.9'], ['1.2.0']],
    ['>=1.19', ['1.19.0', '2.0.0'], ['1.18.9', '1.20.0-a']],
    ['=>1.19', ['1.19.0'], ['1.18.0']],
    ['<=1.2', ['1.2.9', '0.9.0'], ['1.3.0', '2.0.0']],
    ['<=1', ['1.9.9'], ['2.0.0']],
    ['=<1.2.3', ['1.2.3'], ['1.2.4']],
    ['~1.2.3', ['1.2.9'], ['1.3.0', '1.2.2', '2.2.3']],
    ['~1', ['1.9.0'], ['2.0.0']],
    ['~0.0.0', ['5.0.0'], []],
    ['~>1.2', ['1.2.5'], ['1.3.0']],
    ['^1.2.3', ['1.9.0'], ['2.0.0', '1.2.2']],
    ['^0.2.3', ['0.2.9'], ['0.3.0', '1.0.0']],
    ['^0.0.3', ['0.0.3'], ['0.0.4', '0.1.0']],
    ['^0.0', ['0.0.9'], ['0.1.0']],
    ['^0', ['0.9.0'], ['1.0.0']],
    ['>=1.2, <2', ['1.5.0'], ['2.0.0']],
    ['>1.2 <2', ['1.3.0'], ['1.2.5']],
    ['1.2.3 - 1.4', ['1.4.9', '1.2.3'], ['1.5.0', '1.2.2']],
    ['1.2 || 3', ['1.2.9', '3.1.0'], ['2.0.0']],
    ['>=1.19-0', ['1.20.0-a', '1.19.0-0'], ['1.18.0']],
  ])('%j', (constraint, satisfying, others) => {
    expect(satisfying.filter((version) => !satisfiesConstraint(constraint, version))).toEqual([]);
    expect(others.filter((version) => satisfiesConstraint(constraint, version))).toEqual([]);
  });

  it.each([
    ['', '1.2.3', 'improper constraint: ""'],
    ['bad!', '1.2.3', 'improper constraint: "bad!"'],
    ['>=1.2,,<2', '1.2.3', 'improper constraint: ">=1.2,,<2"'],
    ['^1', 'bad', 'invalid semantic version'],
    ['1|2', '1.0.0', 'constraint parser error'],
    ['1'.repeat(513), '1', 'constraint string is too long (max 512 bytes)'],
    ['1||'.repeat(40), '1', 'too many constraint groups (max 32)'],
  ])('refuses %s of %s', (constraint, version, message) =>
    expect(() => satisfiesConstraint(constraint, version)).toThrow(new SemverError(message)),
  );
});
