import type { ClusterObjects, Configuration } from '../../configuration/index.ts';
import { quote } from '../../go/quote.ts';
import type { FunctionContext } from '../../gotemplate/index.ts';
import type { Pod, WorkloadKind } from '../../kubernetes/index.ts';
import { applyProxyConfigAnnotation, defaultProxyConfig, type MeshConfig } from '../../mesh/index.ts';
import { withFields } from '../../protobuf/index.ts';
import { decide } from '../decision.ts';
import { InjectionError } from '../injection-error.ts';
import { lookup } from '../maps.ts';
import { annotation, defaultRevision } from '../names.ts';
import { detectNativeSidecar } from '../native-sidecar.ts';
import { defaultProxyIds } from '../openshift.ts';
import type { OverlayCache } from '../overlay-cache.ts';
import { injectPod } from '../pipeline.ts';
import { workloadOfPod, type Workload } from '../workload.ts';
import { podSourceOf, withPodSource, type PodSource, type WorkloadObject } from './pod-source.ts';

/** What injection outside a cluster works with. */
export interface ManualInjection {
  readonly configuration: Configuration;
  /** The cluster that the workloads are for, when anything is known of it. Decides about native sidecars. */
  readonly cluster?: ClusterObjects;
  readonly context: Partial<FunctionContext>;
  readonly cache: OverlayCache;
}

/** A workload that was handled, and the warning when it was left alone. */
export interface HandledWorkload {
  readonly object: WorkloadObject;
  readonly warning?: string;
}

/** Config maps play no part in the decision here: only the workload's own wishes do. */
const decisionPolicy = { policy: 'enabled', neverInject: [], alwaysInject: [] };

/** Without aliases, whatever the configuration says. */
const templateNames = { defaultTemplates: ['sidecar'], aliases: {} };

/**
 * Injects a workload as `istioctl kube-inject` does.
 * @param object decoded as the kind's type
 * @throws {InjectionError} whose message is istioctl's
 */
export function injectWorkload(manual: ManualInjection, kind: WorkloadKind, object: WorkloadObject): HandledWorkload {
  const source = podSourceOf(kind, object);
  if (source === undefined) throw new InjectionError('pod-undecodable', 'spec.template is required value');
  const pod: Pod = { metadata: source.metadata, spec: source.spec, status: {} };
  const { inject, reason } = decide(pod, decisionPolicy);
  if (!inject) {
    const why = reason === 'host-network' ? 'host networking enabled' : 'sidecar injection disabled';
    return { object, warning: `===> Skipping injection because ${describe(object, source)} has ${why}` };
  }
  const injected = injectPod(parametersFor(manual, object, pod));
  const { metadata, spec } = injected.pod;
  return { object: withPodSource(kind, object, { metadata, spec }) };
}

function parametersFor(manual: ManualInjection, object: WorkloadObject, pod: Pod): Parameters<typeof injectPod>[0] {
  const { configuration, cluster, cache, context } = manual;
  const mesh = meshForPod(configuration.mesh, pod);
  const { features, revision } = configuration;
  const alwaysNative = features.nativeSidecars === 'on';
  return {
    pod,
    workload: workloadOf(object, pod),
    configuration,
    names: templateNames,
    mesh,
    proxyConfig: mesh.defaultConfig ?? defaultProxyConfig,
    revision: revision === defaultRevision ? '' : revision,
    native: cluster === undefined ? alwaysNative : detectNativeSidecar(features, cluster, pod).native,
    ids: defaultProxyIds,
    pathEnvironment: {},
    injectedAnnotations: {},
    cache,
    context,
  };
}

/** The annotation counts for the whole mesh configuration that the pod sees, unlike in the webhook. */
function meshForPod(mesh: MeshConfig, pod: Pod): MeshConfig {
  const own = lookup(pod.metadata.annotations, annotation.proxyConfig);
  if (own === undefined) return mesh;
  return withFields(mesh, { defaultConfig: applyProxyConfigAnnotation(mesh.defaultConfig, own) });
}

/** The workload itself; only for pods it is guessed from the owner, as in the webhook. */
function workloadOf({ apiVersion = '', kind = '', metadata }: WorkloadObject, pod: Pod): Workload {
  if (kind === 'Pod') return workloadOfPod(pod);
  return { name: metadata.name ?? '', namespace: metadata.namespace ?? '', kind, apiVersion };
}

/** `Deployment "ns/name"`, as warnings name a workload. */
function describe({ kind = '', metadata }: WorkloadObject, source: PodSource): string {
  const name = source.metadata.name ?? metadata.name ?? '';
  const namespace = metadata.namespace ?? '';
  const full = quote(namespace === '' ? name : `${namespace}/${name}`);
  return kind === '' ? full : `${kind} ${full}`;
}
