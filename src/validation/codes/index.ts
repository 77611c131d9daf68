/** The closed registry of rule codes: every issue carries one, and SARIF and the documents list them. */
import type { Rule } from './cause.ts';
import { networkingRules } from './networking.ts';
import { offlineRules } from './offline.ts';
import { policyRules } from './policies.ts';
import { valueRules } from './values.ts';

export type { CauseType, Rule } from './cause.ts';

const registry = { ...valueRules, ...networkingRules, ...policyRules, ...offlineRules } as const;

/** Stable name of a validation rule, e.g. `port-range`. */
export type RuleCode = keyof typeof registry;

/** What each rule code means. */
export const rules: Readonly<Record<RuleCode, Rule>> = registry;
