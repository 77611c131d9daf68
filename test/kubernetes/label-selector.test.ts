import { describe, expect, it } from 'vitest';
import {
  type LabelSelector,
  LabelSelectorError,
  isEmptySelector,
  matchesLabelSelector,
} from '../../src/kubernetes/index.ts';

const labels = { app: 'web', tier: '' };

function expression(key: string, operator: string, values?: string[]): LabelSelector {
  return { matchExpressions: [{ key, operator, values }] };
}

describe('matchesLabelSelector', () => {
  it.each<[string, LabelSelector, boolean]>([
    ['nothing', {}, true],
    ['equal labels', { matchLabels: { app: 'web', tier: '' } }, true],
    ['another value', { matchLabels: { app: 'db' } }, false],
    ['an absent label', { matchLabels: { zone: 'a' } }, false],
    ['a name every object has', { matchLabels: { constructor: 'x' } }, false],
    ['In', expression('app', 'In', ['db', 'web']), true],
    ['In without the label', expression('zone', 'In', ['a']), false],
    ['NotIn', expression('app', 'NotIn', ['db']), true],
    ['NotIn with the value', expression('app', 'NotIn', ['web']), false],
    ['NotIn without the label', expression('zone', 'NotIn', ['a']), true],
    ['Exists', expression('tier', 'Exists'), true],
    ['Exists without the label', expression('zone', 'Exists'), false],
    ['DoesNotExist', expression('zone', 'DoesNotExist'), true],
    ['DoesNotExist with the label', expression('tier', 'DoesNotExist'), false],
    ['all of several', { matchLabels: { app: 'web' }, ...expression('tier', 'DoesNotExist') }, false],
    ['a key with a prefix', expression('example.com/x', 'DoesNotExist'), true],
  ])('decides by %s', (_name, selector, result) => {
    expect(matchesLabelSelector(selector, labels)).toBe(result);
  });

  it.each<[string, LabelSelector]>([
    ['an unknown operator', expression('app', 'Like', ['a'])],
    ['In without values', expression('app', 'In', [])],
    ['NotIn without values', expression('app', 'NotIn')],
    ['Exists with values', expression('app', 'Exists', ['a'])],
    ['a bad key', expression('-app', 'Exists')],
    ['a key with a bad prefix', expression('Example.COM/app', 'Exists')],
    ['a key of three parts', expression('a/b/c', 'Exists')],
    ['a long key', expression('k'.repeat(64), 'Exists')],
    ['a bad value', expression('app', 'In', ['a b'])],
    ['a long value', { matchLabels: { app: 'v'.repeat(64) } }],
  ])('refuses %s', (_name, selector) => {
    expect(() => matchesLabelSelector(selector, labels)).toThrow(LabelSelectorError);
  });
});

describe('isEmptySelector', () => {
  it('is true of selectors without requirements', () => {
    expect(isEmptySelector({ matchLabels: {}, matchExpressions: null })).toBe(true);
    expect(isEmptySelector({ matchLabels: { a: 'b' } })).toBe(false);
    expect(isEmptySelector(expression('a', 'Exists'))).toBe(false);
  });
});
