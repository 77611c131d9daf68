/** Bounded memory of what was computed before, always by the full text of what it was computed from. */
export { BoundedMap } from './bounded-map.ts';
export { MetBefore } from './met-before.ts';
export { rememberByText } from './remember.ts';
export { textKey, type TextKey } from './text-hash.ts';
