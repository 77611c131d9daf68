/** What is to be said of one pod of a cluster: whether today's configuration would make it the same. */
import {
  admissionFields,
  isInjected,
  originalPod,
  outcomeOf,
  type Change,
  type Outcome,
  withRecordedSettings,
  type Side,
} from '../comparison/index.ts';
import type { Pod, PodTemplateSpec } from '../kubernetes/index.ts';
import { setOwn } from '../yaml/index.ts';
import { compareLive } from './compare-live.ts';
import { explainedByOthers, type OtherChange } from './others.ts';

/** What can be found, the worst first. */
export const verdicts = {
  refused: 'injected, and today it would be refused: it cannot come back',
  missing: 'not injected, and today it would be',
  superfluous: 'injected, and today it would not be',
  stale: "injected differently from what today's configuration makes",
  current: 'injected as today',
  outside: 'not injected, as today',
} as const;

export type PodVerdict = keyof typeof verdicts;

/** Whether a verdict is something to act on. */
export function isFinding(verdict: PodVerdict): boolean {
  return verdict !== 'current' && verdict !== 'outside';
}

/** A pod that was looked at. */
export interface AuditedPod {
  readonly verdict: PodVerdict;
  /** Of stale pods: from the pod as it is to the pod as it would be. */
  readonly changes: readonly Change[];
  /** Differences that something else than the injector made. */
  readonly others: readonly OtherChange[];
  /** The pod as it was sent. */
  readonly original: Pod;
  readonly outcome: Outcome;
}

/**
 * Looks at a pod. Never throws.
 * @param live decoded, with its namespace
 * @param template the pod template that its owner made it from, decoded
 */
export function auditPod(live: Pod, side: Side, template?: PodTemplateSpec): AuditedPod {
  let best = auditAs(live, originalPod(live, template), side, template);
  for (const variant of variantsOf(live, best.original, template)) {
    if (best.verdict !== 'stale') return best;
    const other = auditAs(variant.live, variant.original, side, template);
    if (other.verdict === 'current' || other.changes.length < best.changes.length) best = other;
  }
  return best;
}

/** Originals that are as likely, for admission may have come before or after the injection. */
function* variantsOf(
  live: Pod,
  original: Pod,
  template: PodTemplateSpec | undefined,
): Generator<{ readonly live: Pod; readonly original: Pod }> {
  if (template === undefined) {
    yield { live, original: withoutCanonicalLabels(original) };
    return;
  }
  const recorded = withRecordedSettings(original, live);
  if (recorded !== original) yield { live, original: recorded };
  const strangers = containersUnknownTo(template, original);
  if (strangers.size > 0) {
    yield { live: withoutContainers(live, strangers), original: withoutContainers(original, strangers) };
  }
  yield { live, original: { ...original, spec: beforeAdmission(original.spec, template.spec) } };
}

/** The spec with what the template says where admission sets fields. */
function beforeAdmission(spec: Pod['spec'], template: Pod['spec']): Pod['spec'] {
  const before: Pod['spec'] = { ...spec };
  for (const field of admissionFields) {
    if (Object.hasOwn(template, field)) setOwn(before, field, template[field]);
    else Reflect.deleteProperty(before, field);
  }
  return before;
}

function auditAs(live: Pod, original: Pod, side: Side, template: PodTemplateSpec | undefined): AuditedPod {
  const outcome = outcomeOf(side, original);
  const base = { changes: [], others: [], original, outcome };
  if (!isInjected(live)) return { ...base, verdict: outcome.kind === 'injected' ? 'missing' : 'outside' };
  if (outcome.kind === 'refused') return { ...base, verdict: 'refused' };
  if (outcome.kind === 'skipped') return { ...base, verdict: 'superfluous' };
  const all = compareLive({ live, original, today: outcome.pod, ...(template && { template }) });
  const { changes, others } = explainedByOthers(all, live, template);
  return { ...base, verdict: changes.length === 0 ? 'current' : 'stale', changes, others };
}

/** Without the owner's template it is not known whether people set these labels or the injector did. */
function withoutCanonicalLabels(pod: Pod): Pod {
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(pod.metadata.labels ?? {})) {
    if (!key.startsWith('service.istio.io/canonical-')) setOwn(labels, key, value);
  }
  return { ...pod, metadata: { ...pod.metadata, labels: labels } };
}

function containersUnknownTo({ spec: known }: PodTemplateSpec, { spec }: Pod): ReadonlySet<string> {
  const names = new Set([...(known.containers ?? []), ...(known.initContainers ?? [])].map(({ name }) => name));
  const all = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name);
  return new Set(all.filter((name) => !names.has(name)));
}

function withoutContainers(pod: Pod, names: ReadonlySet<string>): Pod {
  const { initContainers, containers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: (containers ?? []).filter(({ name }) => !names.has(name)),
    ...(initContainers && { initContainers: initContainers.filter(({ name }) => !names.has(name)) }),
  };
  return { ...pod, spec };
}
