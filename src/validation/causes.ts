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

/** What a cause is made of; `path` may be the field in Kubernetes notation already. */
export interface Finding {
  readonly code: RuleCode;
  readonly message: string;
  readonly path: FieldPath | string;
}

/** More causes than these help nobody; the message has all errors. */
const maxCauses = 100;

/** The causes of a denial; `object` is the one denied, as sent. */
export function toCauses(findings: readonly Finding[], object: unknown): StatusCause[] {
  return findings.slice(0, maxCauses).map(({ code, message, path }) => ({
    reason: rules[code].cause,
    message,
    field: typeof path === 'string' ? path : spellField(path, object),
  }));
}

/**
 * The path in the spelling of the object: the decoder also takes `snake_case` names, and a user who wrote them should find
 * them again.
 */
function spellField(path: FieldPath, object: unknown): string {
  let value = object;
  let text = '';
  for (const { key, isMapKey } of path.steps()) {
    const spelled = typeof key === 'string' && !isMapKey ? spellKey(key, value) : key;
    if (isMapKey || typeof key === 'number') text += `[${spelled}]`;
    else text += text === '' ? spelled : `.${spelled}`;
    value =
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[spelled] : undefined;
  }
  return text;
}

function spellKey(key: string, parent: unknown): string {
  if (typeof parent !== 'object' || parent === null || Object.hasOwn(parent, key)) return key;
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(parent, snake) ? snake : key;
}
