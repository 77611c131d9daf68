/** What pods show with which the configuration is tried. */
import {
  isBreaking,
  tryPod,
  type CanaryFinding,
  type FindingKind,
  type TemplatePlace,
  type TriedPod,
} from '../../canary/index.ts';
import { placeOfField, recordTemplates } from '../../canary/recording.ts';
import type { Configuration } from '../../configuration/index.ts';
import { annotation, injectPod } from '../../injection/index.ts';
import { diff } from '../../jsonpatch/index.ts';
import type { Container, Pod } from '../../kubernetes/index.ts';
import { finding, type Finding, type FindingPlace } from '../finding.ts';
import { parametersOf } from '../outputs.ts';
import type { RuleId } from '../rules.ts';
import type { Subject } from '../subject.ts';
import type { PodTrial, TrialGroup } from '../trials.ts';

/** The rule of what breaks, for pods that every cluster has. */
const ruleOf: Readonly<Record<FindingKind, RuleId>> = {
  'template-failed': 'execution-fails',
  'output-unreadable': 'rendered-yaml',
  'output-unmergeable': 'merge-fails',
  refused: 'injection-fails',
  'invalid-pod': 'invalid-pod',
  'reinjection-failed': 'reinjection-fails',
  'reinjection-differs': 'not-idempotent',
  nondeterministic: 'nondeterministic',
};

/** What several pods show in the same way. */
interface Shown {
  readonly rule: RuleId;
  readonly first: CanaryFinding;
  count: number;
}

/** @param baselines pods that come out invalid with one of them, too, say nothing against the templates */
export function* checkTrials(
  subject: Subject,
  group: TrialGroup,
  baselines: readonly Configuration[] = [],
): Generator<Finding> {
  const shown = new Map<string, Shown>();
  const note = (rule: RuleId, one: CanaryFinding): void => {
    // Of templates that may be meant for other pods one finding is enough.
    const what = group.use === 'optional' ? one.kind : (one.place ?? messageOf(one).replaceAll(/\[\d+\]/g, '[]'));
    const key = JSON.stringify([rule, what]);
    const known = shown.get(key);
    if (known === undefined) shown.set(key, { rule, first: one, count: 1 });
    else known.count++;
  };
  const known = group.trials.filter(({ guess }) => guess === undefined);
  // What breaks plain pods is no matter of a pod's own settings.
  const plain = known.slice(0, 2).find(({ findings }) => !findings.some(isBreaking));
  const counting = plain === undefined ? [] : baselines.filter((one) => !failsUnder([one], plain.tried));
  const always = known.length > 0 && known.every(({ findings }) => findings.some(isBreaking));
  for (const trial of known) {
    for (const one of trial.findings) {
      const rule = ruleIn(group, one, trial, { always, baselines: counting });
      if (rule !== undefined) note(rule, one);
    }
  }
  for (const one of failedGuesses(group.trials)) note('refused-annotation', one);
  for (const { rule, first, count } of shown.values()) {
    if (rule === 'not-idempotent') yield* reinjection(subject, group, count);
    else yield finding(rule, sentence(messageOf(first), first.pod, count), placeOf(subject, first, group));
  }
}

/** Pods that are injected again to see what that changes. */
const mostReinjected = 5;

/** What a second injection changes; in some pods it is only the order of keys. */
function* reinjection(subject: Subject, group: TrialGroup, count: number): Generator<Finding> {
  const changing = group.trials.filter((trial) =>
    trial.findings.some((one) => ruleIn(group, one, trial, { always: false, baselines: [] }) === 'not-idempotent'),
  );
  for (const trial of changing.slice(0, mostReinjected)) {
    const change = changeOfReinjection(subject, trial);
    if (change === undefined) continue;
    const message = `injecting an injected pod again changes ${change.path}`;
    yield finding('not-idempotent', sentence(message, trial.tried.name, count), placeOf(subject, change, group));
    return;
  }
}

interface PlacedChange {
  readonly path: string;
  readonly place?: TemplatePlace;
}

function changeOfReinjection({ configuration }: Subject, { tried, injected }: PodTrial): PlacedChange | undefined {
  if (configuration === undefined || injected === undefined) return undefined;
  const parameters = parametersOf(configuration, { ...tried, pod: injected });
  const again = injectPod(parameters).pod;
  const [operation] = diff(injected, again);
  if (operation === undefined) return undefined;
  const path = pointerText(operation.path);
  const place = placeOfField(recordTemplates(parameters), again, path);
  return { path, ...(place !== undefined && { place }) };
}

