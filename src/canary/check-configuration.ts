/** Trying a configuration with all of its canary pods. */
import type { Configuration } from '../configuration/index.ts';
import { OverlayCache } from '../injection/index.ts';
import { CanaryBaseline } from './baseline.ts';
import { canaryPods, isExpensive, templateSets, type CanaryPod, type TemplateSet } from './canary-pods.ts';
import { isBreaking, type CanaryFinding, type FindingKind } from './finding.ts';
import { tryPod, type CheckOptions } from './try-pod.ts';

/** A finding and how many pods show it. */
export interface ConfigurationFinding extends CanaryFinding {
  /**
   * `error`: pods that could be made cannot be made any more; without a baseline see {@link levelOf}. `warning`: worth a look. With a
   * baseline, a warning of a breaking kind is about pods that whoever makes the change may well give up: `reinjection-failed` about those that
   * the baseline has injected and that are sent again, the others about those that are valid only by what it injects.
   */
  readonly level: 'error' | 'warning';
  /** Number of canary pods with this finding. */
  readonly count: number;
}

export interface ConfigurationCheckOptions extends CheckOptions {
  /**
   * The configuration in use. With it, an error is whatever breaks a pod that it can inject, and nothing is said of pods that fail either
   * way. Where several configurations are checked, a {@link CanaryBaseline} saves most of the work; of pods for which templates write the same
   * there are then no warnings either.
   */
  readonly baseline?: Configuration | CanaryBaseline;
  /** Asked between pods; when it says so, the check ends with what it has found. Default: never. */
  readonly isOutOfTime?: () => boolean;
  /** Told of every pod that was tried. */
  readonly onPod?: () => void;
}

/** More findings than a person reads are not looked for. */
const MAX_FINDINGS = 20;

/** With a baseline, so many pods are tried after the first that breaks: enough to say how bad it is. */
const PODS_AFTER_ERROR = 40;

/**
 * Tries a configuration; each distinct finding is given once. To be driven to its end: it yields after every pod, for whoever has other
 * things to do or no time left, and gives back what was found so far.
 */
export function* checkConfiguration(
  configuration: Configuration,
  options: ConfigurationCheckOptions = {},
): Generator<undefined, readonly ConfigurationFinding[]> {
  const check = new ConfigurationCheck(configuration, options);
  const [first, ...others] = check.sets();
  // All pods of the default templates, then of the others by turns: one that takes long is not to hide the rest.
  for (const sets of [first === undefined ? [] : [first], others]) {
    for (const [pod, set] of byTurns(configuration, sets, check.inUse)) {
      check.tryPod(pod, set);
      options.onPod?.();
      yield;
      if (check.isFull || options.isOutOfTime?.() === true) return check.findings();
    }
  }
  return check.findings();
}

/** Pods that are tried with templates which take long, unless all pods get them. */
const mostExpensivePods = 8;

function* podsOf(
  configuration: Configuration,
  set: TemplateSet,
  inUse: Configuration | undefined,
): Generator<CanaryPod> {
  let left = set.asksFor !== '' && isExpensive(configuration, set) ? mostExpensivePods : Infinity;
  for (const pod of canaryPods(configuration, set, inUse)) {
    if (left-- <= 0) return;
    yield pod;
  }
}

function* byTurns(
  configuration: Configuration,
  sets: readonly TemplateSet[],
  inUse: Configuration | undefined,
): Generator<[CanaryPod, TemplateSet]> {
  let sources = sets.map((set) => ({ set, pods: podsOf(configuration, set, inUse) }));
  while (sources.length > 0) {
    const ended = new Set<unknown>();
    for (const source of sources) {
      const next = source.pods.next();
      if (next.done === true) ended.add(source);
      else yield [next.value, source.set];
    }
    sources = sources.filter((source) => !ended.has(source));
  }
}

interface Noted {
  readonly finding: CanaryFinding;
  readonly kind: FindingKind;
  readonly level: 'error' | 'warning';
  count: number;
}

/** Guesses of one name, as long as all of them fail. */
interface Guesses {
  readonly findings: CanaryFinding[];
  succeeded: boolean;
}

class ConfigurationCheck {
  readonly #configuration: Configuration;
  readonly #options: CheckOptions;
  readonly #baseline: CanaryBaseline | undefined;
  /** Whether pods for which templates write what they write under the baseline need not be looked at. */
  readonly #isCompared: boolean;
  readonly #noted = new Map<string, Noted>();
  readonly #guesses = new Map<string, Guesses>();
  #sinceError = 0;

