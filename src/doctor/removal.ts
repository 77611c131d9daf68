/** What an uninstall removes, in which order, and what still depends on it. */
import type { LabelSelector, Labels } from '../kubernetes/index.ts';
import { isInjector, isOurs, type Installation, type NamespaceFacts, type WebhookConfiguration } from './facts.ts';
import { takes } from './rules/selectors.ts';

/** An object that belongs to the installation. */
export interface RemovableObject {
  /** As `kubectl delete` takes it: `deployment`. */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A pod that carries a sidecar. */
export interface InjectedPod {
  readonly namespace: string;
  readonly revision: string;
}

export interface RemovalFacts {
  readonly installation: Installation;
  readonly configurations: readonly WebhookConfiguration[];
  readonly namespaces: readonly NamespaceFacts[];
  readonly pods: readonly InjectedPod[];
  /** All objects that the installation's labels or names find, the webhook configurations left out. */
  readonly objects: readonly RemovableObject[];
}

export interface RemovalStep {
  readonly title: string;
  readonly reason: string;
  readonly commands: readonly string[];
}

/** Something that changes its behaviour with the removal. */
export interface Dependent {
  /** `KIND/NAME` */
  readonly object: string;
  readonly message: string;
}

export interface Removal {
  readonly dependents: readonly Dependent[];
  readonly steps: readonly RemovalStep[];
}

/** What goes after the webhook configurations: first what calls and runs, then what it ran with. */
const stages = [
  {
    title: 'Stop the server',
    reason: 'Nobody calls it any more.',
    kinds: [
      'horizontalpodautoscaler',
      'poddisruptionbudget',
      'deployment',
      'service',
      'networkpolicy',
      'servicemonitor',
    ],
  },
  {
    title: 'Remove what it ran with',
    reason: 'The certificate, the lease and the permissions are of no use to anybody else.',
    kinds: [
      'configmap',
      'secret',
      'lease',
      'rolebinding',
      'role',
      'clusterrolebinding',
      'clusterrole',
      'serviceaccount',
    ],
  },
] as const;

export function planRemoval(facts: RemovalFacts): Removal {
  const ours = facts.configurations.filter(({ webhooks }) =>
    webhooks.some((webhook) => isOurs(webhook, facts.installation)),
  );
  const first = {
    title: 'Take the webhook configurations away',
    reason: 'First, since with failurePolicy Fail the API server refuses pods once the server is gone.',
    commands: ours.map(({ kind, name }) => `kubectl delete ${kind.toLowerCase()} ${name}`),
  };
  const later = stages.map(({ title, reason, kinds }) => ({
    title,
    reason,
    commands: kinds.flatMap((kind) => facts.objects.filter((object) => object.kind === kind).map(deleteCommand)),
  }));
  return {
    dependents: dependentsOf(facts, ours),
    steps: [first, ...later].filter(({ commands }) => commands.length > 0),
  };
}

function deleteCommand({ kind, name, namespace }: RemovableObject): string {
  return `kubectl delete ${kind} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;
}

function dependentsOf(facts: RemovalFacts, ours: readonly WebhookConfiguration[]): Dependent[] {
  const others = facts.configurations.filter((configuration) => !ours.includes(configuration));
  const namespaces = facts.namespaces
    .filter(({ labels }) => asks(ours, labels))
    .map(({ name, labels }) => {
      const message = asks(others, labels)
        ? 'is injected by another configuration as well, which goes on'
        : 'has its pods injected here: new ones will have no sidecar';
      return { object: `Namespace/${name}`, message };
    });
  const tags = ours.flatMap(({ kind, name, labels }) => {
    const tag = Object.hasOwn(labels, 'istio.io/tag') ? labels['istio.io/tag'] : undefined;
    return tag === undefined ? [] : [{ object: `${kind}/${name}`, message: `makes the revision tag ${tag} lead here` }];
  });
  return [...namespaces, ...tags, ...injectedPods(facts)];
}

/** Whether pods of a namespace are injected by its labels alone. */
function asks(configurations: readonly WebhookConfiguration[], labels: Labels): boolean {
  return configurations.some(({ webhooks }) =>
    webhooks.some((webhook) => isInjector(webhook) && demands(webhook.namespaceSelector) && takes(webhook, labels, {})),
  );
}

/** Whether a selector asks for a label, so that a namespace without labels is not one that depends on us. */
function demands({ matchLabels, matchExpressions }: LabelSelector): boolean {
  const asked = (matchExpressions ?? []).some(({ operator }) => operator === 'In' || operator === 'Exists');
  return asked || Object.keys(matchLabels ?? {}).length > 0;
}

function injectedPods({ pods, installation }: RemovalFacts): Dependent[] {
  const revision = installation.revision === '' ? 'default' : installation.revision;
  const counts = new Map<string, number>();
  for (const pod of pods) {
    if (pod.revision === revision) counts.set(pod.namespace, (counts.get(pod.namespace) ?? 0) + 1);
  }
  return [...counts].map(([namespace, count]) => ({
    object: `Namespace/${namespace}`,
    message: `has ${count} running ${count === 1 ? 'pod' : 'pods'} with a sidecar of this revision: they keep it until they are made anew`,
  }));
}
