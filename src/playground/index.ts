export { examplePods } from './examples.ts';
export { previewInjection, type Surroundings } from './preview.ts';
export type * from './preview-types.ts';
