import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName, slipsBetween } from '../../src/workloads/nearest-name.ts';
import { listed, longestWarning, shownValue, warningText } from '../../src/workloads/text.ts';

describe('the text of a warning', () => {
  it.each([
    ['one\ntwo\r\n  three', 'one two three'],
    ['a\u0000b\u007fc\u009bd', 'a b c d'],
    ['left\u202eright\u2028next', 'left right next'],
    ['half \ud800 pair', 'half \ufffd pair'],
  ])('is one clean line: %j', (text, expected) => {
    expect(warningText(text)).toBe(expected);
  });

  it('is cut by characters, not in the middle of one', () => {
    const cut = warningText('😀'.repeat(300));
    expect(Array.from(cut)).toHaveLength(longestWarning);
    expect(cut).toBe(`${'😀'.repeat(255)}…`);
    expect(warningText('😀'.repeat(256))).toBe('😀'.repeat(256));
  });

  it('always fits a warning header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const line = warningText(text);
        expect(Array.from(line).length).toBeLessThanOrEqual(longestWarning);
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(line.isWellFormed()).toBe(true);
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b and 3 more'],
  ])('lists %j as %j', (names, expected) => {
    expect(listed(names)).toBe(expected);
  });

  it('shows long values in part', () => {
    expect(shownValue('short')).toBe("'short'");
    expect(shownValue('x'.repeat(100))).toBe(`'${'x'.repeat(39)}…'`);
  });
});

describe('slips between two names', () => {
  it.each([
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['abc', 'acb', 1],
    ['abcd', 'badc', 2],
    ['', 'ab', 2],
    ['ca', 'abc', 3],
  ])('%j and %j: %i', (a, b, expected) => {
    expect(slipsBetween(a, b)).toBe(expected);
  });

  it('are as many as a plain calculation finds, as far as they count', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(Math.min(slipsBetween(a, b), 3)).toBe(Math.min(plainDistance(a, b), 3));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});

/** Optimal string alignment by recursion, as its definition says. */
function plainDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(0, -1), b.slice(0, -1)];
  if (a.at(-1) === b.at(-1)) return plainDistance(restA, restB);
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return (
    1 +
    Math.min(
      plainDistance(restA, b),
      plainDistance(a, restB),
      plainDistance(restA, restB),
      swapped ? plainDistance(a.slice(0, -2), b.slice(0, -2)) : Infinity,
    )
  );
}

describe('the nearest name', () => {
  const known = [
    'sidecar.istio.io/inject',
    'sidecar.istio.io/proxyCPU',
    'proxy.istio.io/config',
    'app',
    'a.istio.io/x',
  ];
  it.each([
    ['sidecar.istio.io/Inject', 'sidecar.istio.io/inject'],
    ['sidecar.isto.io/inject', 'sidecar.istio.io/inject'],
    ['sidecar-istio-io/inject', 'sidecar.istio.io/inject'],
    ['istio.io/inject', 'sidecar.istio.io/inject'],
    ['sidecar.istio.io/config', 'proxy.istio.io/config'],
    ['example.com/inject', undefined],
    ['apps', undefined],
    ['sidecar.istio.io/somethingElse', undefined],
    ['__proto__', undefined],
  ])('of %s is %s', (name, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  it('is none when several end alike', () => {
    expect(nearestName('istio.io/x', [...known, 'b.istio.io/x'])).toBe('a.istio.io/x');
    expect(nearestName('other.istio.io/x', [...known, 'b.istio.io/x'])).toBeUndefined();
  });
});
