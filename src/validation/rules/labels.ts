/** Label maps, as `labels.Instance` of Istio's `pkg/config/labels` is checked. All lengths are in bytes. */
import { quote } from '../../go/quote.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem, Result } from '../result.ts';

const dnsLabel = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const qualifiedName = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const keyForm = new RegExp(`^(?:(${dnsLabel}(?:\\.${dnsLabel})*)/)?(${qualifiedName})$`);
const valueForm = new RegExp(`^(?:${qualifiedName})?$`);
const maxPrefixLength = 253;
const maxNameLength = 63;

/** Checks every label; each error counts as a list of its own. */
export function checkLabels(result: Result, path: FieldPath, labels: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(labels)) {
    result.listError(path.entry(key), checkKey(key));
    result.listError(path.entry(key), checkValue(value));
  }
}

function checkKey(key: string): Problem | undefined {
  const match = keyForm.exec(key);
  if (match === null) return problem('label-key', `invalid tag key: ${quote(key)}`);
  const [, prefix = '', name = ''] = match;
  if (prefix.length > maxPrefixLength) {
    return problem('label-key', `invalid tag key: ${quote(key)} (DNS prefix is too long)`);
  }
  if (name.length > maxNameLength) return problem('label-key', `invalid tag key: ${quote(key)} (name is too long)`);
  return undefined;
}

function checkValue(value: string): Problem | undefined {
  return valueForm.test(value) ? undefined : problem('label-value', `invalid tag value: ${quote(value)}`);
}
