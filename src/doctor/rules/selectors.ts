/** Which namespaces and pods the injectors' selectors take: twice, never, or where they should not. */
import { LabelSelectorError, matchesLabelSelector, type LabelSelector, type Labels } from '../../kubernetes/index.ts';
import { isInjector, type Facts, type NamespaceFacts, type Webhook, type WebhookConfiguration } from '../facts.ts';
import { finding, type Finding } from '../findings.ts';

const injection = 'istio-injection';
const revisionLabel = 'istio.io/rev';
const switchLabel = 'sidecar.istio.io/inject';

/** Namespaces that nothing is injected into, whatever their labels. */
const systemNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

interface Injector {
  readonly name: string;
  readonly entries: readonly Webhook[];
}

export function findSelectorProblems(facts: Facts): Finding[] {
  const injectors = facts.configurations
    .map(({ name, webhooks }) => ({ name, entries: webhooks.filter(isInjector) }))
    .filter(({ entries }) => entries.length > 0);
  const namespaces = facts.namespaces.filter(({ name }) => !systemNamespaces.has(name));
  return [
    ...findOverlaps(injectors, namespaces),
    ...findUseless(injectors, namespaces),
    ...namespaces.flatMap((namespace) => aboutNamespace(injectors, namespace)),
    ...findSharedRevisions(facts.configurations),
  ];
}

/** Whether an entry is called for a pod of these labels; a selector that Kubernetes refuses takes nothing. */
export function takes(entry: Webhook, namespace: Labels, pod: Labels): boolean {
  return matches(entry.namespaceSelector, namespace) && matches(entry.objectSelector, pod);
}

function matches(selector: LabelSelector, labels: Labels): boolean {
  try {
    return matchesLabelSelector(selector, labels);
  } catch (error) {
    if (error instanceof LabelSelectorError) return false;
    throw error;
  }
}

/** Pods that tell the entries apart. */
function samplePods(injectors: readonly Injector[]): Labels[] {
  const revisions = new Set(
    injectors.flatMap(({ entries }) =>
      entries.flatMap(({ objectSelector }) =>
        (objectSelector.matchExpressions ?? []).flatMap(({ key, values }) =>
          key === revisionLabel ? (values ?? []) : [],
        ),
      ),
    ),
  );
  return [{}, { [switchLabel]: 'true' }, ...[...revisions].map((revision) => ({ [revisionLabel]: revision }))];
}

function findOverlaps(injectors: readonly Injector[], namespaces: readonly NamespaceFacts[]): Finding[] {
  const pods = samplePods(injectors);
  const seen = new Map<string, Finding>();
  for (const { name: namespace, labels } of namespaces) {
    for (const pod of pods) {
      const [first, second] = injectors.filter(({ entries }) => entries.some((entry) => takes(entry, labels, pod)));
      if (first === undefined || second === undefined) continue;
      const pair = `${first.name} ${second.name}`;
      if (seen.has(pair)) continue;
      const details = { namespace, pod: describeLabels(pod), first: first.name, second: second.name };
      seen.set(pair, finding('OVERLAP', `MutatingWebhookConfiguration/${first.name}`, details));
    }
  }
  return [...seen.values()];
}

function describeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? 'without labels' : `labelled ${pairs.join(',')}`;
}

function findUseless(injectors: readonly Injector[], namespaces: readonly NamespaceFacts[]): Finding[] {
  return injectors.flatMap(({ name, entries }) => {
    const asked = entries.filter(({ namespaceSelector }) => labelsAsked(namespaceSelector).length > 0);
    const used = asked.some((entry) => namespaces.some(({ labels }) => matches(entry.namespaceSelector, labels)));
    const label = asked.flatMap(({ namespaceSelector }) => labelsAsked(namespaceSelector)).at(-1);
    if (used || label === undefined) return [];
    const object = `MutatingWebhookConfiguration/${name}`;
    return [finding('MATCHES_NOTHING', object, { configuration: object, label })];
  });
}

/** Labels that a selector demands, as `kubectl label` writes them. */
function labelsAsked({ matchExpressions }: LabelSelector): string[] {
  return (matchExpressions ?? []).flatMap(({ key, operator, values }) => {
    const value = operator === 'In' ? values?.[0] : undefined;
    return value === undefined ? [] : [`${key}=${value}`];
  });
}

function aboutNamespace(injectors: readonly Injector[], { name: namespace, labels }: NamespaceFacts): Finding[] {
  const object = `Namespace/${namespace}`;
  const value = labelOf(labels, injection);
  const revision = labelOf(labels, revisionLabel);
  const findings: Finding[] = [];
  if (value !== undefined && revision !== undefined) {
    findings.push(finding('LABELS_IN_CONFLICT', object, { namespace, value, revision }));
  }
  // Any other value of istio-injection says no.
  if (value === undefined ? revision === undefined : value !== 'enabled') return findings;
  const answered = injectors.some(({ entries }) => entries.some((entry) => takes(entry, labels, {})));
  if (answered) return findings;
  const label = value === undefined ? `${revisionLabel}=${revision ?? ''}` : `${injection}=enabled`;
  return [...findings, finding('REVISION_WITHOUT_INJECTOR', object, { namespace, label })];
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** istiod and Outrigger go by the label of a configuration alone, so two control planes of one revision write into each other's. */
function findSharedRevisions(configurations: readonly WebhookConfiguration[]): Finding[] {
  const first = new Map<string, { name: string; service: string }>();
  const findings: Finding[] = [];
  for (const { kind, name, labels, webhooks } of configurations) {
    const revision = labelOf(labels, revisionLabel);
    const reference = webhooks.find(isInjector)?.service;
    if (revision === undefined || reference === undefined) continue;
    const service = `${reference.namespace}/${reference.name}`;
    const other = first.get(revision);
    if (other === undefined) first.set(revision, { name, service });
    else if (other.service !== service) {
      findings.push(finding('REVISION_SHARED', `${kind}/${name}`, { first: other.name, second: name, revision }));
    }
  }
  return findings;
}
