/** Which webhook entries send a pod to the injector: the selectors of MutatingWebhookConfigurations, as the API server evaluates them. */
import type { Configuration, InjectionWebhook } from '../configuration/index.ts';
import { ignoredNamespaces, label } from '../injection/index.ts';
import {
  LabelSelectorError,
  matchesLabelSelector,
  type Labels,
  type LabelSelector,
  type LabelSelectorRequirement,
} from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';

/** Labels that the entries of Istio's chart look at. */
export const routingLabels = {
  injection: 'istio-injection',
  revision: 'istio.io/rev',
  namespaceName: 'kubernetes.io/metadata.name',
} as const;

/** The name that a revision has in labels. */
export function revisionName(revision: string): string {
  return revision === '' ? 'default' : revision;
}

const absent = (key: string): LabelSelectorRequirement => ({ key, operator: 'DoesNotExist' });
const isIn = (key: string, value: string): LabelSelectorRequirement => ({ key, operator: 'In', values: [value] });
const all = (...matchExpressions: LabelSelectorRequirement[]): LabelSelector => ({ matchExpressions });

const unlabelled = [absent(routingLabels.injection), absent(routingLabels.revision)];
const notRefused: LabelSelectorRequirement = { key: label.inject, operator: 'NotIn', values: ['false'] };

/**
 * The entries of Istio's chart for a revision. Those for the label `istio-injection` and for pods that ask themselves exist only for the
 * default revision.
 */
export function defaultWebhooks(revision: string, namespacesByDefault = false): readonly InjectionWebhook[] {
  const name = revisionName(revision);
  const isDefault = name === 'default';
  const entry = (
    prefix: string,
    namespaceSelector: LabelSelector,
    objectSelector: LabelSelector,
  ): InjectionWebhook => ({
    name: `${prefix}.sidecar-injector.istio.io`,
    configuration: isDefault ? 'istio-sidecar-injector' : `istio-sidecar-injector-${name}`,
    revision: name,
    namespaceSelector,
    objectSelector,
    matchConditions: [],
  });
  const { injection, revision: revisionLabel, namespaceName } = routingLabels;
  const outsideSystem = { key: namespaceName, operator: 'NotIn', values: [...ignoredNamespaces] };
  return [
    entry('rev.namespace', all(isIn(revisionLabel, name), absent(injection)), all(notRefused)),
    entry('rev.object', all(...unlabelled), all(notRefused, isIn(revisionLabel, name))),
    ...(isDefault
      ? [
          entry('namespace', all(isIn(injection, 'enabled')), all(notRefused)),
          entry('object', all(...unlabelled), all(isIn(label.inject, 'true'), absent(revisionLabel))),
        ]
      : []),
    ...(isDefault && namespacesByDefault
      ? [entry('auto', all(...unlabelled, outsideSystem), all(absent(label.inject), absent(revisionLabel)))]
      : []),
  ];
}

/** The entries of a configuration's cluster, else those that Istio's chart would make for it. */
export function webhooksOf({ cluster, revision, values }: Configuration): readonly InjectionWebhook[] {
  const settings = Object.hasOwn(values.document, 'sidecarInjectorWebhook')
    ? values.document['sidecarInjectorWebhook']
    : undefined;
  const namespacesByDefault = isRecord(settings) && settings['enableNamespacesByDefault'] === true;
  return cluster.webhooks ?? defaultWebhooks(revision, namespacesByDefault);
}

/** The entries that match; an entry with a selector that is not valid never does. */
export function matchingWebhooks(
  webhooks: readonly InjectionWebhook[],
  namespace: Labels,
  pod: Labels,
): readonly InjectionWebhook[] {
  return webhooks.filter((webhook) => {
    try {
      return (
        matchesLabelSelector(webhook.namespaceSelector, namespace) && matchesLabelSelector(webhook.objectSelector, pod)
      );
    } catch (error) {
      if (error instanceof LabelSelectorError) return false;
      throw error;
    }
  });
}

/** Whether an entry sends pods to the injector of a revision; one that names none counts as everybody's. */
export function isOfRevision({ revision }: InjectionWebhook, served: string): boolean {
  return revision === undefined || revisionName(revision) === revisionName(served);
}

/** Keys of labels that the entries look at. */
export function keysOf(selectors: readonly LabelSelector[]): readonly string[] {
  const keys = selectors.flatMap(({ matchLabels, matchExpressions }) => [
    ...Object.keys(matchLabels ?? {}),
    ...(matchExpressions ?? []).map(({ key }) => key),
  ]);
  return [...new Set(keys)].sort();
}