  constructor(configuration: Configuration, { baseline, ...options }: ConfigurationCheckOptions) {
    this.#configuration = configuration;
    const isShared = baseline instanceof CanaryBaseline;
    this.#baseline = isShared || baseline === undefined ? baseline : new CanaryBaseline(baseline, options.context);
    this.#isCompared = isShared && baseline.isComparableTo(configuration);
    this.#options = { cache: isShared ? baseline.cache : new OverlayCache(), ...options };
  }

  get inUse(): Configuration | undefined {
    return this.#baseline?.configuration;
  }

  /** Also those of the baseline, which pods ask for that are there already. */
  sets(): readonly TemplateSet[] {
    const sets = new Map<string, TemplateSet>();
    const own = templateSets(this.#configuration, this.#options.context);
    for (const set of [...(this.#baseline?.sets ?? []), ...own]) {
      if (!sets.has(set.asksFor)) sets.set(set.asksFor, set);
    }
    return [...sets.values()];
  }

  get isFull(): boolean {
    return this.#noted.size >= MAX_FINDINGS || this.#sinceError > PODS_AFTER_ERROR;
  }

  tryPod(pod: CanaryPod, set: TemplateSet): void {
    // What it relies on is known of the configuration in use alone.
    if (pod.reliesOnTemplates === true && this.#baseline === undefined) return;
    if (this.#sinceError > 0) this.#sinceError += 1;
    const before = this.#isCompared ? this.#baseline?.trialOf(pod) : undefined;
    if (before?.breaks === true) return;
    // A second injection is half of the work, and what it shows depends little on annotations.
    const options = { ...this.#options, again: pod.isOrdinary, ...(before?.texts && { expected: before.texts }) };
    const { findings } = tryPod(this.#configuration, pod, options);
    const breaking = findings.filter(isBreaking);
    if (pod.guess !== undefined && this.#baseline === undefined) {
      const guesses = this.#guesses.get(pod.guess) ?? { findings: [], succeeded: false };
      this.#guesses.set(pod.guess, guesses);
      guesses.findings.push(...breaking);
      if (breaking.length === 0) guesses.succeeded = true;
      return;
    }
    if (breaking.length > 0 && this.#baseline !== undefined) {
      if (this.#baseline.trialOf(pod).breaks) return;
      if (pod.isSentAgain === true || pod.reliesOnTemplates === true) {
        for (const finding of breaking) {
          this.#note(finding, 'warning', pod.isSentAgain === true ? 'reinjection-failed' : finding.kind);
        }
        return;
      }
      for (const finding of breaking) this.#note(finding, 'error');
      if (this.#sinceError === 0) this.#sinceError = 1;
      return;
    }
    for (const finding of findings) this.#note(finding, levelOf(finding, pod, set));
  }

  #note(finding: CanaryFinding, level: 'error' | 'warning', kind = finding.kind): void {
    const { message } = finding;
    const key = JSON.stringify([kind, message.replaceAll(/\d+/g, '0'), level]);
    const noted = this.#noted.get(key);
    if (noted === undefined) this.#noted.set(key, { finding, kind, level, count: 1 });
    else noted.count += 1;
  }

  findings(): readonly ConfigurationFinding[] {
    for (const { findings, succeeded } of this.#guesses.values()) {
      const [first] = findings;
      if (!succeeded && first !== undefined) this.#note(first, 'warning');
    }
    this.#guesses.clear();
    return [...this.#noted.values()].map(({ finding, kind, level, count }) => {
      const { pod, message, path, place } = finding;
      return { kind, pod, message, ...(path !== undefined && { path }), ...(place && { place }), level, count };
    });
  }
}

/**
 * How bad a finding is where no configuration is known under which the pod could be made. An error must hold in any cluster: that a
 * default template fails, or any template that works for other pods; and that pods without any annotation come out invalid. A
 * container without an image is meant for pods that bring it, and so not one of these.
 */
function levelOf(finding: CanaryFinding, pod: CanaryPod, set: TemplateSet): 'error' | 'warning' {
  const { kind, path, message } = finding;
  const isDefault = set.asksFor === '';
  if (!isBreaking(finding) || (!isDefault && !set.isUsable)) return 'warning';
  if (kind !== 'invalid-pod' && kind !== 'reinjection-failed') {
    return isDefault || kind === 'template-failed' ? 'error' : 'warning';
  }
  const isBrought = path?.endsWith('.image') === true && message.endsWith('Required value');
  return isDefault && pod.isOrdinary && !isBrought ? 'error' : 'warning';
}
