/** What a mistake in a configuration does to the pods of the corpus, and whether it is found before. */
import { checkConfiguration, type ConfigurationFinding } from '../../src/canary/index.ts';
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
import { caseGroups, clusterObjectsOf, readCases, type Environment } from './injection-corpus.ts';

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

/** Compiles texts in the surroundings of an environment. */
export function compileIn(
  environment: Environment,
  { config, values }: { config: string; values: string },
): Configuration {
  const { revision, clusterID, features } = environment.settings;
  return compileConfiguration({
    config: { file: 'config', text: config },
    values: { file: 'values', text: values },
    mesh: [{ file: 'mesh', text: environment.mesh }],
    revision,
    clusterId: clusterID,
    cluster: indexClusterObjects(clusterObjectsOf(environment)),
    features: readFeatures(features).features,
  });
}

/** What comes of a pod: nothing, a pod, or a failure. */
export type Outcome =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'injected'; readonly text: string; readonly errors: ReadonlySet<string> };

/** Injects a pod of the corpus, whatever the policy says: it could ask for it. */
export function outcomeOf(configuration: Configuration, { pod, environment }: CorpusPod, cache: OverlayCache): Outcome {
  if (pod.spec.hostNetwork === true) return { kind: 'skipped' };
  try {
    const { parameters } = webhookParameters(configuration, pod, environment);
    const injected = injectPod({ ...parameters, cache, context: {} }).pod;
    const errors = findPodErrors(injected).map(
      ({ path, message }) => `${path.replaceAll(/\[\d+\]/g, '[]')} ${message}`,
    );
    return { kind: 'injected', text: JSON.stringify(injected), errors: new Set(errors) };
  } catch (error) {
    if (error instanceof InjectionError) return { kind: 'denied' };
    throw error;
  }
}

/** What a mutant does to the corpus. */
export type Effect = 'refused' | 'breaks' | 'changes' | 'nothing';

/** The effect, and the pod that shows it. */
export function effectOf(
  mutant: Configuration,
  pods: readonly CorpusPod[],
  before: readonly Outcome[],
): { readonly effect: Effect; readonly pod?: string; readonly why?: string } {
  const cache = new OverlayCache();
  let changed: string | undefined;
  for (const [index, pod] of pods.entries()) {
    const old = before[index];
    if (old?.kind !== 'injected') continue;
    const now = outcomeOf(mutant, pod, cache);
    if (now.kind === 'denied') return { effect: 'breaks', pod: pod.id, why: 'denied' };
    if (now.kind === 'injected' && now.text !== old.text) {
      const added = [...now.errors].find((error) => !old.errors.has(error));
      if (added !== undefined && old.errors.size === 0) return { effect: 'breaks', pod: pod.id, why: added };
      changed = pod.id;
    } else if (now.kind === 'skipped') changed = pod.id;
  }
  return changed === undefined ? { effect: 'nothing' } : { effect: 'changes', pod: changed };
}

/** What the guard has, in milliseconds, with room for a busy machine. */
const guardTime = 20_000;

/** The errors that the guard would deny a change for. */
export function errorsOf(mutant: Configuration, baseline: Configuration): readonly ConfigurationFinding[] {
  const end = performance.now() + guardTime;
  const check = checkConfiguration(mutant, { baseline, isOutOfTime: () => performance.now() > end });
  for (;;) {
    const { done, value } = check.next();
    if (done === true) return value.filter(({ level }) => level === 'error');
  }
}

/** A configuration, or why it is refused as a whole. */
export function tryCompile(
  environment: Environment,
  texts: { config: string; values: string },
): Configuration | ConfigurationError {
  try {
    return compileIn(environment, texts);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}
