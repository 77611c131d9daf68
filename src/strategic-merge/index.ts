export { OverlayError } from './error.ts';
export { applyOverlay, decodeOverlay, mergeOverlay, mergeRaw, mergeSharedOverlay } from './overlay.ts';
export { SharedOverlay } from './shared-overlay.ts';
export { SharedParts } from './shared-parts.ts';
