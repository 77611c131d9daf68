/** The first line about a workload: what will happen to its pods. */
import { hideValuesOf } from '../explanation/redact.ts';
import { revisionName } from '../explanation/index.ts';
import { annotation, annotationValidators, reasons } from '../injection/index.ts';
import type { Container } from '../kubernetes/index.ts';
import type { AppliedWorkload } from './applied-workload.ts';
import type { Warning } from './catalogue.ts';
import { podAnnotationEntries } from './known-names.ts';
import { otherRevision, willNotBeInjected } from './not-injected.ts';
import { listed, shownValue, warning } from './text.ts';
import { refusalInVain, wishInVain } from './wishes.ts';

/** The verdict; more than one line only where several annotations are wrong. */
export function verdictWarnings(workload: AppliedWorkload): Warning[] {
  switch (workload.evaluation.verdict) {
    case 'injected':
      return [refusalInVain(workload) ?? willBeInjected(workload)];
    case 'denied':
      return willFail(workload);
    default:
      return [otherRevision(workload) ?? wishInVain(workload) ?? willNotBeInjected(workload)];
  }
}

function willBeInjected({ made, evaluation, world }: AppliedWorkload): Warning {
  const { templates = [], templatePod } = evaluation.injected ?? {};
  const { containers, initContainers } = templatePod?.spec ?? {};
  const names = (list: readonly Container[] | null | undefined): Set<string> =>
    new Set((list ?? []).map(({ name }) => name));
  const own = new Set([...names(made.pod.spec.containers), ...names(made.pod.spec.initContainers)]);
  const isNative = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';
  const all = [
    ...(containers ?? []).map(({ name }) => ({ name, as: 'sidecar' })),
    ...(initContainers ?? []).filter(isNative).map(({ name }) => ({ name, as: 'native sidecar' })),
    ...(initContainers ?? []).filter((one) => !isNative(one)).map(({ name }) => ({ name, as: 'init container' })),
  ].map((one) => (own.has(one.name) ? { ...one, as: 'settings for container' } : one));
  const parts = [...new Set(all.map(({ as }) => as))].map(
    (as) => `${as} ${listed(all.filter((one) => one.as === as).map(({ name }) => name))}`,
  );
  const what = parts.length === 0 ? 'be changed' : `get ${listed(parts)}`;
  // Without its labels it is not known whether the API server asks this injector.
  const by =
    evaluation.senders === undefined
      ? `; labels of namespace ${made.namespace} unknown`
      : `, revision ${revisionName(world.configuration.revision)}`;
  const from = `template ${listed(templates)}${by}`;
  return warning('will-be-injected', `pods will ${what} (${from})`);
}

/** Longest message of the injection in which values are looked for, to bound the work. */
const longestMessage = 2048;

/** Every annotation that is wrong, else the injection's own message. */
function willFail({ made, evaluation }: AppliedWorkload): Warning[] {
  if (evaluation.reason === 'invalid-annotations') {
    return Object.entries(made.pod.metadata.annotations ?? {})
      .filter(([name, value]) => annotationValidators.get(name)?.(value) !== undefined)
      .map(([name, value]) => invalidAnnotation(name, value));
  }
  const { reason, message } = evaluation.failure ?? { reason: 'internal-error', message: '' };
  // Nothing of a message that quotes much of the pod would be left to see.
  const text =
    message === '' || message.length > longestMessage
      ? reasons[reason].sentence
      : hideValuesOf(made.pod)(message.replace(/^failed to run injection template: /, ''));
  return [warning('injection-fails', `injection will FAIL: ${text}`)];
}

function invalidAnnotation(name: string, value: string): Warning {
  // The proxy configuration may hold environment variables.
  const shown = name === annotation.proxyConfig ? '' : `: ${shownValue(value)}`;
  const form = podAnnotationEntries.get(name)?.form ?? '';
  return warning(
    'annotation-invalid',
    `injection will FAIL: annotation ${name}${shown} is not accepted (wants: ${form})`,
  );
}
