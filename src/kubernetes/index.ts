export { DecodeError } from './decode-context.ts';
export { type FieldDefinition, type FlatField, type GoType, type TypeDefinition } from './field-table.ts';
export { flattenFields, parseGoType, typeDefinition } from './field-table.ts';
export {
  type LabelSelector,
  type LabelSelectorRequirement,
  type Labels,
  LabelSelectorError,
  checkLabelSelector,
  isEmptySelector,
  matchesLabelSelector,
} from './label-selector.ts';
export { NormalForms } from './normal-forms.ts';
export { QuantityError, canonicalQuantity } from './quantity.ts';
export { decodeTypedYaml } from './typed-yaml.ts';
export { decodeChangedPod, decodePod, decodeTyped, encodeTyped } from './typed.ts';
export type * from './types.ts';
export { findPodErrors, type PodError } from './validity/index.ts';
export { type WorkloadKind, workloadKinds } from './workloads.ts';
