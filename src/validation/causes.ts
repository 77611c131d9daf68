/** The details of a denial as the API conventions have them: one cause per error, with its field. */
import { rules } from './codes/index.ts';
import type { CauseType, RuleCode } from './codes/index.ts';
import type { FieldPath } from './path.ts';

/** `StatusCause` of k8s.io/apimachinery/pkg/apis/meta/v1. */
export interface StatusCause {
  readonly reason: CauseType;
  readonly message: string;
  /** Kubernetes field notation, as the object spells it: `spec.http[0].route[1].weight`. */
  readonly field: string;
}

/** What a cause is made of. */
export interface Finding {
  readonly code: RuleCode;
  readonly message: string;
  readonly path: FieldPath;
}

/** More causes than these, or longer ones, help nobody; the denial's message has all errors in full. */
const maxCauses = 100;
const maxTextLength = 2_000;

/** The causes of a denial; `object` is the one denied, as sent. */
export function toCauses(findings: readonly Finding[], object: unknown): StatusCause[] {
  return findings.slice(0, maxCauses).map(({ code, message, path }) => ({
    reason: rules[code].cause,
    message: shorten(message),
    field: shorten(spellField(path, object)),
  }));
}

/**
 * The path as the object has it: up to the first step that is missing (a null item counts as an empty message, so more
 * may be said of it than it holds), and with the names spelled as the user did, since the decoder also takes `snake_case`.
 */
function spellField(path: FieldPath, object: unknown): string {
  let value = object;
  let text = '';
  for (const { key, isMapKey } of path.steps()) {
    if (!isObject(value)) break;
    const isIndex = typeof key === 'number';
    const spelled = isIndex || isMapKey ? String(key) : spellName(key, value);
    if (isIndex || isMapKey) text += `[${spelled}]`;
    else text += text === '' ? spelled : `.${spelled}`;
    value = Object.hasOwn(value, spelled) ? value[spelled] : undefined;
  }
  return text;
}

function spellName(name: string, parent: object): string {
  if (Object.hasOwn(parent, name)) return name;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(parent, snake) ? snake : name;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const shorten = (text: string): string => (text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text);
