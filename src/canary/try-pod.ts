/** Trying one pod: injected, looked at as the API server would, and injected again. */
import type { Configuration } from '../configuration/index.ts';
import {
  Interrupted,
  templateReads,
  TemplateError,
  type CompiledTemplate,
  type FunctionContext,
} from '../gotemplate/index.ts';
import { messageOf } from '../injection/injection-error.ts';
import {
  injectPod,
  InjectionError,
  OverlayCache,
  selectTemplates,
  webhookParameters,
  type InjectedPod,
  type InjectionParameters,
} from '../injection/index.ts';
import { findPodErrors, type Pod, type PodError } from '../kubernetes/index.ts';
import { OverlayError } from '../strategic-merge/index.ts';
import { YamlError } from '../yaml/index.ts';
import type { CanaryFinding, FindingKind, TemplatePlace } from './finding.ts';
import { placeOfField, placeOfMisfit, placeOfOutput, recordTemplates } from './recording.ts';
import { RenderedTexts, SameTexts } from './rendered-texts.ts';

export interface CheckOptions {
  /** What template functions may know of the world. Default: no environment, a clock that stands still and bytes that count. */
  readonly context?: Partial<FunctionContext>;
  /** Outputs that were decoded already. Default: none. */
  readonly cache?: OverlayCache;
  /** Whether the injected pod is injected again, which is half of the work. Default: true. */
  readonly again?: boolean;
  /**
   * What templates wrote for the pod under a configuration that {@link differOnlyInTexts} and has nothing breaking: nothing is said where
   * they write the same. Counts only with a cache that sees texts.
   */
  readonly expected?: PodTexts;
}

/** What templates wrote for a pod. */
export interface PodTexts {
  readonly first: readonly string[];
  /** For the injected pod, when it was injected again. */
  readonly again?: readonly string[];
}

/** What {@link tryPod} shows. */
export interface Trial {
  readonly findings: readonly CanaryFinding[];
  /** The injected pod, when there is one. */
  readonly injected?: Pod;
  /** Known with a cache that sees texts, when the pod could be injected. */
  readonly texts?: PodTexts;
}

const MINUTE = 60_000_000_000n;
const START = 1_700_000_000_000_000_000n;

/** A world of its own for each number. */
function fixedContext(number: number): Partial<FunctionContext> {
  return {
    env: {},
    now: () => START + BigInt(number) * MINUTE,
    random: (count) => Uint8Array.from({ length: count }, (_, index) => (index * 7 + number * 31) & 255),
  };
}

/** A pod to try. */
export interface TriedPod {
  /** What it is, for people: `deployment with sidecar.istio.io/proxyCPU "250m", templates gateway`. */
  readonly name: string;
  readonly pod: Pod;
  /** Variables in the path of the webhook's URL. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether what Kubernetes would refuse of the pod as it was sent counts, too, where the injection leaves it. Default: false. */
  readonly reliesOnTemplates?: boolean;
}

/**
 * Tries a pod and says what is wrong; nothing for most pods under most configurations. Whether the policy would have it injected is not
 * asked; pods in the network of their host never are.
 * @throws {Interrupted} when the context's `spend` ends the work
 */
export function tryPod(
  configuration: Configuration,
  tried: TriedPod,
  { context = fixedContext(0), cache = new OverlayCache(), again: isTwice = true, expected }: CheckOptions = {},
): Trial {
  const { pod, environment = {} } = tried;
  if (pod.spec.hostNetwork === true) return { findings: [] };
  const parametersOf = (requested: Pod, world = context): InjectionParameters => ({
    ...webhookParameters(configuration, requested, environment).parameters,
    cache,
    context: world,
  });
  const about = (kind: FindingKind, message: string, locate?: Locate, path?: string): CanaryFinding =>
    new LocatedFinding(kind, tried.name, message, locate, path);

  const watch = cache instanceof RenderedTexts ? cache : undefined;
  const parameters = parametersOf(pod);
  let first: InjectedPod;
  try {
    // The second injection needs the pod of the first one.
    watch?.begin(isTwice ? undefined : expected?.first);
    first = injectPod(parameters);
  } catch (error) {
    if (error instanceof SameTexts) return { findings: [] };
    const failure = failureOf(error, parameters);
    return { findings: [about(failure.kind, failure.message, failure.locate)] };
  }
  const errors = tried.reliesOnTemplates === true ? findPodErrors(first.pod) : newErrors(pod, first.pod);
  const findings = errors.map(({ path, message }) => {
    const locate = (): TemplatePlace | undefined => placeOfField(recordTemplates(parameters), first.pod, path);
    return about('invalid-pod', `${path}: ${message}`, locate, path);
  });
  if (findings.length > 0) return { findings, injected: first.pod };
  const texts = watch?.texts;

  // The same pod comes of the same texts.
  const isSame = texts !== undefined && expected !== undefined && sameJson(texts, expected.first);
  watch?.begin(isSame ? expected.again : undefined);
  const again = isTwice ? findReinjectionErrors(first, parametersOf) : undefined;
  const textsAgain = isTwice ? watch?.texts : undefined;
  if (again !== undefined) findings.push(about(again.kind, again.message, again.locate));
  if (first.templates.some((name) => usesContext(configuration.injection.templates.get(name)))) {
    watch?.begin();
    const other = injectPod(parametersOf(pod, { ...fixedContext(1), env: context.env ?? {} }));
    if (!sameJson(other.pod, first.pod)) {
      findings.push(about('nondeterministic', 'the injected pod depends on the time or on chance'));
    }
  }
  return {
    findings,
    injected: first.pod,
    ...(texts && { texts: { first: texts, ...(textsAgain && { again: textsAgain }) } }),
  };
}

