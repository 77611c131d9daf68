import { renderErrorList } from '../../go/multierror.ts';
import { compareStrings } from '../../go/utf8.ts';
import { annotationValidators } from './registry.ts';
import type { StringMap } from '../maps.ts';

/**
 * Checks the annotations that have a validator. All failures are collected, in the order of the annotations' names (Istio's order
 * is random).
 * @returns Istio's text for the failures, or `undefined`
 */
export function findAnnotationErrors(annotations: StringMap): string | undefined {
  const errors: [name: string, message: string][] = [];
  for (const [name, value] of Object.entries(annotations ?? {})) {
    const reason = annotationValidators.get(name)?.(value);
    if (reason !== undefined) errors.push([name, `invalid value '${value}' for annotation '${name}': ${reason}`]);
  }
  if (errors.length === 0) return undefined;
  return renderErrorList(errors.sort(([a], [b]) => compareStrings(a, b)).map(([, message]) => message));
}
