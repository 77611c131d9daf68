import type { ChangeSource, ChangeSources, ShownChange } from '../comparison/index.ts';

/** A change with what makes the value today, where that was looked for. */
export interface ReportedChange extends ShownChange {
  readonly source?: ChangeSource;
}

export function findingChanges(
  changes: readonly ShownChange[],
  sources: ChangeSources | undefined,
): readonly ReportedChange[] {
  return changes.map((change) => {
    const source = change.kind === 'removed' ? undefined : sources?.of(change.path);
    return { ...change, ...(source && { source }) };
  });
}
