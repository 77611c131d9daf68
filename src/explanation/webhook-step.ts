import { lookup } from './lookup.ts';
import type { Evaluation, World } from './evaluate.ts';
import type { Input } from './explanation.ts';
import type { Draft } from './steps.ts';
import { isOfRevision, keysOf, revisionName } from './webhooks.ts';

/** Whether the API server sends the pod: the selectors of the webhook configurations. */
export function webhookStep(world: World, { senders }: Evaluation): Draft {
  const { configuration, namespaceLabels } = world;
  if (world.isSent === true)
    return { rule: 'webhook', outcome: 'passed', inputs: [], text: 'The API server has sent the pod.' };
  const base = { rule: 'webhook', inputs: inputsOf(world) } as const;
  if (senders === undefined || namespaceLabels === undefined) {
    const text =
      'Not known, since the labels of the namespace are not: the rest holds if the API server sends the pod.';
    return { ...base, outcome: 'unknown', text };
  }
  const own = senders.filter((sender) => isOfRevision(sender, configuration.revision));
  const [first] = own;
  if (first !== undefined) {
    const conditions = first.matchConditions;
    const unless = conditions.length === 0 ? '' : `, if its matchConditions hold (${conditions.join(', ')})`;
    const text = `The entry ${first.name} of ${first.configuration} sends the pod${unless}.`;
    return { ...base, outcome: conditions.length === 0 ? 'passed' : 'unknown', text };
  }
  const [other] = senders;
  const text =
    other === undefined
      ? 'No entry of a webhook configuration matches the labels of the namespace and the pod.'
      : `Only revision ${revisionName(other.revision ?? '')} is asked, by ${other.name} of ${other.configuration}.`;
  return { ...base, outcome: 'skip', text };
}

/** The labels that selectors look at, and the entries. */
function inputsOf({ webhooks, namespaceLabels, pod }: World): Input[] {
  const value = (labels: Readonly<Record<string, string>>, key: string): string | null => lookup(labels, key) ?? null;
  const namespaceKeys = namespaceLabels === undefined ? [] : keysOf(webhooks.map((entry) => entry.namespaceSelector));
  return [
    ...namespaceKeys.map((name): Input => ({
      source: 'namespace label',
      name,
      value: value(namespaceLabels ?? {}, name),
    })),
    ...keysOf(webhooks.map((entry) => entry.objectSelector)).map((name): Input => ({
      source: 'pod label',
      name,
      value: value(pod.metadata.labels ?? {}, name),
    })),
    ...[...new Set(webhooks.map(({ configuration }) => configuration))].map((name): Input => ({
      source: 'webhook configuration',
      name,
    })),
  ];
}
