export { diagnose } from './diagnose.ts';
export {
  isInjector,
  isOurs,
  type Facts,
  type Installation,
  type NamespaceFacts,
  type Permission,
  type ServedFacts,
  type ServiceFacts,
  type ServiceReference,
  type Webhook,
  type WebhookConfiguration,
} from './facts.ts';
export {
  finding,
  findingKinds,
  hasProblems,
  sortFindings,
  type Finding,
  type FindingId,
  type Level,
} from './findings.ts';
export { neededPermissions, type PermissionSettings } from './rules/permissions.ts';
export { planRemoval, type Dependent, type Removal, type RemovalFacts, type RemovalStep } from './removal.ts';
