/**
 * What the reviews of a workload's pods have in common, found in the text of the bodies, without decoding them. Pods that a controller makes of one
 * template reach the webhook as the same text but for the request's uid, the times of field managers, and the random name of the volume with
 * the service account's token (`metadata.uid` and `creationTimestamp` they do not have yet). That is looked for at the places where API
 * servers write it; where it is not exactly as they write it, it counts as any other text.
 */

import { findRequestUid, type TextSpan } from '../../admission/index.ts';

/** What the name of a token's volume begins with (k8s.io/kubernetes/plugin/pkg/admission/serviceaccount). */
export const tokenVolumePrefix = 'kube-api-access-';

/** What a review has of its own. */
export interface OwnTexts {
  readonly uid: string;
  /** All of the times. */
  readonly time: string;
  /** Name of the token's volume. */
  readonly volume: string;
}

/** Bodies with equal keys (and paths) are the same text, but for their own texts. */
export interface ReviewShape {
  /** The path, where the own texts stand in the body, and all of the rest of it. */
  readonly key: string;
  readonly uid: string;
  /** Name of the token's volume; empty where there is none. */
  readonly volume: string;
  /** The body of another review of this shape. */
  readonly withTexts: (texts: OwnTexts) => string;
}

/** A text of the review's own. All of a kind are of one length. */
interface Span extends TextSpan {
  readonly kind: keyof OwnTexts;
}

/** A time as metav1.Time writes it, which no decoder refuses; 29 February counts as any other text. */
const time =
  /[12]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ(?=")/y;
/** The rest of a generated name, in the alphabet of k8s.io/apimachinery/pkg/util/rand. */
const suffix = /[bcdfghjklmnpqrstvwxz2456789]{5}(?=")/y;

/** The shape of a review, or undefined where its uid is not found. Linear in the body's length. */
export function shapeOf(body: string, path: string): ReviewShape | undefined {
  const uid = findRequestUid(body);
  if (uid === undefined) return undefined;
  const volumes = findVolumeNames(body);
  const spans: Span[] = [{ kind: 'uid' as const, ...uid }, ...findTimes(body), ...volumes].sort(
    (a, b) => a.start - b.start,
  );
  const [first] = volumes;
  return {
    key: keyOf(body, path, spans),
    uid: body.slice(uid.start, uid.end),
    volume: first === undefined ? '' : body.slice(first.start, first.end),
    withTexts: (texts) => replace(body, spans, texts),
  };
}

function findTimes(body: string): Span[] {
  const spans: Span[] = [];
  const opening = '"time":"';
  for (let at = body.indexOf(opening); at >= 0; at = body.indexOf(opening, at + opening.length)) {
    const span = spanAt(body, 'time', time, at + opening.length);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/** The names of the one volume of its kind; none where such a name also stands elsewhere, or there are several. */
function findVolumeNames(body: string): readonly Span[] {
  const spans: Span[] = [];
  const opening = '"name":"';
  let name = '';
  for (let at = body.indexOf(tokenVolumePrefix); at >= 0; at = body.indexOf(tokenVolumePrefix, at + 1)) {
    const end = spanAt(body, 'volume', suffix, at + tokenVolumePrefix.length)?.end;
    if (end === undefined || !body.startsWith(opening, at - opening.length)) return [];
    if (name === '') name = body.slice(at, end);
    else if (!body.startsWith(name, at)) return [];
    spans.push({ kind: 'volume', start: at, end });
  }
  return spans;
}

function spanAt(body: string, kind: Span['kind'], form: RegExp, start: number): Span | undefined {
  form.lastIndex = start;
  return form.test(body) ? { kind, start, end: form.lastIndex } : undefined;
}

function keyOf(body: string, path: string, spans: readonly Span[]): string {
  let places = `${String(path.length)} ${path}`;
  let rest = '';
  let at = 0;
  for (const { kind, start, end } of spans) {
    places += ` ${kind} ${String(start)}`;
    rest += body.slice(at, start);
    at = end;
  }
  return `${places}\n${rest}${body.slice(at)}`;
}

function replace(body: string, spans: readonly Span[], texts: OwnTexts): string {
  let text = '';
  let at = 0;
  for (const { kind, start, end } of spans) {
    text += body.slice(at, start) + texts[kind];
    at = end;
  }
  return text + body.slice(at);
}
