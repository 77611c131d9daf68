/** What mistakes in a configuration do to pods, and whether they are found before. */
import {
  CanaryBaseline,
  canaryPods,
  checkConfiguration,
  differOnlyInTexts,
  isBreaking,
  RenderedTexts,
  SameTexts,
  templateSets,
  type ConfigurationFinding,
  type TriedPod,
} from '../../src/canary/index.ts';
import {
  compileConfiguration,
  ConfigurationError,
  indexClusterObjects,
  readFeatures,
  type Configuration,
} from '../../src/configuration/index.ts';
import {
  injectPod,
  InjectionError,
  OverlayCache,
  readPathEnvironment,
  requestedPod,
  webhookParameters,
  type Environment as PathEnvironment,
} from '../../src/injection/index.ts';
import { findPodErrors, type Pod } from '../../src/kubernetes/index.ts';
import { lintConfiguration } from '../../src/lint/index.ts';
import { caseGroups, clusterObjectsOf, readCases, readEnvironment } from './injection-corpus.ts';

/** A pod of the corpus. */
export interface CorpusPod {
  readonly id: string;
  readonly pod: Pod;
  readonly environment: PathEnvironment;
}

/** The pods of all cases that an API server could send, each once. */
export function corpusPods(): CorpusPod[] {
  const pods = new Map<string, CorpusPod>();
  for (const group of caseGroups()) {
    if (group === 'http') continue;
    for (const { id, path, review, ...rest } of readCases(group)) {
      if ((rest as { raw?: boolean }).raw === true || group === 'invalid') continue;
      try {
        const { request } = review as { request: { object: unknown; namespace?: string } };
        const pod = withOwnerIds(requestedPod({ object: request.object, namespace: request.namespace ?? '' }));
        const key = JSON.stringify([path, pod]);
        if (!pods.has(key)) pods.set(key, { id, pod, environment: readPathEnvironment(path).env });
      } catch {
        // No pod.
      }
    }
  }
  return [...pods.values()];
}

/** The corpus leaves them out, and the API server would refuse that. */
function withOwnerIds(pod: Pod): Pod {
  const { ownerReferences } = pod.metadata;
  if (ownerReferences === undefined) return pod;
  const owners = ownerReferences.map((owner) => ({ ...owner, uid: owner.uid === '' ? 'uid' : owner.uid }));
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: owners } };
}

/** What a mutant comes to. */
export type Verdict =
  /** It is refused when it is loaded. */
  | { readonly kind: 'refused' }
  /** It breaks a pod of the corpus, and is found. */
  | { readonly kind: 'found' }
  /** It breaks a pod of the corpus, and is not found. */
  | { readonly kind: 'missed'; readonly why: string }
  /** It breaks no pod of the corpus, and is let through. */
  | { readonly kind: 'let-through'; readonly changes: boolean }
  /** It breaks no pod of the corpus, but another one, as was seen by injecting that afresh. */
  | { readonly kind: 'found-otherwise'; readonly why: string }
  /** It breaks no pod that is known, and is denied all the same. */
  | { readonly kind: 'false-alarm'; readonly why: string };

interface Texts {
  readonly config: string;
  readonly values: string;
}

/** What comes of a pod. */
type Outcome =
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'injected'; readonly text: string; readonly errors: readonly string[] };

/** What the unchanged configuration makes of a pod of the corpus without an error. */
interface GoodOutcome extends CorpusPod {
  readonly text: string;
  /** What templates wrote for it. */
  readonly texts: readonly string[];
}

/** UTF-16 units of templates' output; what mutants write is mostly met by several pods of one mutant. */
const textLimit = 4 * 1024 * 1024;

/** What the guard has, in milliseconds, with room for a busy machine. */
const guardTime = 120_000;

/** An environment, and mutants of its texts. */
export class StudiedEnvironment {
  readonly #environment;
  readonly #objects;
  readonly #cluster;
  readonly #base: Configuration;
  readonly #baseline: CanaryBaseline;
  readonly #cache = new RenderedTexts(textLimit);
  readonly #good: GoodOutcome[] = [];
  readonly #knownErrors: ReadonlySet<string>;

