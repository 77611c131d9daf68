import { describe, expect, it } from 'vitest';
import { diffTexts } from '../../src/playground/diff-texts.ts';
import { linePaths } from '../../src/playground/line-paths.ts';

describe('the diff of two texts', () => {
  it('gives removed lines before added ones, and counts the lines of the new text', () => {
    expect(diffTexts('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([
      { kind: 'same', text: 'a', line: 0 },
      { kind: 'removed', text: 'b', line: undefined },
      { kind: 'added', text: 'x', line: 1 },
      { kind: 'same', text: 'c', line: 2 },
      { kind: 'added', text: 'd', line: 3 },
    ]);
  });

  it('gives up on texts that have too little in common', () => {
    const text = (letter: string): string => Array.from({ length: 5000 }, (_, index) => `${letter}${index}\n`).join('');
    const lines = diffTexts(text('a'), text('b'));
    expect(lines.filter(({ kind }) => kind === 'removed')).toHaveLength(5000);
    expect(lines.at(-1)).toEqual({ kind: 'added', text: 'b4999', line: 4999 });
  });
});

describe('the paths of the lines of a pod', () => {
  it('name elements of lists as Kubernetes does, and lines that continue a value as the value', () => {
    const text = [
      'metadata:',
      '  annotations:',
      '    example.com/long: one',
      '      two',
      'spec:',
      '  containers:',
      '  - args:',
      '    - --flag',
      '    name: app',
      '  - name: app',
    ].join('\n');
    expect(linePaths(text).map((path) => path.join('|'))).toEqual([
      'metadata',
      'metadata|annotations',
      'metadata|annotations|example.com/long',
      'metadata|annotations|example.com/long',
      'spec',
      'spec|containers',
      'spec|containers|app|args',
      'spec|containers|app|args|0',
      'spec|containers|app|name',
      'spec|containers|app#2|name',
    ]);
  });

  it('are none for an empty text', () => {
    expect(linePaths('')).toEqual([[]]);
  });
});
