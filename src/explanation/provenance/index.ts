/** Where the fields of an injected pod come from. */
export {
  childType,
  elementNames,
  parsePath,
  pathText,
  podType,
  stepText,
  type FieldPath,
  type FieldType,
} from './field-path.ts';
export { leavesOf, type Leaf, type Leaves } from './leaves.ts';
export type { ObservedParameters } from './observe.ts';
export {
  explainField,
  provenanceOf,
  type FieldAnswer,
  type FieldProvenance,
  type PodProvenance,
} from './provenance.ts';
export { sourceKinds, sourceText, type Source, type SourceKind } from './source.ts';
export { stepTexts } from './step-sources.ts';
export { fieldsByTemplateLine, type FieldsByLine } from './template-lines.ts';
export type { TemplatePlace } from './written-ranges.ts';
