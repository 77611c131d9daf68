/** The API versions in which Istio's kinds are served; offline, a resource in any other is not Istio's. */

const versions: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io': ['v1', 'v1alpha3', 'v1beta1'],
  'security.istio.io': ['v1', 'v1beta1'],
  'telemetry.istio.io': ['v1', 'v1alpha1'],
  'extensions.istio.io': ['v1alpha1'],
  'gateway.networking.k8s.io': ['v1', 'v1beta1'],
};

/** Kinds that are not served in every version of their group. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  EnvoyFilter: ['v1alpha3'],
  ProxyConfig: ['v1beta1'],
};

/** Whether the kind is served in that version of its group. */
export function isServed(group: string, version: string, kind: string): boolean {
  const served = Object.hasOwn(exceptions, kind) ? exceptions[kind] : versions[group];
  return served?.includes(version) === true;
}
