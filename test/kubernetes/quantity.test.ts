import { describe, expect, it } from 'vitest';
import { QuantityError, canonicalQuantity } from '../../src/kubernetes/index.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['2000m', '2'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.5', '1500m'],
    ['5.', '5.'],
    ['1000', '1k'],
    ['1000M', '1G'],
    ['1024', '1024'],
    ['1024k', '1024k'],
    ['1024Mi', '1Gi'],
    ['2048Ki', '2Mi'],
    ['1000Ki', '1000Ki'],
    ['1.5Gi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['0.1Mi', '104857600m'],
    ['1e3', '1e3'],
    ['1000e3', '1e6'],
    ['1E3', '1E3'],
    ['01', '01'],
    ['+5', '+5'],
    ['0.0001', '100u'],
    ['-1', '-1'],
    ['-0.5', '-500m'],
    ['0', '0'],
    ['000', '0'],
    ['0Mi', '0'],
    ['0.0000000001', '1n'],
    ['8Ei', '9223372036854775807'],
    ['8Ki', '8Ki'],
    ['512Ki', '512Ki'],
    ['99999999999999999999', '99999999999999999999'],
    ['0.1e1', '1'],
    ['1000000000000000000000e0', '1e21'],
    ['0.5Ki', '512'],
    ['0.001Ki', '1024m'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each([
    ['', 'quantities must match'],
    ['1.2.3', 'quantities must match'],
    ['x', 'quantities must match'],
    ['1 Gi', 'quantities must match'],
    ['1Kx', 'quantities must match'],
    ['1K', "unable to parse quantity's suffix"],
    ['1mi', "unable to parse quantity's suffix"],
    ['12345678901234567890e999999999', 'unable to parse numeric part'],
  ])('refuses %j', (text, problem) => {
    expect(() => canonicalQuantity(text)).toThrow(QuantityError);
    expect(() => canonicalQuantity(text)).toThrow(problem);
  });
});
