/** Checks of an object's annotations, which come before those of its spec. */
import { quote } from '../go/quote.ts';
import { parseBool } from '../go/strconv.ts';
import type { ObjectMetadata } from './kind.ts';
import { metadataPath } from './path.ts';
import { problem } from './result.ts';
import type { Problem, Result } from './result.ts';

const dryRun = 'istio.io/dry-run';

/** By this annotation the readiness probe of the webhook's controller gets its object rejected. */
export const alwaysReject = 'internal.istio.io/webhook-always-reject';

/** Annotations that only Istio's own objects have. */
const internal = ['internal.istio.io/parent-namespace', 'internal.istio.io/parents'] as const;

/**
 * Checks the annotations; only the first failure is reported, and the spec is then not looked at.
 *
 * @param action of an AuthorizationPolicy; undefined for other kinds
 * @returns whether the checks go on
 */
export function checkMetadata(result: Result, metadata: ObjectMetadata, action: string | undefined): boolean {
  const { annotations } = metadata;
  const found = findForbidden(metadata, action);
  if (found === undefined) return true;
  const [annotation, invalid] = found;
  const path = metadataPath.at('annotations');
  result.error(Object.hasOwn(annotations, annotation) ? path.entry(annotation) : path, invalid);
  return false;
}

function findForbidden(
  metadata: ObjectMetadata,
  action: string | undefined,
): [annotation: string, invalid: Problem] | undefined {
  const { annotations } = metadata;
  if (Object.hasOwn(annotations, dryRun)) {
    const invalid = checkDryRun(metadata, annotations[dryRun] ?? '', action);
    if (invalid !== undefined) return [dryRun, invalid];
  }
  if (Object.hasOwn(annotations, alwaysReject)) {
    return [alwaysReject, problem('annotation-forbidden', `${quote(alwaysReject)} annotation found, rejecting`)];
  }
  const annotation = internal.find((name) => Object.hasOwn(annotations, name));
  if (annotation === undefined) return undefined;
  const message = `${quote(annotation)} annotation found, this may not be set by users`;
  return [annotation, problem('annotation-forbidden', message)];
}

function checkDryRun(
  { namespace, name }: ObjectMetadata,
  value: string,
  action: string | undefined,
): Problem | undefined {
  const object = `${namespace}/${name}`;
  if (action === undefined) {
    const message = `${object} has unsupported annotation ${dryRun}, please remove the annotation`;
    return problem('annotation-forbidden', message);
  }
  if (action !== 'ALLOW' && action !== 'DENY') {
    const message = `the annotation ${dryRun} currently only supports action ALLOW/DENY, found action ${action} in ${object}`;
    return problem('annotation-forbidden', message);
  }
  const { error } = parseBool(value);
  if (error === undefined) return undefined;
  const message = `${object} has annotation ${dryRun} with invalid value (${value}): ${error.message}`;
  return problem('dry-run-value', message);
}
