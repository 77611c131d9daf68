/** What injected containers are given: resources, images, rights. */
import { placeOfField, recordTemplates } from '../../canary/recording.ts';
import type { Container, Pod } from '../../kubernetes/index.ts';
import { isRecord } from '../../yaml/index.ts';
import { finding, type Finding, type FindingPlace } from '../finding.ts';
import { parametersOf } from '../outputs.ts';
import type { RuleId } from '../rules.ts';
import type { Subject } from '../subject.ts';
import type { PodTrial, TrialGroup } from '../trials.ts';

/** Pods that are looked at: the first ones are of the most common shapes. */
const firstPods = 3;
/** Those that ask for templates: the first one is of the shape that such templates are made for. */
const firstAskingPods = 1;

/** What is wrong with a container. */
interface Problem {
  readonly rule: RuleId;
  readonly message: string;
  /** Below the container. */
  readonly field: string;
}

/** A container of the injected pod that the pod did not have before. */
interface Injected {
  readonly container: Container;
  readonly path: string;
  /** It ends before the application starts. */
  readonly isInit: boolean;
}

/** Checks what a group of pods was given; `seen` holds what was found in other groups. */
export function* checkInjected(
  subject: Subject,
  { trials, asksFor }: TrialGroup,
  seen: Set<string>,
): Generator<Finding> {
  for (const trial of trials.slice(0, asksFor === '' ? firstPods : firstAskingPods)) {
    if (trial.injected === undefined) continue;
    for (const injected of injectedContainers(trial.tried.pod, trial.injected)) {
      for (const problem of problemsOf(injected)) {
        const message = messageOf(subject, problem, injected);
        const key = JSON.stringify([problem.rule, message]);
        if (seen.has(key)) continue;
        seen.add(key);
        yield finding(
          problem.rule,
          message,
          placeOf(subject, trial, `${injected.path}.${problem.field}`, problem, injected),
        );
      }
    }
  }
}

function messageOf({ valuesDocument }: Subject, { rule, message }: Problem, { container }: Injected): string {
  if (rule === 'image-tag' && isTagOfValues(container, valuesDocument))
    return 'the images of the proxy have the tag latest';
  return `container "${container.name}" ${message}`;
}

function* injectedContainers(before: Pod, after: Pod): Generator<Injected> {
  const own = new Set(
    [...(before.spec.containers ?? []), ...(before.spec.initContainers ?? [])].map(({ name }) => name),
  );
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (after.spec[list] ?? []).entries()) {
      if (own.has(container.name)) continue;
      const isInit = list === 'initContainers' && container['restartPolicy'] !== 'Always';
      yield { container, path: `spec.${list}[${index}]`, isInit };
    }
  }
}

function* problemsOf({ container, isInit }: Injected): Generator<Problem> {
  const image = typeof container.image === 'string' ? container.image : '';
  const resources = isRecord(container['resources']) ? container['resources'] : {};
  const missing = ['requests', 'limits'].filter(
    (key) => !isRecord(resources[key]) || Object.keys(resources[key]).length === 0,
  );
  if (missing.length > 0) {
    yield { rule: 'missing-resources', message: `has no ${missing.join(' and no ')}`, field: 'name' };
  }
  const tag = tagOf(image);
  if (image !== '' && tag === undefined)
    yield { rule: 'image-tag', message: `has an image without tag: ${image}`, field: 'image' };
  if (tag === 'latest')
    yield { rule: 'image-tag', message: `has an image with the tag latest: ${image}`, field: 'image' };
  if (!isInit) yield* rightsOf(container);
}

/** The tag of an image; a digest counts as one. */
function tagOf(image: string): string | undefined {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return /[@:](.+)$/.exec(name)?.[1];
}

const strongCapabilities: ReadonlySet<string> = new Set(['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN', 'ALL']);

function* rightsOf(container: Container): Generator<Problem> {
  const context = isRecord(container['securityContext']) ? container['securityContext'] : {};
  if (context['privileged'] === true) {
    yield { rule: 'privileged', message: 'is privileged', field: 'securityContext.privileged' };
  }
  const capabilities = isRecord(context['capabilities']) ? context['capabilities'] : {};
  const added = Array.isArray(capabilities['add']) ? capabilities['add'] : [];
  const strong = added.filter((name) => typeof name === 'string' && strongCapabilities.has(name.replace(/^CAP_/, '')));
  if (strong.length > 0) {
    yield { rule: 'privileged', message: `may do ${strong.join(', ')}`, field: 'securityContext.capabilities.add' };
  }
}

function placeOf(
  subject: Subject,
  { tried, injected }: PodTrial,
  path: string,
  { rule }: Problem,
  { container }: Injected,
): FindingPlace {
  const { configuration, templates, values, valuesDocument, config } = subject;
  if (rule === 'image-tag' && isTagOfValues(container, valuesDocument)) return values.placeOfPath(['global', 'tag']);
  const place =
    configuration === undefined || injected === undefined
      ? undefined
      : placeOfField(recordTemplates(parametersOf(configuration, tried)), injected, path);
  const template = templates.find(({ name }) => name === place?.template);
  if (place === undefined || template === undefined) return config.placeOfPath(['templates'], 'key');
  return template.source.placeOfLine(place.line, place.column);
}

/** Images of the proxy take their tag from the values. */
function isTagOfValues({ image }: Container, values: Subject['valuesDocument']): boolean {
  const global = isRecord(values?.['global']) ? values['global'] : {};
  const tag = global['tag'];
  return typeof image === 'string' && (typeof tag === 'string' || typeof tag === 'number') && image.endsWith(`:${tag}`);
}
