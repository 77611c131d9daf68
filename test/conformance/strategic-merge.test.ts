import { expect, it } from 'vitest';
import { applyOverlay } from '../../src/strategic-merge/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface MergeCase {
  readonly id: string;
  readonly category: string;
  readonly original: object;
  readonly overlayYAML: string;
  readonly expect: { readonly pod?: unknown; readonly error?: string };
}

function outcome(original: object, overlay: string): { pod?: unknown; error?: string } {
  try {
    return { pod: applyOverlay(original, overlay) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

const file = 'conformance/strategic-merge/cases.jsonl';
describeShared('strategic merge corpus', file, () => {
  it.each(sharedLines<MergeCase>(file))('$category $id', ({ original, overlayYAML, expect: { pod, error } }) => {
    const before = JSON.stringify(original);
    expect(outcome(original, overlayYAML)).toEqual(error === undefined ? { pod } : { error });
    expect(JSON.stringify(original)).toBe(before);
  });
});
