/** Static and dynamic checks of a configuration: `outrigger lint`, and the error rules of the guard. */
export { levels, reaches, type Finding, type FindingPlace, type Level } from './finding.ts';
export { lintConfiguration, type LintOptions } from './lint.ts';
export { isRuleId, rules, type Rule, type RuleId } from './rules.ts';
