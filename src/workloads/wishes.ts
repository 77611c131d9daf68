/** Wishes for or against injection that do not come true, most often since they stand in the wrong place. */
import { routingLabels } from '../explanation/index.ts';
import { annotation, label } from '../injection/index.ts';
import { evaluateWith, ofTemplate, valueOf, type AppliedWorkload, type OuterMetadata } from './applied-workload.ts';
import type { Warning } from './catalogue.ts';
import { causeOf } from './not-injected.ts';
import { warning } from './text.ts';

/** The pods are left alone although something asks for them; the sentence says what keeps the wish from working. */
export function wishInVain(workload: AppliedWorkload): Warning | undefined {
  const misplaced = workload.outer
    .flatMap((outer) =>
      [label.inject, routingLabels.revision].map((key) => ({ outer, key, value: valueOf(outer.labels, key) })),
    )
    .find(({ key, value }) => value !== undefined && value !== 'false' && wouldHelp(workload, key, value));
  if (misplaced !== undefined) return onOuter('will NOT', 'label', misplaced.key, misplaced.outer);
  const asked = [ofTemplate(workload, 'annotations'), ...workload.outer.map(({ annotations }) => annotations)].some(
    (annotations) => valueOf(annotations, annotation.inject) === 'true',
  );
  if (asked && wouldHelp(workload, label.inject, 'true')) {
    const text = `${label.inject} must be a label of the pod template, not an annotation`;
    return warning('wish-is-annotation', `pods will NOT be injected: ${text}`);
  }
  const wishes =
    valueOf(ofTemplate(workload, 'labels'), label.inject) === 'true' ||
    (valueOf(ofTemplate(workload, 'annotations'), annotation.inject) === 'true' &&
      valueOf(ofTemplate(workload, 'labels'), label.inject) === undefined);
  if (!wishes) return undefined;
  return warning('wanted-but-not-injected', `pods will NOT be injected, though they ask for it: ${causeOf(workload)}`);
}

function wouldHelp(workload: AppliedWorkload, key: string, value: string): boolean {
  if (valueOf(ofTemplate(workload, 'labels'), key) !== undefined) return false;
  const { decision, verdict } = evaluateWith(workload, 'labels', { [key]: value });
  return decision.inject && verdict !== 'not-called';
}

/** The pods are injected although the workload refuses, in a place that does not count. */
export function refusalInVain(workload: AppliedWorkload): Warning | undefined {
  if (valueOf(ofTemplate(workload, 'labels'), label.inject) !== undefined) return undefined;
  for (const outer of workload.outer) {
    if (valueOf(outer.labels, label.inject) === 'false') return onOuter('WILL', 'label', label.inject, outer);
    if (valueOf(outer.annotations, annotation.inject) === 'false' && !ownWish(workload))
      return onOuter('WILL', 'annotation', annotation.inject, outer);
  }
  return undefined;
}

const ownWish = (workload: AppliedWorkload): boolean =>
  valueOf(ofTemplate(workload, 'annotations'), annotation.inject) !== undefined;

function onOuter(verdict: 'WILL' | 'will NOT', kind: string, key: string, { what }: OuterMetadata): Warning {
  const text = `pods ${verdict} be injected: the ${kind} ${key} is on the ${what}, not on the pod template`;
  return warning('wish-not-on-template', text);
}
