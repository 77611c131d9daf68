export { diff, diffAgainstRaw } from './diff.ts';
export { type Operation } from './operation.ts';
