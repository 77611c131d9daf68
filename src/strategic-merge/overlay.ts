import {
  DecodeError,
  type NormalForms,
  type Pod,
  decodeChangedPod,
  decodePod,
  decodeTyped,
} from '../kubernetes/index.ts';
import { type JsonRecord, type KnownBlocks, YamlError, decodeYamlShared, isRecord } from '../yaml/index.ts';
import { MergeError, OverlayError } from './error.ts';
import { mergeMap } from './merge.ts';
import { mergeSchema } from './schema.ts';
import type { SharedOverlay } from './shared-overlay.ts';

/**
 * A rendered template put onto a pod: YAML decoded, merged by the rules of `v1.Pod`, decoded into the Pod type and
 * written again. `pod` is in the form that Kubernetes writes; it is not changed, the result shares parts with it.
 * @throws {OverlayError} with the message that Istio's injector gives
 */
export function applyOverlay(pod: object, overlayYaml: string): Pod {
  return asPod(mergeRaw('v1.Pod', pod as JsonRecord, decodeOverlay(overlayYaml)));
}

/**
 * A rendered template as values, to be merged any number of times.
 * @param blocks remembers parts of them, see {@link decodeYamlShared}
 * @throws {OverlayError} for whatever is not YAML of a map (null and empty are an empty map); YAML's own error is lost, as in Istio, but kept as `cause`
 */
export function decodeOverlay(overlayYaml: string, blocks?: KnownBlocks): JsonRecord {
  let value: unknown;
  try {
    value = decodeYamlShared(overlayYaml, blocks) ?? {};
  } catch (error) {
    if (error instanceof YamlError)
      throw Object.assign(new OverlayError('merge', 'invalid JSON document'), { cause: error });
    throw error;
  }
  if (!isRecord(value)) throw new OverlayError('merge', 'invalid JSON document');
  return value;
}

/** {@link applyOverlay} with an overlay that is decoded already, for a pod that is decoded. */
export function mergeOverlay(pod: Pod, overlay: JsonRecord): Pod {
  return asPod(mergeRaw('v1.Pod', pod as unknown as JsonRecord, overlay), pod);
}

/** {@link mergeOverlay} with an overlay that was merged before, or will be again. */
export function mergeSharedOverlay(pod: Pod, overlay: SharedOverlay): Pod {
  return asPod(mergeRaw('v1.Pod', pod as unknown as JsonRecord, overlay.value, overlay), pod, overlay.forms);
}

/**
 * The merge alone, for any type of the field tables: the result is not yet decoded into the type.
 * @param shared the overlay that `patch` is, when it is a shared one
 * @throws {OverlayError}
 */
export function mergeRaw(type: string, original: JsonRecord, patch: JsonRecord, shared?: SharedOverlay): JsonRecord {
  try {
    return mergeMap(original, patch, mergeSchema(type), shared);
  } catch (error) {
    throw error instanceof MergeError ? new OverlayError('merge', error.message) : error;
  }
}

/** `known`: the pod before the merge, where it is known to be decoded. */
function asPod(merged: JsonRecord, known?: Pod, forms?: NormalForms): Pod {
  try {
    return known === undefined ? decodePod(merged) : decodeChangedPod(merged, known, forms);
  } catch (error) {
    throw error instanceof DecodeError ? new OverlayError('decode', firstMisfit(merged)) : error;
  }
}

/** Of several misfits Go names the first of its text, whose keys are sorted. */
function firstMisfit(merged: JsonRecord): string {
  try {
    decodeTyped('v1.Pod', sortKeys(merged));
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
  }
  return 'invalid pod';
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
