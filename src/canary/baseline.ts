/** The configuration in use, for several checks of what is to follow it. */
import type { Configuration } from '../configuration/index.ts';
import { autoImage, readStatus } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { templateSets, type CanaryPod, type TemplateSet } from './canary-pods.ts';
import { isBreaking } from './finding.ts';
import { differOnlyInTexts, RenderedTexts } from './rendered-texts.ts';
import { tryPod, type CheckOptions, type PodTexts } from './try-pod.ts';

/** What comes of a canary pod under the baseline. */
export interface BaselineTrial {
  readonly breaks: boolean;
  /** Set when nothing breaks. */
  readonly texts?: PodTexts;
}

/** UTF-16 units of templates' output that are kept: what all canary pods make of the stock templates, some three times. */
const textLimit = 16 * 1024 * 1024;

/**
 * Remembers what its pods came to: the first check costs more with it, and each other one costs a part of what it would cost without.
 * Holds some 100 MB at most.
 */
export class CanaryBaseline {
  readonly configuration: Configuration;
  /** For the trials of the configurations that are held to it, too: what they write is mostly the same. */
  readonly cache = new RenderedTexts(textLimit);
  readonly #context: CheckOptions['context'];
  readonly #trials = new Map<string, BaselineTrial>();
  #sets: readonly TemplateSet[] | undefined;

  /** @param context what template functions may know of the world; that of the checks must be the same */
  constructor(configuration: Configuration, context?: CheckOptions['context']) {
    this.configuration = configuration;
    this.#context = context;
  }

  /** The sets of templates that pods can ask for. */
  get sets(): readonly TemplateSet[] {
    return (this.#sets ??= templateSets(this.configuration, this.#context));
  }

  /** Whether texts that are the same make pods that are the same. */
  isComparableTo(configuration: Configuration): boolean {
    return differOnlyInTexts(this.configuration, configuration);
  }

  /** What comes of a pod. */
  trialOf(pod: CanaryPod): BaselineTrial {
    const key = JSON.stringify([pod.pod, pod.environment]);
    let trial = this.#trials.get(key);
    if (trial === undefined) this.#trials.set(key, (trial = this.#try(pod)));
    return trial;
  }

  #try(pod: CanaryPod): BaselineTrial {
    const { cache } = this;
    const options = { context: this.#context, cache, again: pod.isOrdinary };
    const { findings, injected, texts } = tryPod(this.configuration, pod, options);
    const breaks = findings.some(isBreaking) || (injected !== undefined && waitsForImage(injected));
    return breaks ? { breaks } : { breaks, ...(texts && { texts }) };
  }
}

/** Whether the pod brings a container whose image the templates are to give, and they know none of that name: such a pod was never started. */
function waitsForImage(pod: Pod): boolean {
  const { containers, initContainers } = pod.spec;
  const waiting = [...(containers ?? []), ...(initContainers ?? [])].filter(({ image }) => image === autoImage);
  if (waiting.length === 0) return false;
  const brought = readStatus(pod);
  const names = [...(brought?.containers ?? []), ...(brought?.initContainers ?? [])];
  return waiting.some(({ name }) => !names.includes(name));
}
