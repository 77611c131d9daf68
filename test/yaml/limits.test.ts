import { describe, expect, it } from 'vitest';
import { allowedAliasRatio } from '../../src/yaml/limits.ts';

describe('allowedAliasRatio', () => {
  it.each([
    [1000, 0.99],
    [400_000, 0.99],
    [2_200_000, 0.545],
    [4_000_000, 0.1],
    [9_000_000, 0.1],
  ])('of %i values is %d', (values, ratio) => {
    expect(allowedAliasRatio(values)).toBeCloseTo(ratio);
  });
});
