import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../src/go/rfc3339.ts';

describe('time.Parse with RFC3339Nano', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['2020-01-02T03:04:05.5+01:00', 1577930645, 500_000_000],
    ['0000-01-01T00:00:00Z', -62167219200, 0],
  ])('reads %s', (text, seconds, nanos) => {
    expect(parseRfc3339(text)).toEqual({ seconds, nanos });
  });

  it.each([
    ['2020-13-02T03:04:05Z', 'parsing time "2020-13-02T03:04:05Z": month out of range'],
    ['2020', 'parsing time "2020" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "" as "-"'],
  ])('refuses %s', (text, message) => {
    expect(() => parseRfc3339(text)).toThrow(expect.objectContaining({ message }));
  });
});
