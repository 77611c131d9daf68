export { analyse } from './analysis.ts';
export { anyKey, Place, pointedTo, type PlaceKey } from './place.ts';
export { projectionOf, type Project } from './projection.ts';
export type { Shape } from './shape.ts';
export { showPath, templateReads, type DataRead, type ReadsOptions, type TemplateReads } from './template-reads.ts';
