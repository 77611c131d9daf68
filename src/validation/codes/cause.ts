/** How the API conventions name what is wrong with a field (`CauseType` of k8s.io/apimachinery/pkg/apis/meta/v1). */
export type CauseType =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTypeInvalid';

/** What a rule code stands for: the API's name of the cause and one readable sentence, used by SARIF and the documents. */
export interface Rule {
  readonly cause: CauseType;
  readonly summary: string;
}

export const invalid = (summary: string): Rule => ({ cause: 'FieldValueInvalid', summary });
export const required = (summary: string): Rule => ({ cause: 'FieldValueRequired', summary });
export const duplicate = (summary: string): Rule => ({ cause: 'FieldValueDuplicate', summary });
export const notSupported = (summary: string): Rule => ({ cause: 'FieldValueNotSupported', summary });
export const forbidden = (summary: string): Rule => ({ cause: 'FieldValueForbidden', summary });
export const tooLong = (summary: string): Rule => ({ cause: 'FieldValueTooLong', summary });
