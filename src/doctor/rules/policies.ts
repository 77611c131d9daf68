/** What happens when a webhook of ours is away or slow. */
import { isInjector, isOurs, isValidator, type Facts, type Webhook } from '../facts.ts';
import { finding, type Finding } from '../findings.ts';
import { takes } from './selectors.ts';

/** Seconds; the API server's default. */
const reasonableTimeout = 10;

export function findPolicyRisks(facts: Facts): Finding[] {
  const { installation, namespaces } = facts;
  return facts.configurations.flatMap(({ kind, name, webhooks }) => {
    const object = `${kind}/${name}`;
    const ours = webhooks.filter((webhook) => isOurs(webhook, installation));
    return [
      ...ours.flatMap((webhook) => aboutTimeout(webhook, object)),
      ...ours.filter(isInjector).flatMap((webhook) => aboutSystem(webhook, object)),
      ...once(ours.filter(isInjector), (webhook) => aboutOpenInjection(webhook, object)),
      ...once(ours.filter(isValidator), (webhook) => aboutOpenValidation(webhook, object)),
    ];
  });

  function aboutSystem(webhook: Webhook, object: string): Finding[] {
    if (webhook.failurePolicy !== 'Fail') return [];
    const guarded = [...new Set(['kube-system', installation.namespace])];
    return guarded.flatMap((namespace) => {
      const labels = namespaces.find(({ name }) => name === namespace)?.labels;
      if (labels === undefined || isExcluded(webhook, namespace) || !takes(webhook, labels, {})) return [];
      return [finding('FAIL_IN_SYSTEM_NAMESPACE', object, { webhook: webhook.name, namespace })];
    });
  }

  function aboutOpenValidation({ name: webhook, failurePolicy, service }: Webhook, object: string): Finding[] {
    const works = facts.served.some(
      (served) =>
        served.service.name === service?.name && served.unreachable === undefined && served.distrust === undefined,
    );
    return failurePolicy === 'Ignore' && works ? [finding('VALIDATION_MAY_BE_SKIPPED', object, { webhook })] : [];
  }
}

/** Whether a match condition speaks of the namespace, or of pods of ours; conditions are not evaluated. */
function isExcluded({ conditions }: Webhook, namespace: string): boolean {
  return conditions.some((expression) => expression.includes(`'${namespace}'`));
}

function aboutTimeout({ name: webhook, timeoutSeconds, failurePolicy }: Webhook, object: string): Finding[] {
  if (timeoutSeconds <= reasonableTimeout || failurePolicy !== 'Fail') return [];
  return [finding('TIMEOUT_LONG', object, { webhook, seconds: String(timeoutSeconds) })];
}

function aboutOpenInjection({ name: webhook, failurePolicy }: Webhook, object: string): Finding[] {
  return failurePolicy === 'Ignore' ? [finding('INJECTION_MAY_BE_SKIPPED', object, { webhook })] : [];
}

/** The first finding of a configuration: its entries have the same policy. */
function once(webhooks: readonly Webhook[], rule: (webhook: Webhook) => Finding[]): Finding[] {
  return webhooks.flatMap(rule).slice(0, 1);
}