/** What the API server would refuse, beside what it refuses in the pod as it was sent. */
function newErrors(sent: Pod, injected: Pod): readonly PodError[] {
  const errors = findPodErrors(injected);
  if (errors.length === 0) return errors;
  const before = new Set(findPodErrors(sent).map(({ message, path }) => `${withoutIndexes(path)} ${message}`));
  return errors.filter(({ message, path }) => !before.has(`${withoutIndexes(path)} ${message}`));
}

/** Injected containers move those of the pod. */
const withoutIndexes = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]');

/** Finds the place; takes longer than everything else. */
type Locate = () => TemplatePlace | undefined;

/** A finding whose place is looked for when somebody asks for it. */
class LocatedFinding implements CanaryFinding {
  readonly kind: FindingKind;
  readonly pod: string;
  readonly message: string;
  readonly path?: string;
  #locate: Locate | undefined;
  #place: TemplatePlace | undefined;

  constructor(kind: FindingKind, pod: string, message: string, locate?: Locate, path?: string) {
    this.kind = kind;
    this.pod = pod;
    this.message = message;
    this.#locate = locate;
    if (path !== undefined) this.path = path;
  }

  get place(): TemplatePlace | undefined {
    if (this.#locate !== undefined) this.#place = this.#locate();
    this.#locate = undefined;
    return this.#place;
  }
}

interface Failure {
  readonly kind: FindingKind;
  readonly message: string;
  readonly locate?: Locate;
}

function findReinjectionErrors(
  first: InjectedPod,
  parametersOf: (pod: Pod) => InjectionParameters,
): Failure | undefined {
  const parameters = parametersOf(first.pod);
  let second: InjectedPod;
  try {
    second = injectPod(parameters);
  } catch (error) {
    if (error instanceof SameTexts) return undefined;
    return { ...failureOf(error, parameters), kind: 'reinjection-failed' };
  }
  const [error] = newErrors(first.pod, second.pod);
  if (error !== undefined) {
    return {
      kind: 'reinjection-failed',
      message: `${error.path}: ${error.message}`,
      locate: () => placeOfField(recordTemplates(parameters), second.pod, error.path),
    };
  }
  if (sameJson(first.pod, second.pod)) return undefined;
  return { kind: 'reinjection-differs', message: 'injecting the injected pod again changes it' };
}

const kinds: Readonly<Record<string, FindingKind>> = {
  'template-failed': 'template-failed',
  'overlay-failed': 'output-unmergeable',
  'merge-failed': 'output-unmergeable',
};

function failureOf(error: unknown, parameters: InjectionParameters): Failure {
  if (error instanceof Interrupted) throw error;
  if (!(error instanceof InjectionError)) return { kind: 'refused', message: messageOf(error) };
  const { cause, message } = error;
  const kind = kinds[error.reason] ?? 'refused';
  if (cause instanceof TemplateError) return { kind, message, locate: () => placeOfTemplateError(cause, parameters) };
  if (!(cause instanceof OverlayError)) return { kind, message };
  const yaml = cause.cause instanceof YamlError ? cause.cause : undefined;
  const isUnreadable = cause.message.endsWith('invalid JSON document');
  return {
    kind: isUnreadable ? 'output-unreadable' : kind,
    message: yaml === undefined ? message : `${message}: ${yamlWords(yaml)}`,
    locate: () => placeOfOverlayError(cause, yaml, parameters),
  };
}

function yamlWords({ message, remedy }: YamlError): string {
  const words = message.replace(/^error converting YAML to JSON: /, '');
  return remedy === undefined ? words : `${words}. ${remedy.replace(/\.$/, '')}`;
}

function placeOfTemplateError(
  { line, column }: TemplateError,
  parameters: InjectionParameters,
): TemplatePlace | undefined {
  // Those before it are recorded.
  const template = selectTemplates(parameters.pod, parameters.names)[recordTemplates(parameters).length];
  return template === undefined ? undefined : { template, line, column: column === undefined ? 0 : column + 1 };
}

function placeOfOverlayError(
  cause: OverlayError,
  yaml: YamlError | undefined,
  parameters: InjectionParameters,
): TemplatePlace | undefined {
  const last = recordTemplates(parameters).at(-1);
  if (last === undefined) return undefined;
  if (yaml !== undefined && yaml.line > 0) return placeOfOutput(last, yaml.line, yaml.column);
  return placeOfMisfit(last, cause.message) ?? { template: last.name, line: 1, column: 0 };
}

function usesContext(template: CompiledTemplate | undefined): boolean {
  if (template === undefined) return false;
  let uses = knownUses.get(template);
  if (uses === undefined) knownUses.set(template, (uses = templateReads(template.text).usesContext));
  return uses;
}

const knownUses = new WeakMap<CompiledTemplate, boolean>();

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
