/**
 * What may help against each outcome, as data for the search in flip.ts. Alternatives are only proposed here; whether they
 * help is tried there.
 */
import type { InjectionWebhook } from '../configuration/index.ts';
import { annotation, annotationValidators, container, label, metadataRegistry } from '../injection/index.ts';
import { checkLabelSelector, LabelSelectorError, type Labels, type LabelSelector } from '../kubernetes/index.ts';
import type { Evaluation, World } from './evaluate.ts';
import type { Change } from './explanation.ts';
import type { ExplanationReason } from './rules.ts';
import { isOfRevision, routingLabels } from './webhooks.ts';

/** Changes that belong together. */
export type Repair = readonly Change[];

type Proposer = (world: World, evaluation: Evaluation) => readonly Repair[];

const askWithLabel: Repair = [{ target: 'pod-label', name: label.inject, value: 'true' }];

const proposers: Readonly<Partial<Record<ExplanationReason, Proposer>>> = {
  'webhook-not-called': ({ webhooks, configuration, namespaceLabels = {}, pod }) =>
    webhooks
      .filter((webhook) => isOfRevision(webhook, configuration.revision))
      .flatMap((webhook) => routeTo(webhook, namespaceLabels, pod.metadata.labels ?? {})),
  'host-network': () => [[{ target: 'pod-field', name: 'spec.hostNetwork', value: 'false' }]],
  'ignored-namespace': () => [[{ target: 'namespace', name: 'metadata.namespace', value: 'default' }]],
  'refused-by-label': () => [askWithLabel],
  'refused-by-annotation': () => [[{ target: 'pod-annotation', name: annotation.inject, value: 'true' }], askWithLabel],
  'never-inject-selector': () => [askWithLabel],
  'policy-disabled': () => [askWithLabel],
  'policy-invalid': () => [[{ target: 'configuration', name: 'policy', value: 'enabled' }]],
  'invalid-annotations': ({ pod }) => [removeAnnotations(invalidAnnotations(pod.metadata.annotations ?? {}))],
  'invalid-overrides': () => [removeAnnotations([annotation.overrides])],
  'invalid-status': () => [removeAnnotations([annotation.status])],
  'template-not-found': otherTemplates,
  'template-failed': lessOfEverything,
  'overlay-failed': lessOfEverything,
  'merge-failed': lessOfEverything,
  'reapply-failed': lessOfEverything,
  'post-processing-failed': lessOfEverything,
};

/** What may help; empty where nothing is known to. */
export function repairsOf(world: World, evaluation: Evaluation): readonly Repair[] {
  return proposers[evaluation.reason]?.(world, evaluation) ?? [];
}

/** Names of annotations whose values are not accepted. */
export function invalidAnnotations(annotations: Labels): string[] {
  return Object.entries(annotations)
    .filter(([name, value]) => annotationValidators.get(name)?.(value) !== undefined)
    .map(([name]) => name)
    .sort();
}

/** Templates tried when the ones that were asked for do not exist; more would be guessing. */
const templatesTried = 8;

function otherTemplates({ pod, configuration }: World): readonly Repair[] {
  const { templates, defaultTemplates } = configuration.injection;
  const asked = Object.hasOwn(pod.metadata.annotations ?? {}, annotation.templates);
  const preferred = [...defaultTemplates, ...templates.keys()].filter((name) => templates.has(name));
  return [
    ...(asked ? [removeAnnotations([annotation.templates])] : []),
    ...[...new Set(preferred)]
      .slice(0, templatesTried)
      .map((name): Repair => [{ target: 'pod-annotation', name: annotation.templates, value: name }]),
  ];
}

const knownAnnotations: ReadonlySet<string> = new Set(
  metadataRegistry.filter(({ kind, on }) => kind === 'annotation' && on === 'pod').map(({ name }) => name),
);

/** One of the annotations that injection reads, the pod's own proxy container, or all of that. */
function lessOfEverything({ pod }: World): readonly Repair[] {
  const names = Object.keys(pod.metadata.annotations ?? {}).filter((name) => knownAnnotations.has(name));
  const { containers, initContainers } = pod.spec;
  const own = [...(containers ?? []), ...(initContainers ?? [])]
    .map(({ name }) => name)
    .filter((name) => ownContainers.has(name));
  const removeOwn = own.map((name): Change => ({ target: 'pod-container', name, value: null }));
  return [
    ...names.map((name) => removeAnnotations([name])),
    ...removeOwn.map((change) => [change]),
    [...removeAnnotations(names), ...removeOwn],
  ].filter((repair) => repair.length > 0);
}

const ownContainers: ReadonlySet<string> = new Set([container.proxy, container.init, container.validation]);

function removeAnnotations(names: readonly string[]): Repair {
  return names.map((name) => ({ target: 'pod-annotation', name, value: null }));
}

/** What makes an entry match; nothing when no change of labels can. */
function routeTo({ namespaceSelector, objectSelector }: InjectionWebhook, namespace: Labels, pod: Labels): Repair[] {
  const changes = [
    ...satisfy(namespaceSelector, namespace, 'namespace-label'),
    ...satisfy(objectSelector, pod, 'pod-label'),
  ];
  return changes.includes(undefined) ? [] : [changes.filter((change) => change !== undefined)];
}

/** Labels that nobody can or should change: Kubernetes writes the one, the other switches an entry off. */
const fixedLabels: ReadonlySet<string> = new Set([routingLabels.namespaceName, 'istio.io/deactivated']);

/** Changes for each requirement that is not met, `undefined` for those that cannot be. */
function satisfy(selector: LabelSelector, labels: Labels, target: Change['target']): readonly (Change | undefined)[] {
  try {
    checkLabelSelector(selector);
  } catch (error) {
    if (error instanceof LabelSelectorError) return [undefined];
    throw error;
  }
  const change = (name: string, value: string | null): Change | undefined =>
    fixedLabels.has(name) ? undefined : { target, name, value };
  const valueOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  const exact = Object.entries(selector.matchLabels ?? {})
    .filter(([key, value]) => valueOf(key) !== value)
    .map(([key, value]) => change(key, value));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    const value = valueOf(key);
    const listed = value !== undefined && (values ?? []).includes(value);
    switch (operator) {
      case 'In':
        return listed ? null : change(key, values?.[0] ?? '');
      case 'NotIn':
        if (!listed) return null;
        return change(key, key === label.inject && value !== 'true' ? 'true' : null);
      case 'Exists':
        return value === undefined ? change(key, 'true') : null;
      default:
        return value === undefined ? null : change(key, null);
    }
  });
  return [...exact, ...expressions.filter((item) => item !== null)];
}
