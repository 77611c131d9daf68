/** Label selectors as k8s.io/apimachinery's metav1.LabelSelectorAsSelector checks and matches them. */

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | null;
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | null;
}

export type Labels = Readonly<Record<string, string>>;

/** A selector that Kubernetes refuses. */
export class LabelSelectorError extends Error {
  override readonly name = 'LabelSelectorError';
}

const qualifiedName = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const MAX_NAME_LENGTH = 63;
const MAX_PREFIX_LENGTH = 253;

/** Whether `selector` says nothing, and so matches everything; what to make of that is the caller's matter. */
export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
}

/**
 * Whether `labels` meet every requirement of `selector`. An empty selector matches everything.
 * @throws {LabelSelectorError} when the selector is not valid
 */
export function matchesLabelSelector(selector: LabelSelector, labels: Labels): boolean {
  checkLabelSelector(selector);
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value);
  return equal && (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function meets({ key, operator, values }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && (values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/**
 * Refuses operators, keys and values that Kubernetes refuses.
 * @throws {LabelSelectorError}
 */
export function checkLabelSelector(selector: LabelSelector): void {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    checkKey(key);
    checkValue(key, value);
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const count = (values ?? []).length;
    if (operator === 'In' || operator === 'NotIn') {
      if (count === 0)
        throw new LabelSelectorError(
          "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
        );
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (count > 0)
        throw new LabelSelectorError('values: Invalid value: values set must be empty for exists and does not exist');
    } else {
      throw new LabelSelectorError(`"${operator}" is not a valid label selector operator`);
    }
    checkKey(key);
    for (const value of values ?? []) checkValue(key, value);
  }
}

function checkKey(key: string): void {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const prefixFits = prefix === undefined || (prefix.length <= MAX_PREFIX_LENGTH && dnsSubdomain.test(prefix));
  if (parts.length > 2 || name.length > MAX_NAME_LENGTH || !qualifiedName.test(name) || !prefixFits) {
    throw new LabelSelectorError(`key: Invalid value: ${JSON.stringify(key)}: it is not a valid label key`);
  }
}

function checkValue(key: string, value: string): void {
  if (value.length > MAX_NAME_LENGTH || (value !== '' && !qualifiedName.test(value))) {
    throw new LabelSelectorError(
      `values[0][${key}]: Invalid value: ${JSON.stringify(value)}: it is not a valid label value`,
    );
  }
}
