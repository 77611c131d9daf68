/** Static and dynamic checks of a configuration: `outrigger lint`, and the error rules of the guard. */
export { finding, levels, reaches, type Finding, type FindingPlace, type Level } from './finding.ts';
export { lintConfiguration, type LintOptions } from './lint.ts';
export { isRuleId, rules, type Rule, type RuleId } from './rules.ts';
export { findingRecords, type FindingRecord } from './report/json.ts';
export { lintSarif } from './report/sarif.ts';
export { findingText, summaryText, type LintColors } from './report/text.ts';
