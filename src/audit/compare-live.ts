/** Which differences between a pod of a cluster and the pod that would be made today come from the injection. */
import {
  admissionFields,
  comparePods,
  injectedParts,
  isInjectedKey,
  type Change,
  type InjectedParts,
} from '../comparison/index.ts';
import type { Pod, PodTemplateSpec } from '../kubernetes/index.ts';
import { withDefaults } from './defaults.ts';
import { withoutAdmission } from './without-admission.ts';

/** A pod in three states. */
export interface LivePod {
  /** As it is in the cluster. */
  readonly live: Pod;
  /** As it was sent. */
  readonly original: Pod;
  /** As it would be made of that today. */
  readonly today: Pod;
  /** The template that its owner made it from, where that is known. */
  readonly template?: PodTemplateSpec;
}

/** The differences that the injection answers for, from the cluster's pod to today's. */
export function compareLive({ live, original, today, template }: LivePod): readonly Change[] {
  const parts = joinedParts(injectedParts(live), injectedParts(today));
  const [before, sent, after] = [live, original, today].map(withDefaults) as [Pod, Pod, Pod];
  const cleaned = withoutAdmission(before, after, parts);
  const writes = new Writes(comparePods(sent, after));
  const context = { parts, writes, template, isOnOpenshift: isOnOpenshift(live) };
  return comparePods(cleaned.live, cleaned.today).filter((change) => isOfInjection(change, context));
}

interface Context {
  readonly parts: InjectedParts;
  readonly writes: Writes;
  readonly template: PodTemplateSpec | undefined;
  readonly isOnOpenshift: boolean;
}

function isOfInjection(change: Change, context: Context): boolean {
  const { steps, kind, to } = change;
  const [part, field = '', name] = steps;
  if (part === 'metadata') return isOfMetadata(change, context);
  if (part !== 'spec') return false;
  const { parts, writes } = context;
  if (field === 'containers' || field === 'initContainers') {
    if (name !== undefined && parts[field].includes(name)) return true;
    if (name === undefined) return kind === 'order' && isOrderOfInjection(change, context);
    return kind !== 'removed' && writes.touch(steps);
  }
  if (field === 'volumes' || field === 'imagePullSecrets') {
    if (name === undefined) return false;
    return parts[field].includes(name) || (to !== undefined && writes.touch(steps));
  }
  if (writes.touch(steps)) return true;
  // What the owner's template does not have came with the injection, or with others that admit pods.
  if (context.template === undefined || admissionFields.has(field)) return false;
  return !(field === 'securityContext' && context.isOnOpenshift);
}

function isOfMetadata({ steps: [, map, key], from, to }: Change, { writes }: Context): boolean {
  if (key === undefined || (map !== 'labels' && map !== 'annotations')) return false;
  if (to !== undefined) return writes.touch(['metadata', map, key]);
  return typeof from === 'string' && isInjectedKey(map === 'labels' ? 'label' : 'annotation', key, from, true);
}

/** Containers that others added after the injection may stand anywhere. */
function isOrderOfInjection({ from, to, steps }: Change, { parts, template }: Context): boolean {
  if (template === undefined) return true;
  const list = steps[1] === 'initContainers' ? 'initContainers' : 'containers';
  const known = new Set([...parts[list], ...(template.spec[list] ?? []).map(({ name }) => name)]);
  const [before, after] = [from, to].map((names) => (names as readonly string[]).filter((one) => known.has(one)));
  const common = before?.filter((one) => after?.includes(one));
  return JSON.stringify(common) !== JSON.stringify(after?.filter((one) => before?.includes(one)));
}

/** The fields that an injection gave a value other than the one they were sent with. */
class Writes {
  readonly #paths: readonly (readonly string[])[];

  constructor(changes: readonly Change[]) {
    this.#paths = changes.map(({ steps }) => steps);
  }

  /** Whether a field, one around it or one in it was written. */
  touch(steps: readonly string[]): boolean {
    return this.#paths.some((path) => path.every((step, index) => index >= steps.length || step === steps[index]));
  }
}

function joinedParts(a: InjectedParts, b: InjectedParts): InjectedParts {
  return {
    containers: [...a.containers, ...b.containers],
    initContainers: [...a.initContainers, ...b.initContainers],
    volumes: [...a.volumes, ...b.volumes],
    imagePullSecrets: [...a.imagePullSecrets, ...b.imagePullSecrets],
  };
}

/** Its security context constraints fill in the security contexts of pods. */
function isOnOpenshift({ metadata: { annotations } }: Pod): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, 'openshift.io/scc');
}
