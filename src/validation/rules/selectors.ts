/** Workload selectors, in the two forms the API has: `labels` of the networking kinds, `matchLabels` of the policies. */
import { quote } from '../../go/quote.ts';
import type { TypeWorkloadSelector, WorkloadSelector } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';

const withoutLabels = 'workload selector specified without labels';

/** Checks `selector.matchLabels` of a policy, or `workloadSelector.matchLabels` of a DestinationRule. */
export function checkPolicySelector(result: Result, path: FieldPath, selector: TypeWorkloadSelector | undefined): void {
  if (selector === undefined) return;
  const labels = Object.entries(selector.matchLabels);
  checkSelectorLabels(result, path.at('matchLabels'), labels);
  if (labels.length === 0) result.warn(path.at('matchLabels'), problem('selector-without-labels', withoutLabels));
}

/**
 * Checks `workloadSelector.labels` of a networking kind, called `subject` in the warning.
 *
 * @returns whether the checks of the object go on: an error in its selector ends them
 */
export function checkWorkloadSelector(
  result: Result,
  path: FieldPath,
  selector: WorkloadSelector | undefined,
  subject: string,
): boolean {
  if (selector === undefined) return true;
  const labels = Object.entries(selector.labels);
  if (checkSelectorLabels(result, path.at('labels'), labels)) return false;
  if (labels.length === 0) {
    const message = `${subject}: ${withoutLabels}, will be applied to all services in namespace`;
    result.warn(path.at('labels'), problem('selector-without-labels', message));
  }
  return true;
}

/** Adds an error for each label that cannot be selected by; returns whether there was one. */
function checkSelectorLabels(result: Result, path: FieldPath, labels: readonly (readonly [string, string])[]): boolean {
  let failed = false;
  for (const [key, value] of labels) {
    const shown = quote(`${key}=${value}`);
    const place = path.entry(key);
    if (key === '') {
      result.error(place, problem('selector-key-empty', `empty key is not supported in selector: ${shown}`));
      failed = true;
    }
    if (key.includes('*') || value.includes('*')) {
      result.error(place, problem('selector-wildcard', `wildcard is not supported in selector: ${shown}`));
      failed = true;
    }
  }
  return failed;
}
