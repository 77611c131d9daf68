export { comparePods, type Change } from './change.ts';
export { compareOutcomes, comparePod, isChange, results, type PodComparison, type Result } from './compare-outcomes.ts';
export { knowsNamespace, outcomeOf, sideOf, type Outcome, type Side, type SideOptions } from './outcome.ts';
