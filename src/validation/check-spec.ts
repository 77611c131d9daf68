/** All checks of one decoded resource. */
import type { Kind, ObjectMetadata } from './kind.ts';
import { checkMetadata } from './metadata.ts';
import { Result } from './result.ts';

/** Checks annotations first, and the spec if there is nothing wrong with them. `spec` is a message of `kind.message`. */
export function checkSpec(kind: Kind, spec: unknown, metadata: ObjectMetadata): Result {
  const result = new Result();
  if (checkMetadata(result, metadata, actionOf(kind, spec))) kind.validate(spec, metadata, result);
  return result;
}

/** The action of an AuthorizationPolicy, which decides whether it may be tried out with the dry-run annotation. */
function actionOf(kind: Kind, spec: unknown): string | undefined {
  if (kind.kind !== 'AuthorizationPolicy') return undefined;
  const { action } = spec as { readonly action: string | number };
  return String(action);
}
