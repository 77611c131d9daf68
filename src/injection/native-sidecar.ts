/** Whether the proxy may run as a native sidecar: an init container that keeps running (`restartPolicy: Always`). */
import type { ClusterObjects, Features } from '../configuration/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { lookup } from './maps.ts';
import { annotation } from './names.ts';

/** Kubernetes 1.33 is the first version whose native sidecars are stable. */
const firstNativeMinor = 33;

/** A detection and the log lines that explain it. */
export interface NativeDetection {
  readonly native: boolean;
  readonly warnings: readonly string[];
}

/**
 * The control plane's answer, before the pod's annotation.
 * @param cluster objects of the cluster the pod belongs to; `undefined` when that cluster is not known
 */
export function detectNativeSidecar(
  features: Features,
  cluster: ClusterObjects | undefined,
  pod: Pod,
): NativeDetection {
  if (features.nativeSidecars !== 'auto') return { native: features.nativeSidecars === 'on', warnings: [] };
  if (cluster === undefined) {
    return {
      native: false,
      warnings: ["configured to auto detect native sidecar support, but couldn't find a client"],
    };
  }
  const nodeName = typeof pod.spec['nodeName'] === 'string' ? pod.spec['nodeName'] : '';
  const version = nodeName === '' ? undefined : cluster.nodes.get(nodeName);
  if (version !== undefined) return { native: supportsNative(version), warnings: [] };
  const native = everyNodeSupportsNative(cluster);
  const warnings = nodeName === '' ? [] : [`pod assigned to node "${nodeName}" but node not found in cluster`];
  return { native, warnings };
}

/** What the pod itself says; `undefined` when it says nothing that is understood. */
export function nativeByAnnotation(pod: Pod): boolean | undefined {
  const value = lookup(pod.metadata.annotations, annotation.nativeSidecar);
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

const verdicts = new WeakMap<ClusterObjects, boolean>();

function everyNodeSupportsNative(cluster: ClusterObjects): boolean {
  let verdict = verdicts.get(cluster);
  if (verdict === undefined) {
    verdict = [...cluster.nodes.values()].every(supportsNative);
    verdicts.set(cluster, verdict);
  }
  return verdict;
}

/** Only the minor number counts; a version that cannot be read counts as too old. */
function supportsNative(kubeletVersion: string): boolean {
  const minor = /^\s*v?(?:0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?![0-9])/.exec(kubeletVersion)?.[1];
  return minor !== undefined && Number(minor) >= firstNativeMinor;
}
