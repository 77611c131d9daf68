import type { Audit } from '../injection/index.ts';

/** Longest value; the pod may name any number of templates. */
const longestValue = 256;

/**
 * What the audit log is told of an injection: reason, revision and generation of the configuration, and the templates. Neither names
 * nor values of anything in the pod.
 */
export function auditAnnotations(revision: string, generation: number): Audit {
  return ({ reason, templates }) => ({
    reason,
    revision,
    'configuration-generation': String(generation),
    ...(templates.length > 0 && { templates: templates.join(',').slice(0, longestValue) }),
  });
}
