/**
 * What the API server says of a resource before any webhook sees it, offline: the rules of the CustomResourceDefinition.
 */
import { validateCel } from './cel.ts';
import { renderError, type CrdError } from './errors.ts';
import { validateListTypes } from './list-types.ts';
import { isObject, structuralSchemaOf } from './schema.ts';
import { validateStructure } from './structural.ts';
import { findUnknownFields } from './unknown-fields.ts';

/**
 * The stage that refused a resource; each runs only if those before it found nothing. `kind` means that no CustomResourceDefinition of
 * Istio serves the resource's apiVersion and kind.
 */
export type CrdStage = 'kind' | 'schema' | 'listType' | 'unknownFields' | 'cel';

/** Verdict of the CRD's rules. `errors` are the API server's texts, `fields` the paths they are about, in the same order. */
export interface CrdVerdict {
  readonly allowed: boolean;
  readonly stage?: CrdStage;
  readonly errors?: readonly string[];
  readonly fields?: readonly string[];
}

/**
 * Judges a decoded resource by the structural schema, list types, unknown fields and CEL rules of its CRD. Istio's schemas declare no
 * defaults, so nothing is filled in first. Pure: the object is not changed.
 */
export function validateCrd(object: unknown): CrdVerdict {
  if (!isObject(object)) return refused('kind', [{ path: '<nil>', text: 'the resource is not an object' }]);
  const { apiVersion, kind } = object;
  const schema =
    typeof apiVersion === 'string' && typeof kind === 'string' ? structuralSchemaOf(apiVersion, kind) : undefined;
  if (schema === undefined) {
    return refused('kind', [
      { path: 'kind', text: `no matches for kind "${String(kind)}" in version "${String(apiVersion)}"` },
    ]);
  }

  const { metadata: _metadata, ...body } = object;
  const stages: readonly [CrdStage, () => readonly CrdError[]][] = [
    ['schema', () => validateStructure(body, schema, '')],
    ['listType', () => validateListTypes(body, schema, '')],
    ['unknownFields', () => findUnknownFields(object, schema)],
    ['cel', () => validateCel(body, schema, '')],
  ];
  for (const [stage, run] of stages) {
    const errors = run();
    if (errors.length > 0) return refused(stage, errors);
  }
  return { allowed: true };
}

function refused(stage: CrdStage, errors: readonly CrdError[]): CrdVerdict {
  return {
    allowed: false,
    stage,
    errors: errors.map(renderError),
    fields: errors.map((error) => error.place ?? (error.path === '<nil>' ? '' : error.path)),
  };
}
