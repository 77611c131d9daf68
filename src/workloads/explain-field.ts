/** Where a field of the pods of an object comes from. */
import { readReview } from '../admission/index.ts';
import type { Explainer, Subject } from '../explanation/index.ts';
import { explainField, type FieldAnswer } from '../explanation/provenance/index.ts';
import { decide, readPathEnvironment, reasons, requestedPod, webhookParameters } from '../injection/index.ts';
import { DecodeError, type Pod } from '../kubernetes/index.ts';
import type { JsonRecord } from '../yaml/index.ts';
import { podsIn, type ObjectSurroundings } from './explain-object.ts';
import { podOfWorkload } from './pod-of-workload.ts';

/** The field in one pod. */
export interface ObjectField {
  readonly subject: Subject;
  readonly answer: FieldAnswer;
}

/**
 * Explains a field of the pods of an object: one for a pod, a workload or a review, any number for a list, none for other kinds.
 * Webhook selectors are not asked.
 * @param object decoded JSON
 * @param field such as `spec.containers[istio-proxy].resources.limits.cpu`
 */
export function explainObjectField(
  explainer: Explainer,
  object: unknown,
  field: string,
  surroundings: Pick<ObjectSurroundings, 'namespace' | 'path'> = {},
): readonly ObjectField[] {
  return podsIn(object).flatMap((item) => {
    try {
      const made = podOf(item, surroundings.namespace ?? '');
      if (made === undefined) return [];
      return [{ subject: made.subject, answer: fieldOfPod(explainer, made.pod, field, surroundings.path) }];
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const subject = { kind: String(item['kind'] ?? ''), name: '', namespace: '', template: '' };
      return [{ subject, answer: { found: false, problem: error.message } }];
    }
  });
}

function podOf(object: JsonRecord, namespace: string): { readonly subject: Subject; readonly pod: Pod } | undefined {
  if (object['kind'] !== 'AdmissionReview') {
    const made = podOfWorkload(object, namespace);
    return made && { pod: made.pod, subject: { ...pick(made), template: made.template.join('.') } };
  }
  const result = readReview(object, () => JSON.stringify(object));
  if (!result.ok || result.review.request?.object === undefined) return undefined;
  const pod = requestedPod(result.review.request);
  const name = pod.metadata.name ?? pod.metadata.generateName ?? '';
  return { pod, subject: { kind: 'Pod', name, namespace: pod.metadata.namespace ?? '', template: '' } };
}

const pick = ({ kind, name, namespace }: Omit<Subject, 'template'>): Omit<Subject, 'template'> => ({
  kind,
  name,
  namespace,
});

function fieldOfPod({ configuration, context }: Explainer, pod: Pod, field: string, path = '/inject'): FieldAnswer {
  const { inject, reason } = decide(pod, configuration.injection);
  if (!inject) return { found: false, problem: `the pod is not injected (${reason}): ${reasons[reason].sentence}` };
  const { parameters } = webhookParameters(configuration, pod, readPathEnvironment(path).env);
  return explainField({ ...parameters, context }, field);
}
