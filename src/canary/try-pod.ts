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

export interface CheckOptions {
  /** What template functions may know of the world. Default: no environment, a clock that stands still and bytes that count. */
  readonly context?: Partial<FunctionContext>;
  /** Outputs that were decoded already. Default: none. */
  readonly cache?: OverlayCache;
  /** Whether the injected pod is injected again, which is half of the work. Default: true. */
  readonly again?: boolean;
}

/** What {@link tryPod} shows. */
export interface Trial {
  readonly findings: readonly CanaryFinding[];
  /** The injected pod, when there is one. */
  readonly injected?: Pod;
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
}

/**
 * Tries a pod and says what is wrong; nothing for most pods under most configurations. Whether the policy would have it injected is not
 * asked; pods in the network of their host never are.
 * @throws {Interrupted} when the context's `spend` ends the work
 */
export function tryPod(
  configuration: Configuration,
  tried: TriedPod,
  { context = fixedContext(0), cache = new OverlayCache(), again: isTwice = true }: CheckOptions = {},
): Trial {
  const { pod, environment = {} } = tried;
  if (pod.spec.hostNetwork === true) return { findings: [] };
  const parametersOf = (requested: Pod, world = context): InjectionParameters => ({
    ...webhookParameters(configuration, requested, environment).parameters,
    cache,
    context: world,
  });
  const about = (kind: FindingKind, message: string, more: Partial<CanaryFinding> = {}): CanaryFinding => ({
    kind,
    pod: tried.name,
    message,
    ...more,
  });

  const parameters = parametersOf(pod);
  let first: InjectedPod;
  try {
    first = injectPod(parameters);
  } catch (error) {
    const failure = failureOf(error, parameters);
    return { findings: [about(failure.kind, failure.message, failure.place && { place: failure.place })] };
  }
  const findings = newErrors(pod, first.pod).map(({ path, message }) => {
    const place = placeOfField(recordTemplates(parameters), first.pod, path);
    return about('invalid-pod', `${path}: ${message}`, { path, ...(place && { place }) });
  });
  if (findings.length > 0) return { findings, injected: first.pod };

  const again = isTwice ? findReinjectionErrors(first, parametersOf) : undefined;
  if (again !== undefined) findings.push(about(again.kind, again.message, again.place && { place: again.place }));
  if (first.templates.some((name) => usesContext(configuration.injection.templates.get(name)))) {
    const other = injectPod(parametersOf(pod, { ...fixedContext(1), env: context.env ?? {} }));
    if (!sameJson(other.pod, first.pod)) {
      findings.push(about('nondeterministic', 'the injected pod depends on the time or on chance'));
    }
  }
  return { findings, injected: first.pod };
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

interface Failure {
  readonly kind: FindingKind;
  readonly message: string;
  readonly place?: TemplatePlace;
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
    const { message, place } = failureOf(error, parameters);
    return { kind: 'reinjection-failed', message, place };
  }
  const [error] = newErrors(first.pod, second.pod);
  if (error !== undefined) {
    const place = placeOfField(recordTemplates(parameters), second.pod, error.path);
    return { kind: 'reinjection-failed', message: `${error.path}: ${error.message}`, place };
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
  const kind = kinds[error.reason] ?? 'refused';
  const cause = error.cause;
  const recordings = recordTemplates(parameters);
  if (cause instanceof TemplateError) {
    // Those before it are recorded.
    const template = selectTemplates(parameters.pod, parameters.names)[recordings.length];
    const { line, column } = cause;
    return {
      kind,
      message: error.message,
      ...(template !== undefined && { place: { template, line, column: column === undefined ? 0 : column + 1 } }),
    };
  }
  const last = recordings.at(-1);
  if (!(cause instanceof OverlayError) || last === undefined) return { kind, message: error.message };
  if (cause.cause instanceof YamlError) {
    const { line, column, message, remedy } = cause.cause;
    const words = [message.replace(/^error converting YAML to JSON: /, ''), ...(remedy === undefined ? [] : [remedy])];
    return {
      kind: 'output-unreadable',
      message: `${error.message}: ${words.join('. ')}`,
      ...(line > 0 && { place: placeOfOutput(last, line, column) }),
    };
  }
  const place = placeOfMisfit(last, cause.message);
  return {
    kind: /invalid JSON document/.test(cause.message) ? 'output-unreadable' : kind,
    message: error.message,
    place: place ?? { template: last.name, line: 1, column: 0 },
  };
}

function usesContext(template: CompiledTemplate | undefined): boolean {
  if (template === undefined) return false;
  let uses = knownUses.get(template);
  if (uses === undefined) knownUses.set(template, (uses = templateReads(template.text).usesContext));
  return uses;
}

const knownUses = new WeakMap<CompiledTemplate, boolean>();

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