/** A JSON pointer as the API server writes paths. */
function pointerText(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((text, step) => {
    if (/^(?:\d+|-)$/.test(step) || !/^[\w-]+$/.test(step)) return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** What is known beside one pod. */
interface Others {
  /** Every pod of the group fails. */
  readonly always: boolean;
  readonly baselines: readonly Configuration[];
}

function ruleIn(
  group: TrialGroup,
  one: CanaryFinding,
  { tried, injected }: PodTrial,
  { always, baselines }: Others,
): RuleId | undefined {
  const rule = ruleOf[one.kind];
  // A pod with settings of its own for the proxy is another pod afterwards, whatever the templates are.
  if (one.kind === 'reinjection-differs' && hasOwnProxy(tried.pod)) return undefined;
  if (isLongLabel(one)) return 'long-label';
  if (namesMissingContainer(one)) return 'annotation-without-container';
  if (!isBreaking(one)) return rule;
  // Names of templates that do not exist are found without pods.
  if (one.kind === 'refused' && !group.isOwn) return undefined;
  if (isStub(one, injected)) return 'pod-stub';
  if (group.use === 'expected') {
    return !group.isOwn && failsUnder(baselines, tried, one.kind) ? 'pod-conflict' : rule;
  }
  return always && neverWorks(one) ? rule : 'optional-template';
}

function failsUnder(baselines: readonly Configuration[], tried: TriedPod, kind?: FindingKind): boolean {
  return baselines.some((baseline) =>
    tryPod(baseline, tried, { again: false }).findings.some(
      (one) => isBreaking(one) && one.kind === (kind ?? one.kind),
    ),
  );
}

const hasOwnProxy = ({ metadata, spec }: Pod): boolean =>
  Object.hasOwn(metadata.annotations ?? {}, annotation.overrides) ||
  [...(spec.containers ?? []), ...(spec.initContainers ?? [])].some(({ name }) => /^istio-/.test(name));

const namesMissingContainer = ({ kind, path = '', message }: CanaryFinding): boolean =>
  kind === 'invalid-pod' &&
  path.startsWith('metadata.annotations[container.') &&
  message.endsWith('container not found');

const isLongLabel = ({ kind, message }: CanaryFinding): boolean =>
  kind === 'invalid-pod' && /^metadata\.labels: .*must be no more than 63 bytes/s.test(message);

/** Whether it fails for reasons of the template alone, and not of the pods or other templates that it needs. */
function neverWorks({ kind, message }: CanaryFinding): boolean {
  if (kind === 'output-unmergeable') return !/expected a \[\]interface \{\}, but received a/.test(message);
  return kind === 'template-failed' || kind === 'output-unreadable';
}

/** A container with nothing but a name, which something else is to complete. */
function isStub({ kind, path = '' }: CanaryFinding, injected: Pod | undefined): boolean {
  const match = /^spec\.(containers|initContainers)\[(\d+)\]\.image$/.exec(path);
  if (kind !== 'invalid-pod' || match === null || injected === undefined) return false;
  const list = match[1] === 'containers' ? injected.spec.containers : injected.spec.initContainers;
  const container = list?.[Number(match[2])];
  return container !== undefined && fieldsOf(container).every((field) => field === 'name' || field === 'env');
}

function fieldsOf(container: Container): string[] {
  return Object.entries(container)
    .filter(([, value]) => value != null && JSON.stringify(value) !== '{}')
    .map(([field]) => field);
}

/** The first finding for each name of which no value works. */
function failedGuesses(trials: readonly PodTrial[]): CanaryFinding[] {
  const byName = new Map<string, (CanaryFinding | undefined)[]>();
  for (const { guess, findings } of trials) {
    if (guess === undefined) continue;
    byName.set(guess, [...(byName.get(guess) ?? []), findings.find(isBreaking)]);
  }
  return [...byName.values()]
    .flatMap((found) => (found.includes(undefined) ? [] : found.slice(0, 1)))
    .filter((one) => one !== undefined);
}

function placeOf(
  { templates, config }: Subject,
  { place }: Pick<CanaryFinding, 'place'>,
  { asksFor }: TrialGroup,
): FindingPlace {
  const template = templates.find(({ name }) => name === place?.template);
  if (place === undefined || template === undefined) {
    const asked = asksFor.split(',').at(-1) ?? '';
    return config.placeOfPath(
      templates.some(({ name }) => name === asked) ? ['templates', asked] : ['templates'],
      'key',
    );
  }
  return template.source.placeOfLine(place.line, place.column);
}

/** Go's words without what the place says already. */
function messageOf({ message }: CanaryFinding): string {
  return message
    .replace(/^failed to run injection template: /, '')
    .replace(/^template: .*?:\d+:\d+: executing ".*?" at /, 'at ')
    .replace(/^(?:failed applying injection overlay|failed parsing generated injected YAML \(.*?\)): /, '');
}

/** Names of pods say what is set on them, which may be long. */
const mostOfName = 120;

function sentence(message: string, pod: string, count: number): string {
  const name = pod.length > mostOfName ? `${pod.slice(0, mostOfName)}…` : pod;
  const others = count === 1 ? '' : ` and ${count - 1} other${count === 2 ? '' : 's'}`;
  return `${message} (pod: ${name}${others})`;
}
