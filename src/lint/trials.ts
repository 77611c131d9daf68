/** Tries a configuration with pods: the canary set, and pods of one's own. What costs too much is left off. */
import { canaryPods, isExpensive, templateSets, tryPod, type TemplateSet, type TriedPod } from '../canary/index.ts';
import type { CanaryFinding } from '../canary/index.ts';
import type { Configuration } from '../configuration/index.ts';
import { Interrupted, type FunctionContext } from '../gotemplate/index.ts';
import { OverlayCache } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { hasUnknownField } from './pod-fields.ts';

/** One pod that was tried. */
export interface PodTrial {
  readonly tried: TriedPod;
  readonly findings: readonly CanaryFinding[];
  readonly injected?: Pod;
  /** A template wrote a field that pods do not have, and did not do so for an earlier pod. */
  readonly hasUnknownFields: boolean;
  /** Set for pods with a made-up value of an annotation or label. */
  readonly guess?: string;
}

/** The pods that ask for the same templates. */
export interface TrialGroup {
  /** Value of the annotation; empty for the default templates. */
  readonly asksFor: string;
  /**
   * `expected`: what is wrong is wrong for pods that every cluster has. `optional`: which pods ask for the templates is not known.
   */
  readonly use: 'expected' | 'optional';
  /** Pods that whoever lints has given. */
  readonly isOwn: boolean;
  readonly trials: readonly PodTrial[];
}

/** Templates that Istio ships for pods to ask for. */
const shippedTemplates: ReadonlySet<string> = new Set(['sidecar', 'gateway', 'grpc-simple', 'grpc-agent']);

/** Pods that are tried with templates of which it is not known who asks for them. */
const mostOptionalPods = 40;

/** Pods that are tried with templates that call functions which take a second each. */
const mostExpensivePods = 2;

/** Pods that are injected again: the first ones, which are of the most common shapes, and some of the others. */
const firstAgain = 12;
const everyOtherAgain = 6;

/** Failures in a row after which another one says nothing new; each is rendered again to find its place. */
const mostFailures = 12;

/** Steps of the template engine for one group of pods, which for stock templates is some thousand pods. */
const mostSteps = 40_000_000;

/** Any moment will do; chance that is none. */
export const stillWorld: Partial<FunctionContext> = {
  env: {},
  now: () => 1_700_000_000_000_000_000n,
  random: (count) => Uint8Array.from({ length: count }, (_, index) => (index * 7) & 255),
};

/** Looks at what templates wrote that was not written before. */
class WatchingCache extends OverlayCache {
  #hasUnknownFields = false;

  override get(...[text, decode]: Parameters<OverlayCache['get']>): Overlay {
    return super.get(text, (wanted, blocks) => {
      const value = decode(wanted, blocks);
      this.#hasUnknownFields ||= hasUnknownField(value);
      return value;
    });
  }

  /** Whether there were unknown fields since this was last asked. */
  takeUnknownFields(): boolean {
    const seen = this.#hasUnknownFields;
    this.#hasUnknownFields = false;
    return seen;
  }
}

type Overlay = ReturnType<OverlayCache['get']>;

/** Tries the groups one after the other; yields in between for whoever has no time left. */
export function* tryConfiguration(
  configuration: Configuration,
  isController: (template: string) => boolean,
  { own, canary }: { readonly own: readonly TriedPod[]; readonly canary: boolean },
): Generator<TrialGroup | undefined> {
  const cache = new WatchingCache();
  if (own.length > 0) {
    yield { asksFor: '', use: 'expected', isOwn: true, trials: yield* tryPods(configuration, own, cache) };
  }
  if (!canary) return;
  for (const set of templateSets(configuration, stillWorld)) {
    yield;
    const { asksFor } = set;
    if (asksFor.split(',').some(isController)) continue;
    const use = asksFor === '' || shippedTemplates.has(asksFor) ? 'expected' : 'optional';
    const pods = podsOf(configuration, set, use);
    yield { asksFor, use, isOwn: false, trials: yield* tryPods(configuration, pods, cache) };
  }
}

function* podsOf(
  configuration: Configuration,
  set: TemplateSet,
  use: TrialGroup['use'],
): Generator<TriedPod & { guess?: string }> {
  let left = isExpensive(configuration, set) ? mostExpensivePods : use === 'expected' ? Infinity : mostOptionalPods;
  for (const pod of canaryPods(configuration, set)) {
    // Which templates it relies on is not known.
    if (pod.reliesOnTemplates === true) continue;
    if (left-- <= 0) return;
    yield pod;
  }
}

function* tryPods(
  configuration: Configuration,
  pods: Iterable<TriedPod & { readonly guess?: string }>,
  cache: WatchingCache,
): Generator<undefined, PodTrial[]> {
  const trials: PodTrial[] = [];
  let steps = 0;
  let failures = 0;
  const spend = (count: number): void => {
    if ((steps += count) > mostSteps) throw new Interrupted('enough pods were tried');
  };
  for (const tried of pods) {
    try {
      const again = trials.length < firstAgain || trials.length % everyOtherAgain === 0;
      const { findings, injected } = tryPod(configuration, tried, { cache, again, context: { ...stillWorld, spend } });
      const hasUnknownFields = cache.takeUnknownFields();
      trials.push({
        tried,
        findings,
        injected,
        hasUnknownFields,
        ...(tried.guess !== undefined && { guess: tried.guess }),
      });
      failures = injected === undefined || findings.some(({ kind }) => kind === 'invalid-pod') ? failures + 1 : 0;
    } catch (error) {
      if (error instanceof Interrupted) break;
      throw error;
    }
    if (failures >= mostFailures) break;
    yield;
  }
  return trials;
}
