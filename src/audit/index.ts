export { Audit, type AuditFinding, type AuditOptions, type ExplainedDifference, type FoundWorkload } from './audit.ts';
export { auditPod, isFinding, verdicts, type AuditedPod, type PodVerdict } from './audit-pod.ts';
export { Budgets, type Budget } from './budgets.ts';
export { withDefaults } from './defaults.ts';
export type { OtherChange } from './others.ts';
export { Owners, ownerKinds, type Owner, type WorkloadName } from './owners.ts';
export { planRestarts, type Blocked, type Restart, type RestartPlan, type RestartWish } from './plan.ts';
export type { ReportedChange } from './reported-change.ts';
