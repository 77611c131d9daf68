import { describe, expect, it } from 'vitest';
import { FieldPath, Result } from '../../src/validation/index.ts';
import { problem } from '../../src/validation/result.ts';

const path = FieldPath.root('spec');
const a = problem('port-range', 'a');
const b = problem('port-name', 'b');

describe('Result', () => {
  it('shows nothing when nothing was found', () => {
    const result = new Result();
    result.error(path, undefined);
    result.warn(path, undefined);
    result.listError(path, undefined);
    expect(result.failed).toBe(false);
    expect(result.render()).toBe('');
  });

  it('shows a lone error as it is, also with a warning beside it', () => {
    const result = new Result();
    result.warn(path, b);
    result.error(path, a);
    expect(result.render()).toBe('a');
  });

  it('shows a lone error as a list when it came as one', () => {
    const result = new Result();
    result.listError(path, a);
    expect(result.render()).toBe('1 error occurred:\n\t* a\n\n');
  });

  it('shows several errors as a list', () => {
    const result = new Result();
    result.error(path, a);
    result.error(path, b);
    expect(result.render()).toBe('2 errors occurred:\n\t* a\n\t* b\n\n');
  });

  it('drops warnings of checks that Istio makes without them', () => {
    const result = new Result();
    result.withoutWarnings(() => {
      result.warn(path, a);
      result.error(path, b);
    });
    result.warn(path, b);
    expect(result.warnings.map(({ message }) => message)).toEqual(['b']);
    expect(result.render()).toBe('b');
  });

  it('puts a prefix before each error and keeps the list', () => {
    const result = new Result();
    result.listError(path, a);
    result.prefixErrors('policy:');
    expect(result.render()).toBe('1 error occurred:\n\t* policy: a\n\n');
  });

  it('forgets everything', () => {
    const result = new Result();
    result.listError(path, a);
    result.warn(path, a);
    result.clear();
    result.error(path, b);
    expect(result.render()).toBe('b');
    expect(result.warnings).toEqual([]);
  });

  it('keeps no more than ten thousand errors, nor endless texts', () => {
    const result = new Result();
    for (let count = 0; count < 20_000; count++) result.error(path, a);
    expect(result.errors).toHaveLength(10_000);
    const long = new Result();
    for (let count = 0; count < 100; count++) long.error(path, problem('port-name', 'x'.repeat(1_000_000)));
    expect(long.errors.length).toBeLessThan(10);
  });
});

describe('FieldPath', () => {
  it('reads as Kubernetes writes fields', () => {
    const field = path.at('http').at(0).at('match').at(1).at('headers').entry('x-user');
    expect(field.toString()).toBe('spec.http[0].match[1].headers[x-user]');
    expect(field.segments()).toEqual(['spec', 'http', 0, 'match', 1, 'headers', 'x-user']);
  });
});
