import {
  checkLabelSelector,
  decodeTyped,
  isEmptySelector,
  LabelSelectorError,
  matchesLabelSelector,
  type LabelSelector,
} from '../kubernetes/index.ts';
import { isRecord, setOwn, type JsonRecord } from '../yaml/index.ts';
import { scalarText } from './scalar-text.ts';

/** A label selector of the configuration, ready to match. */
export interface LabelRule {
  /** The selector as JSON, for messages. */
  readonly text: string;
  /** Why the selector is not valid; it then matches nothing. */
  readonly problem?: string;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
}

/** Compiles a selector; one that says nothing matches nothing. Throws a DecodeError when it is not a selector at all. */
export function compileLabelRule(raw: unknown): LabelRule {
  const selector = decodeTyped('v1.LabelSelector', withText(raw)) as LabelSelector;
  const text = JSON.stringify(selector);
  try {
    checkLabelSelector(selector);
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error;
    return { text, problem: error.message, matches: () => false };
  }
  return { text, matches: (labels) => !isEmptySelector(selector) && matchesLabelSelector(selector, labels) };
}

/** Every scalar of a selector is text: labels such as `1` or `yes` are meant as they are written out. */
function withText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withText);
  if (!isRecord(value)) return value === null ? null : scalarText(value);
  const copy: JsonRecord = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, withText(item));
  return copy;
}
