/** What the guard needs of the cluster: what a ConfigMap would change, and a sample of pods. */
import type { AdmissionRequest } from '../admission/index.ts';
import type { GuardedChange, GuardedCluster } from '../server/guard/config-webhook.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import type { KubernetesObject, Resource } from './api-types.ts';
import type { ApiClient } from './client.ts';
import {
  sameTexts,
  textsOf,
  type ConfigMapSource,
  type ConfigMapSources,
  type ConfigurationTexts,
} from './configuration-texts.ts';
import { configurationKeys, keepConfigMap, type ConfigMapTexts } from './watched-objects.ts';

/** What is known of the cluster now. */
export interface ClusterNow {
  readonly configMaps: ConfigMapSources;
  readonly inUse: ConfigurationTexts | undefined;
  readonly objects: readonly JsonRecord[];
}

export interface GuardOptions {
  readonly client: ApiClient;
  /** Undefined until the cluster has been read. */
  readonly now: () => ClusterNow | undefined;
  readonly builtIn: ConfigurationTexts;
  readonly revision: string;
  readonly clusterId: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: { readonly warn: (message: string) => void };
}

/** Pods that are asked for at once, and those of them that are looked at, spread over all. */
const listedPods = 500;
const sampledPods = 120;

/** How old a sample may be, in milliseconds. */
const sampleAge = 60_000;

/** How long the list may take, in milliseconds: most of the time is for what is done with it. */
const listTimeout = 2_000;

const pods: Resource = { group: '', version: 'v1', resource: 'pods' };

export function guardCluster(options: GuardOptions): GuardedCluster {
  let sample: { readonly at: number; readonly pods: Promise<readonly JsonRecord[]> } | undefined;
  return {
    changeBy: (request) => changeBy(request, options),
    samplePods: () => {
      if (sample === undefined || performance.now() - sample.at > sampleAge) {
        sample = { at: performance.now(), pods: listPods(options) };
      }
      return sample.pods;
    },
  };
}

async function listPods({ client, log }: GuardOptions): Promise<readonly JsonRecord[]> {
  try {
    const { items } = await client.list<KubernetesObject>(pods, { limit: listedPods, timeout: listTimeout });
    const step = Math.max(items.length / sampledPods, 1);
    const chosen = Array.from(
      { length: Math.min(items.length, sampledPods) },
      (_, index) => items[Math.floor(index * step)],
    );
    return chosen.flatMap((item) => (isRecord(item) ? [withoutBookkeeping(item)] : []));
  } catch (error) {
    log.warn(`the guard looks at no pods of the cluster: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function withoutBookkeeping({ metadata, spec }: JsonRecord): JsonRecord {
  const { managedFields: _fields, ...kept } = isRecord(metadata) ? metadata : {};
  return { apiVersion: 'v1', kind: 'Pod', metadata: kept, spec };
}

function changeBy(request: AdmissionRequest, options: GuardOptions): GuardedChange | undefined {
  const now = options.now();
  const { object, namespace } = request;
  if (now === undefined || !isRecord(object) || !isRecord(object['metadata'])) return undefined;
  const name = `${namespace}/${String(object['metadata']['name'] ?? request.name)}`;
  const role = (Object.keys(now.configMaps) as (keyof ConfigMapSources)[]).find(
    (key) => now.configMaps[key]?.name === name,
  );
  if (role === undefined) return undefined;
  const next = keepConfigMap(object as unknown as KubernetesObject);
  const changed: ConfigMapSource = { name, texts: next };
  const texts = textsOf({ ...now.configMaps, [role]: changed }, options.builtIn, undefined);
  const { inUse, objects } = now;
  if (inUse !== undefined && sameTexts(texts, inUse)) return undefined;
  const { revision, clusterId, variables } = options;
  const hint = hintOf(name, now.configMaps[role]?.texts, next);
  return {
    texts,
    ...(inUse && { inUse }),
    ...(hint !== undefined && { hint }),
    surroundings: { objects, revision, clusterId, variables },
  };
}

/** A change that is made in several steps can break at each of them, although the whole is fine. */
function hintOf(name: string, before: ConfigMapTexts | undefined, after: ConfigMapTexts): string | undefined {
  if (before === undefined) return undefined;
  const changed = configurationKeys.filter((key) => before[key] !== after[key]);
  const kept = configurationKeys.filter((key) => after[key] !== undefined && !changed.includes(key));
  const [only, ...more] = changed;
  if (only === undefined || more.length > 0) return undefined;
  const rest = kept.length === 0 ? 'the other ConfigMaps' : `key ${kept.join(' and ')}`;
  const how = kept.length === 0 ? 'apply that one first' : `put both into one update of ${name}`;
  return `Only key ${only} changes; it was tried with ${rest} as it is now. If that is to change, too, ${how}.`;
}
