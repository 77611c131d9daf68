/** Explaining objects as they stand in files: pods, workloads by the pod that they make, lists, and AdmissionReviews. */
import { withClusterObjects } from '../configuration/index.ts';
import {
  explainPod,
  explainReview,
  unreadable,
  type Explainer,
  type Explanation,
  type Subject,
  type Surroundings,
} from '../explanation/index.ts';
import { OverlayCache } from '../injection/index.ts';
import { DecodeError, type Labels } from '../kubernetes/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import { adviseOn } from './advice.ts';
import type { WarningId } from './catalogue.ts';
import { podOfWorkload } from './pod-of-workload.ts';

/** What is known of an object beside itself. */
export interface ObjectSurroundings extends Omit<Surroundings, 'subject'> {
  /** Of objects that name none. */
  readonly namespace?: string;
}

/** Lists in lists that are opened; Kubernetes has none. */
const deepestList = 4;

/**
 * Explains the pods of an object: one for a pod, a workload or a review, any number for a list, none for other kinds. Never throws.
 * @param object decoded JSON
 */
export function explainObject(
  explainer: Explainer,
  object: unknown,
  surroundings: ObjectSurroundings = {},
): readonly Explanation[] {
  return podsIn(object).flatMap((item) => explainItem(explainer, item, surroundings));
}

/** The object, or the items of a list. */
export function podsIn(object: unknown, depth = deepestList): JsonRecord[] {
  if (!isRecord(object)) return [];
  const { kind, items } = object;
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  if (!isList) return [object];
  return depth === 0 ? [] : (items as unknown[]).flatMap((item) => podsIn(item, depth - 1));
}

function explainItem(explainer: Explainer, object: JsonRecord, surroundings: ObjectSurroundings): Explanation[] {
  if (object['kind'] === 'AdmissionReview') return [explainReview(explainer, object, surroundings)];
  const { namespace = '' } = surroundings;
  try {
    const made = podOfWorkload(object, namespace);
    if (made === undefined) return [];
    const subject: Subject = {
      kind: made.kind,
      name: made.name,
      namespace: made.namespace,
      template: made.template.join('.'),
    };
    const explanation = explainPod(explainer, made.pod, { ...surroundings, subject });
    return [
      {
        ...explanation,
        warnings: [
          ...explanation.warnings,
          ...adviceOn(explainer, object, made.namespace, surroundings.namespaceLabels),
        ],
      },
    ];
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [unreadable(explainer, 'pod-undecodable', error.message, subjectOf(object, namespace))];
  }
}

/** Warnings that concern the text of a workload; those about its verdict would only repeat the explanation. */
const textWarnings: ReadonlySet<WarningId> = new Set([
  'wish-not-on-template',
  'label-hides-annotation',
  'job-never-finishes',
  'name-misspelt',
  'name-misplaced',
]);

function adviceOn(explainer: Explainer, object: JsonRecord, namespace: string, labels: Labels | undefined): string[] {
  const injector = labels === undefined ? explainer : withNamespaceLabels(explainer, namespace, labels);
  const advice = adviseOn(object, { injector, cache: new OverlayCache() }, { namespace, quiet: true });
  return (advice?.warnings ?? []).filter(({ id }) => textWarnings.has(id)).map(({ text }) => text);
}

/** Labels that were given stand for those of the cluster. */
function withNamespaceLabels({ configuration, context }: Explainer, name: string, labels: Labels): Explainer {
  const { cluster } = configuration;
  const namespace = { annotations: {}, ...cluster.namespaces.get(name), labels };
  const namespaces = new Map([...cluster.namespaces, [name, namespace] as const]);
  return { configuration: withClusterObjects(configuration, { ...cluster, namespaces }), context };
}

function subjectOf({ kind, metadata }: JsonRecord, namespace: string): Subject {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { name, namespace: own } = isRecord(metadata) ? metadata : {};
  return { kind: text(kind), name: text(name), namespace: text(own) || namespace, template: '' };
}