  constructor(name: string, pods: readonly CorpusPod[]) {
    this.#environment = readEnvironment(name);
    this.#objects = clusterObjectsOf(this.#environment);
    this.#cluster = indexClusterObjects(this.#objects);
    this.#base = this.#compile(this.#environment);
    this.#baseline = new CanaryBaseline(this.#base);
    this.#knownErrors = new Set(this.#lintErrors(this.#environment));
    for (const pod of pods) {
      // Whatever the policy says: the pod could ask for it. In the network of its host it cannot.
      if (pod.pod.spec.hostNetwork === true) continue;
      this.#cache.begin();
      const outcome = outcomeOf(this.#base, pod, this.#cache);
      if (outcome.kind !== 'injected' || outcome.errors.length > 0) continue;
      this.#good.push({ ...pod, text: outcome.text, texts: this.#cache.texts });
    }
  }

  judge(texts: Texts): Verdict {
    const mutant = this.#tryCompile(texts);
    if (mutant === undefined) return { kind: 'refused' };
    const { errors, isToldOf } = this.#canaryFindings(mutant);
    const lintError = errors.length > 0 ? undefined : this.#newLintError(texts);
    const { breaks, changes } = this.#effectOf(mutant);
    const [error] = errors;
    if (error === undefined && lintError === undefined) {
      if (breaks === undefined) return { kind: 'let-through', changes };
      return isToldOf ? { kind: 'found' } : { kind: 'missed', why: breaks };
    }
    if (breaks !== undefined) return { kind: 'found' };
    if (error === undefined) return { kind: 'false-alarm', why: lintError ?? '' };
    const why = `${error.pod}: ${error.message}`;
    return { kind: this.#isProven(error, texts) ? 'found-otherwise' : 'false-alarm', why };
  }

  #compile({ config, values }: Texts): Configuration {
    const { revision, clusterID, features } = this.#environment.settings;
    return compileConfiguration({
      config: { file: 'config', text: config },
      values: { file: 'values', text: values },
      mesh: [{ file: 'mesh', text: this.#environment.mesh }],
      revision,
      clusterId: clusterID,
      cluster: this.#cluster,
      features: readFeatures(features).features,
    });
  }

  #tryCompile(texts: Texts): Configuration | undefined {
    try {
      return this.#compile(texts);
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }

  /** What the guard would deny the change for, after its pods, and whether it would warn of pods that break. */
  #canaryFindings(mutant: Configuration): { errors: readonly ConfigurationFinding[]; isToldOf: boolean } {
    const end = performance.now() + guardTime;
    const isOutOfTime = (): boolean => performance.now() > end;
    const check = checkConfiguration(mutant, { baseline: this.#baseline, isOutOfTime });
    for (;;) {
      const { done, value } = check.next();
      if (done !== true) continue;
      const isToldOf = value.some((finding) => finding.level === 'warning' && isBreaking(finding));
      return { errors: value.filter(({ level }) => level === 'error'), isToldOf };
    }
  }

  /** What the guard would deny it for without pods. */
  #newLintError(texts: Texts): string | undefined {
    return this.#lintErrors(texts).find((error) => !this.#knownErrors.has(error));
  }

  #lintErrors({ config, values }: Texts): string[] {
    const { revision, clusterID, features } = this.#environment.settings;
    const set = {
      name: 'mutant',
      revision,
      config: { file: 'config', text: config },
      values: { file: 'values', text: values },
      mesh: [{ file: 'mesh', text: this.#environment.mesh }],
      objects: this.#objects,
    };
    const options = { clusterId: clusterID, features: readFeatures(features).features, canary: false } as const;
    return lintConfiguration(set, { ...options, level: 'error' }).map(({ rule, message }) => `${rule}: ${message}`);
  }

  /** The first pod of the corpus that breaks, with what is wrong with it; and whether any changes. */
  #effectOf(mutant: Configuration): { readonly breaks?: string; readonly changes: boolean } {
    const isComparable = differOnlyInTexts(this.#base, mutant);
    let changes = false;
    for (const pod of this.#good) {
      try {
        this.#cache.begin(isComparable ? pod.texts : undefined);
        const now = outcomeOf(mutant, pod, this.#cache);
        if (now.kind === 'denied') return { breaks: `${pod.id}: ${now.why}`, changes: true };
        const [error] = now.errors;
        if (error !== undefined) return { breaks: `${pod.id}: ${error}`, changes: true };
        changes ||= now.text !== pod.text;
      } catch (error) {
        if (!(error instanceof SameTexts)) throw error;
      }
    }
    return { changes };
  }

  /**
   * Whether the pod of a finding is made a valid one by the unchanged configuration, and is not by the mutant. Everything is compiled and
   * injected afresh, and judged without what found it.
   */
  #isProven({ pod: name, kind }: ConfigurationFinding, texts: Texts): boolean {
    const [before, after] = [this.#compile(this.#environment), this.#compile(texts)];
    const times = kind === 'reinjection-failed' ? 2 : 1;
    return podsNamed(name, before, after).some(
      (tried) => isServed(before, tried, times) && !isServed(after, tried, times),
    );
  }
}

/** Injects a pod. */
function outcomeOf(
  configuration: Configuration,
  { pod, environment }: Pick<CorpusPod, 'pod' | 'environment'>,
  cache: OverlayCache,
): Outcome {
  try {
    const { parameters } = webhookParameters(configuration, pod, environment);
    const injected = injectPod({ ...parameters, cache, context: {} }).pod;
    const errors = findPodErrors(injected).map(({ path, message }) => `${path} ${message}`);
    return { kind: 'injected', text: JSON.stringify(injected), errors };
  } catch (error) {
    if (error instanceof InjectionError) return { kind: 'denied', why: error.message };
    throw error;
  }
}

/** The pods that a finding may mean. */
function podsNamed(name: string, before: Configuration, after: Configuration): TriedPod[] {
  const configurations = [before, after];
  const sets = new Map(configurations.flatMap((one) => templateSets(one)).map((set) => [set.asksFor, set]));
  return configurations.flatMap((one) =>
    [...sets.values()].flatMap((set) => [...canaryPods(one, set, before)].filter((pod) => pod.name === name)),
  );
}

/** Whether a pod can be injected so often, each time into one that Kubernetes accepts. */
function isServed(configuration: Configuration, { pod, environment = {} }: TriedPod, times: number): boolean {
  let injected = pod;
  for (let time = 0; time < times; time++) {
    try {
      const { parameters } = webhookParameters(configuration, injected, environment);
      injected = injectPod({ ...parameters, cache: new OverlayCache(), context: {} }).pod;
    } catch (error) {
      if (error instanceof InjectionError) return false;
      throw error;
    }
    if (findPodErrors(injected).length > 0) return false;
  }
  return true;
}
