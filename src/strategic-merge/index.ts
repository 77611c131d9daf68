export { OverlayError } from './error.ts';
export { applyOverlay, decodeOverlay, mergeOverlay, mergeRaw } from './overlay.ts';
