import { describe, expect, it } from 'vitest';
import { ErrorCollector, renderErrorList } from '../../src/go/multierror.ts';

function collector(...messages: string[]): ErrorCollector {
  const errors = new ErrorCollector();
  for (const message of messages) errors.add(message);
  return errors;
}

describe('error lists', () => {
  it('print their number and a line for each', () => {
    expect(renderErrorList(['a'])).toBe('1 error occurred:\n\t* a\n\n');
    expect(renderErrorList(['a', 'b'])).toBe('2 errors occurred:\n\t* a\n\t* b\n\n');
  });
});

describe('collected errors', () => {
  it('print nothing without an error', () => {
    expect(new ErrorCollector().render()).toBeUndefined();
    expect(collector(undefined as unknown as string).render()).toBeUndefined();
  });

  it('keep a lone error as it is', () => {
    expect(collector('a').render()).toBe('a');
  });

  it('print a list from the second error on', () => {
    expect(collector('a', 'b').render()).toBe(renderErrorList(['a', 'b']));
  });

  it('keep a list of one a list', () => {
    const errors = new ErrorCollector();
    errors.addListed(undefined);
    errors.addListed('a');
    expect(errors.render()).toBe(renderErrorList(['a']));
  });

  it('join: a single stays single, two become a list', () => {
    const errors = new ErrorCollector();
    errors.join(collector('a'));
    expect(errors.render()).toBe('a');
    errors.join(collector('b'), 'in x: ');
    expect(errors.render()).toBe(renderErrorList(['a', 'in x: b']));
  });

  it('join: a list stays a list, with the prefix before each item', () => {
    const list = new ErrorCollector();
    list.addListed('a');
    const errors = new ErrorCollector();
    errors.join(list, 'invalid: ');
    expect(errors.render()).toBe(renderErrorList(['invalid: a']));
  });
});
