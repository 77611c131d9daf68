/** `apiVersion` of an object (`schema.ParseGroupVersion` of k8s.io/apimachinery). */
export interface GroupVersion {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
}

/** Takes an apiVersion apart; what Kubernetes cannot parse counts as empty. */
export function parseGroupVersion(apiVersion: string): GroupVersion {
  const parts = apiVersion.split('/');
  const [first = '', second] = parts;
  if (apiVersion === '/' || parts.length > 2) return { group: '', version: '' };
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}
