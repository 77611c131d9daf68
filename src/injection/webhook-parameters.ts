/** The parameters of an injection that the webhook takes from the control plane's surroundings: nodes, namespaces, ProxyConfigs. */
import type { ClusterObjects, Configuration } from '../configuration/index.ts';
import { lookup } from './maps.ts';
import type { Pod } from '../kubernetes/index.ts';
import { annotation, defaultCluster, env } from './names.ts';
import { detectNativeSidecar } from './native-sidecar.ts';
import { clearSharedProxyIds, defaultProxyIds, openshiftProxyIds } from './openshift.ts';
import type { Environment } from './path-environment.ts';
import type { InjectionParameters } from './pipeline.ts';
import { proxyEnvironment } from './post-processing/proxy-environment.ts';
import { workloadOfPod } from './workload.ts';

/** Parameters, and the lines for the log that finding them gave. */
export interface WebhookParameters {
  readonly parameters: Omit<InjectionParameters, 'cache' | 'context'>;
  readonly warnings: readonly string[];
}

/** Gathers the parameters for a pod of a request. */
export function webhookParameters(
  configuration: Configuration,
  requested: Pod,
  pathEnvironment: Environment,
): WebhookParameters {
  const { injection, mesh, revision, features } = configuration;
  const warnings: string[] = [];
  const cluster = clusterOf(configuration, requested, pathEnvironment);
  const pod = features.openshift ? clearSharedProxyIds(requested) : requested;
  if (pod !== requested) {
    warnings.push(
      `Resetting the UserID of sideCar proxy as it matches with the app container for Pod "${pod.metadata.name ?? ''}"`,
    );
  }
  const native = detectNativeSidecar(features, cluster, pod);
  const namespace = cluster?.namespaces.get(pod.metadata.namespace ?? '');
  return {
    parameters: {
      pod,
      workload: workloadOfPod(pod),
      configuration,
      names: injection,
      mesh,
      proxyConfig: configuration.proxyConfigs.effective({
        namespace: pod.metadata.namespace ?? '',
        labels: pod.metadata.labels ?? {},
        annotation: lookup(pod.metadata.annotations, annotation.proxyConfig),
      }),
      revision,
      native: native.native,
      ids: features.openshift ? openshiftProxyIds(namespace) : defaultProxyIds,
      pathEnvironment,
      injectedAnnotations: injection.injectedAnnotations,
    },
    warnings: [...warnings, ...native.warnings],
  };
}

/** Objects of the cluster that the pod belongs to, when they are known. */
function clusterOf(
  { values, clusterId, cluster }: Configuration,
  pod: Pod,
  path: Environment,
): ClusterObjects | undefined {
  const named = lookup(proxyEnvironment(path, values, pod), env.clusterId) ?? '';
  const id = named === '' ? defaultCluster : named;
  return id === clusterId ? cluster : undefined;
}
