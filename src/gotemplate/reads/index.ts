export { anyKey, type Place, type PlaceKey } from './place.ts';
export { projectionOf, type Project } from './projection.ts';
export { showPath, templateReads, type DataRead, type ReadsOptions, type TemplateReads } from './template-reads.ts';
