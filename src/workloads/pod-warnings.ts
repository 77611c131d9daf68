/** What else the author of a workload will want to know about its pods. */
import { routingLabels } from '../explanation/index.ts';
import { annotation, container, label } from '../injection/index.ts';
import { evaluateWith, ofTemplate, valueOf, type AppliedWorkload } from './applied-workload.ts';
import type { Warning } from './catalogue.ts';
import { shownValue, warning } from './text.ts';

/** Each looks at one thing. */
const checks = [injectValue, hiddenAnnotation, ignoredRevision, unfinishedJob, dnsPolicy] as const;

/** Warnings beside the verdict. */
export function podWarnings(workload: AppliedWorkload): Warning[] {
  return checks.map((check) => check(workload)).filter((found) => found !== undefined);
}

function injectValue(workload: AppliedWorkload): Warning | undefined {
  const byLabel = valueOf(ofTemplate(workload, 'labels'), label.inject);
  const value = byLabel ?? valueOf(ofTemplate(workload, 'annotations'), annotation.inject) ?? '';
  if (value === '' || value === 'true' || value === 'false') return undefined;
  const kind = byLabel === undefined ? 'annotation' : 'label';
  const text = `${kind} ${label.inject}: ${shownValue(value)} is ignored: only "true" and "false" count`;
  return warning('inject-value-ignored', text);
}

function hiddenAnnotation(workload: AppliedWorkload): Warning | undefined {
  const byLabel = valueOf(ofTemplate(workload, 'labels'), label.inject);
  const byAnnotation = valueOf(ofTemplate(workload, 'annotations'), annotation.inject);
  if (byLabel === undefined || byAnnotation === undefined || byLabel === byAnnotation) return undefined;
  const text = `annotation ${annotation.inject} is ignored: the label of that name says ${shownValue(byLabel)}`;
  return warning('label-hides-annotation', text);
}

/** Labels of the namespace count first; those of the pods only where the namespace has none. */
function ignoredRevision(workload: AppliedWorkload): Warning | undefined {
  const asked = valueOf(ofTemplate(workload, 'labels'), routingLabels.revision);
  const namespace = workload.world.namespaceLabels;
  if (asked === undefined || namespace === undefined) return undefined;
  const deciding = [routingLabels.injection, routingLabels.revision].find(
    (key) => valueOf(namespace, key) !== undefined,
  );
  const decision = deciding === undefined ? undefined : valueOf(namespace, deciding);
  // `istio-injection: enabled` is the default revision's.
  if (
    deciding === undefined ||
    decision === (deciding === routingLabels.injection && asked === 'default' ? 'enabled' : asked)
  )
    return undefined;
  const decided = `namespace ${workload.made.namespace} has label ${deciding}=${decision ?? ''}`;
  return warning('revision-label-ignored', `label ${routingLabels.revision}=${asked} is ignored: ${decided}`);
}

function unfinishedJob(workload: AppliedWorkload): Warning | undefined {
  const { kind } = workload.made;
  if ((kind !== 'Job' && kind !== 'CronJob') || !hasOrdinaryProxy(workload.evaluation)) return undefined;
  const native = evaluateWith(workload, 'annotations', { [annotation.nativeSidecar]: 'true' });
  const helps = native.injected !== undefined && !hasOrdinaryProxy(native);
  const who = kind === 'Job' ? 'the Job' : 'its Jobs';
  const advice = helps ? `; annotation ${annotation.nativeSidecar}: "true" helps` : '';
  return warning('job-never-finishes', `${who} will not finish: the sidecar is not native${advice}`);
}

/** Whether injection gives the pod a proxy that runs beside its containers for ever. */
function hasOrdinaryProxy({ verdict, injected }: AppliedWorkload['evaluation']): boolean {
  if (verdict !== 'injected' || injected === undefined) return false;
  return [injected.templatePod, injected.pod].every(({ spec }) =>
    (spec.containers ?? []).some(({ name }) => name === container.proxy),
  );
}

function dnsPolicy({ made, evaluation }: AppliedWorkload): Warning | undefined {
  const policy = made.pod.spec['dnsPolicy'] ?? '';
  if (evaluation.verdict !== 'injected' || typeof policy !== 'string') return undefined;
  if (policy === '' || policy === 'ClusterFirst') return undefined;
  const text = `dnsPolicy ${shownValue(policy)}: the sidecar may not find its control plane; ClusterFirst is safe`;
  return warning('dns-policy', text);
}
