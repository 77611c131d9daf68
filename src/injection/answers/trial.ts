/**
 * Whether an answer holds for all requests of its shape, which differ in their own texts (see review-shape.ts). It does when these stand where the
 * injector only hands them on or compares them with other names, when no template reads them, when no template writes a name that could be
 * equal to one of them, and when the request with other such texts does get the same answer.
 */
import { Interrupted } from '../../gotemplate/index.ts';
import { answerTo, withoutOwn, type ComputeAnswer, type ComputedAnswer, type InjectionAnswer } from './kept-answer.ts';
import { tokenVolumePrefix, type OwnTexts, type ReviewShape } from './review-shape.ts';

/** Own texts of nobody. */
const others: OwnTexts = {
  uid: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  time: '2001-01-01T01:01:01Z',
  volume: `${tokenVolumePrefix}bbbbb`,
};

/** In a text that is within a text of the body, a letter may be written as its number (`\\u006b`). */
const nestedEscape = '\\\\u';

/** Whether the answer to `body` is that of all requests of its shape. */
export function isShared(answer: ComputedAnswer, body: string, shape: ReviewShape, compute: ComputeAnswer): boolean {
  if (!isIndependent(answer) || body.includes(nestedEscape)) return false;
  if (Object.values(others).some((text) => body.includes(text))) return false;
  const other = shape.withTexts(others);
  const common = withoutOwnTexts(body, shape.volume);
  if (common !== withoutOwnTexts(other, others.volume) || common.includes(tokenVolumePrefix)) return false;
  const forOther = computeInTime(compute, other);
  return (
    forOther !== undefined &&
    forOther.rendering?.key.text === answer.rendering?.key.text &&
    isSame(answerTo(shape, withoutOwn(forOther, others)), answer)
  );
}

/** Whether a pod was let pass, with nothing of it that is not known to be read, and no names of volumes like those of tokens. */
function isIndependent({ report, rendering }: ComputedAnswer): boolean {
  if (report.outcome === 'skipped') return true;
  if (report.outcome === 'denied' || rendering === undefined) return false;
  return rendering.templates.every(({ overlay }) => !JSON.stringify(overlay.shared.value).includes(tokenVolumePrefix));
}

/** As much of a review as is looked at here; it was decoded once, though perhaps by other spellings of its fields. */
interface Review {
  readonly request: {
    uid?: unknown;
    readonly object?: {
      readonly metadata?: { readonly managedFields?: List<{ time?: unknown }> } | null;
      readonly spec?: ({ readonly volumes?: Named } & Partial<Readonly<Record<ContainerList, Containers>>>) | null;
    } | null;
  };
}
type List<Item> = readonly (Item | null)[] | null;
type Named = List<{ name?: unknown }>;
type Containers = List<{ readonly volumeMounts?: Named }>;
type ContainerList = (typeof containerLists)[number];

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** A review as text, without its own texts where they may stand. */
function withoutOwnTexts(body: string, volume: string): string {
  const review = JSON.parse(body) as Review;
  const { object } = review.request;
  review.request.uid = '';
  for (const entry of object?.metadata?.managedFields ?? []) if (entry != null) entry.time = '';
  const { spec } = object ?? {};
  const mounts = containerLists.flatMap((list) => spec?.[list] ?? []).flatMap((one) => one?.volumeMounts ?? []);
  for (const named of [...(spec?.volumes ?? []), ...mounts]) if (named?.name === volume) named.name = '';
  return JSON.stringify(review);
}

/** Undefined where the time for this request is over before. */
function computeInTime(compute: ComputeAnswer, body: string): ComputedAnswer | undefined {
  try {
    return compute(body);
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

const isSame = (left: InjectionAnswer, right: InjectionAnswer): boolean => textOf(left) === textOf(right);
const textOf = ({ review, report }: InjectionAnswer): string => JSON.stringify([review, report]);
