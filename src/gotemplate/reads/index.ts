export { anyKey, type PlaceKey } from './place.ts';
export { showPath, templateReads, type DataRead, type ReadsOptions, type TemplateReads } from './template-reads.ts';
