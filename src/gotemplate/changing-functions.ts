/** Functions that change the map they are given first, and are therefore more than their result. */
export const changesItsFirstArgument: ReadonlySet<string> = new Set([
  'set',
  'unset',
  'merge',
  'mustMerge',
  'mergeOverwrite',
  'mustMergeOverwrite',
]);
