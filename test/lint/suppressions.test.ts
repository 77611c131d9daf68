import { describe, expect, it } from 'vitest';
import { goodTemplate, lintTexts, withFields } from './support.ts';

const rulesOf = (texts: Parameters<typeof lintTexts>[0]): string[] => lintTexts(texts).map(({ rule }) => rule);

describe('a comment that suppresses a rule', () => {
  it.each([
    ['at the end of a line of YAML', 'global:\n  tag: 1.30 # outrigger:ignore yaml-scalar as it should be'],
    ['on the line before', 'global:\n  # outrigger:ignore yaml-scalar\n  tag: 1.30'],
    [
      'before another comment of its kind',
      'global:\n  # outrigger:ignore yaml-scalar\n\n  # outrigger:ignore unread-value\n  own: 1.30',
    ],
  ])('counts %s', (_where, values) => {
    expect(rulesOf({ values })).toEqual([]);
  });

  it.each([
    ['on the line', 'image: proxy {{/* outrigger:ignore image-tag pinned elsewhere */}}'],
    ['on the line before', '{{- /* outrigger:ignore image-tag */}}\n    image: proxy'],
  ])('counts as a comment of a template %s', (_where, line) => {
    expect(rulesOf({ template: goodTemplate.replace('image: proxy:1.2.3', line) })).toEqual([]);
  });

  it('counts for its rule only', () => {
    const template = goodTemplate.replace('image: proxy:1.2.3', 'image: proxy # outrigger:ignore privileged');
    expect(rulesOf({ template })).toEqual(['image-tag', 'unused-suppression']);
  });

  it('also counts for errors, which whoever writes it answers for', () => {
    const template = withFields('ports:', '- containerPort: 70000 # outrigger:ignore invalid-pod');
    expect(rulesOf({ template })).toEqual([]);
  });

  it('is not called unused when not everything was looked for', () => {
    const texts = { values: '{} # outrigger:ignore yaml-scalar' };
    expect(lintTexts(texts, { level: 'warning' })).toEqual([]);
    expect(lintTexts(texts, { canary: false })).toEqual([]);
    expect(lintTexts(texts, { isOutOfTime: () => true })).toEqual([]);
  });
});
