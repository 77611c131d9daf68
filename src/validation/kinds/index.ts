/** The registry of kinds, looked up by group and kind; the version plays no part. */
import type { Kind } from '../kind.ts';
import { networkingKinds } from './networking.ts';
import { policyKinds } from './policies.ts';

const registry = new Map([...networkingKinds, ...policyKinds].map((kind) => [`${kind.group}/${kind.kind}`, kind]));

/** The kind of that group and name, or undefined when Istio has no such resource. */
export function findKind(group: string, kind: string): Kind | undefined {
  return registry.get(`${group}/${kind}`);
}
