import { codecOf, joinValues } from './codec.ts';
import { DecodeContext } from './decode-context.ts';
import type { NormalForms } from './normal-forms.ts';
import type { Pod } from './types.ts';

/**
 * JSON read into a Kubernetes type (`v1.Pod`, `v1.Container`, `appsv1.Deployment`) as Go's encoding/json does: names match
 * without regard to case, unknown fields are dropped, nulls are absent, quantities and times become canonical. The result
 * is what Go would write again: empty optional fields are left out, structs that are no pointers are present
 * (`resources: {}`, `status: {}`), missing required lists are null (`containers: null`).
 *
 * Input that already says so is returned itself, otherwise parts of it are shared: change neither in place.
 * @throws {DecodeError} with Go's message
 */
export function decodeTyped(type: string, raw: unknown): unknown {
  return normalize(type, raw, false);
}

/** {@link decodeTyped} for pods. */
export function decodePod(raw: unknown): Pod {
  return decodeTyped('v1.Pod', raw) as Pod;
}

/**
 * {@link decodePod} for a pod that was made by changing `known`, which is decoded: what both have in common is not looked at again.
 * @param forms normal forms of what else is in the pod
 */
export function decodeChangedPod(raw: unknown, known: Pod, forms?: NormalForms): Pod {
  return normalize('v1.Pod', raw, false, known, forms) as Pod;
}

/**
 * A value of a Kubernetes type as Go writes it: {@link decodeTyped}, and also in Go's order (fields as declared, maps
 * sorted), for where the text counts.
 */
export function encodeTyped<T>(type: string, value: T): T {
  return normalize(type, value, true) as T;
}

function normalize(type: string, raw: unknown, inOrder: boolean, known?: unknown, forms?: NormalForms): unknown {
  const context = new DecodeContext(inOrder, forms);
  const codec = codecOf(type);
  const value = codec.normalize(raw, context, known) ?? codec.zero();
  if (context.misfit !== undefined) throw context.misfit;
  return context.isDoubled ? normalize(type, joinValues(codec, undefined, raw), inOrder) : value;
}
