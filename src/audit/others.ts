/** Differences that other admission makes in every pod that it sees, and so also in what was injected. */
import type { Change } from '../comparison/index.ts';
import type { Container, Pod, PodTemplateSpec } from '../kubernetes/index.ts';
import { pullPolicyOf } from './defaults.ts';

/** A difference and who made it. */
export interface OtherChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly explanation: string;
}

interface Explained {
  readonly changes: readonly Change[];
  readonly others: readonly OtherChange[];
}

/** Takes the differences out that are seen in the pod's own containers as well: then it was not the injector. */
export function explainedByOthers(
  changes: readonly Change[],
  live: Pod,
  template: PodTemplateSpec | undefined,
): Explained {
  if (template === undefined || changes.length === 0) return { changes, others: [] };
  const own = ownContainers(live, template);
  const others: OtherChange[] = [];
  const kept = changes.filter((change) => {
    const explanation = explain(change, own);
    if (explanation === undefined) return true;
    others.push({ path: change.path, from: change.from, to: change.to, explanation });
    return false;
  });
  return { changes: kept, others };
}

type OwnContainer = readonly [live: Container, given: Container];

function explain({ steps, from, to }: Change, own: readonly OwnContainer[]): string | undefined {
  const field = steps.at(-1);
  if (steps.length !== 4 || typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (field === 'imagePullPolicy' && from === 'Always' && own.every(([live]) => live.imagePullPolicy === from)) {
    const changed = own.some(([, given]) => (given['imagePullPolicy'] ?? pullPolicyOf(given.image)) !== from);
    return changed
      ? 'all containers have it, whatever their owner says: the admission plugin AlwaysPullImages'
      : undefined;
  }
  if (field !== 'image' || lastPart(from) !== lastPart(to)) return undefined;
  const rewritten = own.some(
    ([live, given]) =>
      live.image !== given.image &&
      lastPart(live.image ?? '') === lastPart(given.image ?? '') &&
      registryOf(live.image ?? '') === registryOf(from),
  );
  return rewritten
    ? `another webhook takes images from ${registryOf(from)}: it also rewrote those of the pod's own containers`
    : undefined;
}

function ownContainers({ spec }: Pod, template: PodTemplateSpec): OwnContainer[] {
  const live = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return [...(template.spec.containers ?? []), ...(template.spec.initContainers ?? [])].flatMap((given) => {
    const found = live.find(({ name }) => name === given.name);
    return found === undefined ? [] : [[found, given] as const];
  });
}

/** Name, tag and digest of an image. */
const lastPart = (image: string): string => image.slice(image.lastIndexOf('/') + 1);

/** The host that an image comes from. */
function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}
