import type { Facts } from './facts.ts';
import { sortFindings, type Finding } from './findings.ts';
import { findMissingPermissions } from './rules/permissions.ts';
import { findPolicyRisks } from './rules/policies.ts';
import { findUnreachable } from './rules/reachability.ts';
import { findSelectorProblems } from './rules/selectors.ts';
import { findDistrust } from './rules/trust.ts';

const rules = [findUnreachable, findDistrust, findSelectorProblems, findPolicyRisks, findMissingPermissions];

/** Everything that is wrong or noteworthy, the worst first. */
export function diagnose(facts: Facts): Finding[] {
  return sortFindings(rules.flatMap((rule) => rule(facts)));
}
