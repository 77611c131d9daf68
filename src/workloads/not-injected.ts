/** Why pods are left alone, in few words. */
import { revisionName, routingLabels, type ExplanationReason } from '../explanation/index.ts';
import { annotation, label, reasons } from '../injection/index.ts';
import type { Labels } from '../kubernetes/index.ts';
import { ofTemplate, valueOf, type AppliedWorkload } from './applied-workload.ts';
import type { Warning } from './catalogue.ts';
import { shownValue, warning } from './text.ts';

/** Labels name a revision or tag of which nothing is known here, or another injector takes the pods. */
export function otherRevision(workload: AppliedWorkload): Warning | undefined {
  const { evaluation, world } = workload;
  if (evaluation.reason !== 'webhook-not-called') return undefined;
  const served = revisionName(world.configuration.revision);
  const sender = evaluation.senders?.[0];
  if (sender !== undefined) {
    const text = `pods are sent to the injector of revision ${sender.revision ?? ''}, not to ${served}`;
    return warning('other-revision', text);
  }
  const namespace = world.namespaceLabels ?? {};
  if (world.configuration.cluster.webhooks !== undefined) return undefined;
  const asked =
    revisionOfNamespace(namespace) ??
    (valueOf(namespace, routingLabels.injection) === undefined
      ? valueOf(ofTemplate(workload, 'labels'), routingLabels.revision)
      : undefined);
  if (asked === undefined || asked === served) return undefined;
  return warning('other-revision', `pods are for revision or tag ${shownValue(asked)}; this injector serves ${served}`);
}

/** `istio-injection` hides the revision, and `enabled` stands for the default one. */
function revisionOfNamespace(namespace: Labels): string | undefined {
  const injection = valueOf(namespace, routingLabels.injection);
  if (injection !== undefined) return injection === 'enabled' ? 'default' : undefined;
  return valueOf(namespace, routingLabels.revision);
}

/** That nothing happens, and why. */
export function willNotBeInjected(workload: AppliedWorkload): Warning {
  return warning('will-not-be-injected', `pods will NOT be injected: ${causeOf(workload)}`);
}

/** What keeps the pods from being injected. */
export function causeOf(workload: AppliedWorkload): string {
  const { made, evaluation, world } = workload;
  const cause = causes[evaluation.reason];
  if (cause !== undefined) return cause(made.namespace);
  if (evaluation.reason === 'webhook-not-called') return routingCause(workload);
  const { injection } = world.configuration;
  return `${reasons[evaluation.reason].rule} (policy ${shownValue(injection.policy)})`;
}

const causes: Readonly<Partial<Record<ExplanationReason, (namespace: string) => string>>> = {
  'host-network': () => 'they use the host network',
  'ignored-namespace': (namespace) => `namespace ${namespace} is left alone`,
  'refused-by-label': () => `the pod template has label ${label.inject}: "false"`,
  'refused-by-annotation': () => `the pod template has annotation ${annotation.inject}: "false"`,
  'never-inject-selector': () => 'their labels match a neverInjectSelector of the injector',
  'policy-disabled': () => `the policy is disabled and the pod template lacks label ${label.inject}: "true"`,
  'policy-invalid': () => 'the policy of the injector is neither enabled nor disabled',
};

/** Which label keeps the API server from calling the injector. */
function routingCause({ made, world }: AppliedWorkload): string {
  const namespace = world.namespaceLabels ?? {};
  const podLabels = made.pod.metadata.labels ?? {};
  const served = revisionName(world.configuration.revision);
  if (valueOf(podLabels, label.inject) === 'false') return `the pod template has label ${label.inject}: "false"`;
  const injection = valueOf(namespace, routingLabels.injection);
  if (injection !== undefined && injection !== 'enabled')
    return `namespace ${made.namespace} has label ${routingLabels.injection}=${injection}`;
  if (valueOf(namespace, routingLabels.revision) === undefined && injection === undefined) {
    const wanted = served === 'default' ? `${routingLabels.injection}=enabled` : `${routingLabels.revision}=${served}`;
    return `namespace ${made.namespace} has no label ${wanted}`;
  }
  return `no webhook selects namespace ${made.namespace} and these pods`;
}
