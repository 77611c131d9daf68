import { requestBytes } from './connection.ts';

/** A request of a load. Markers in its text are filled in anew each time it is sent, see {@link markers}. */
export interface LoadRequest {
  readonly path: string;
  readonly text: string;
}

/** Texts in the body of a request that give way to others of the same length: what differs between pods. */
export const markers = {
  /** Five characters as the API server draws them for names. */
  name: '%name',
  /** A number of eight digits, another one each time. */
  number: '%number%',
  /** The last twelve digits of a uid. */
  uid: '%uid%uid%uid',
  /** A time of 2026-01-01, in seconds. */
  time: '%time%time%time%time',
} as const;

/** The alphabet of generated names (k8s.io/apimachinery/pkg/util/rand). */
export const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

const firstSecond = Date.UTC(2026, 0, 1);
const secondsPerDay = 86_400;

/** The texts of the n-th pod; no two of the first ten million have one in common, but for the time. */
function fillings(count: number): Record<keyof typeof markers, string> {
  // A number prime to 27 ** 5, so that names that follow each other are not alike.
  let left = (count * 7_368_787) % nameAlphabet.length ** 5;
  let name = '';
  for (let index = 0; index < 5; index += 1) {
    name += nameAlphabet[left % nameAlphabet.length];
    left = Math.floor(left / nameAlphabet.length);
  }
  return {
    name,
    number: String(10_000_000 + (count % 90_000_000)),
    uid: count.toString(16).padStart(12, '0'),
    time: `${new Date(firstSecond + 1000 * (count % secondsPerDay)).toISOString().slice(0, -5)}Z`,
  };
}

interface Template {
  readonly path: string;
  readonly body: Buffer;
  readonly request: Buffer;
  readonly slots: readonly { readonly at: number; readonly kind: keyof typeof markers }[];
}

/** Requests in turn, made beforehand as far as they are always the same. */
export class RequestStream {
  readonly #templates: readonly Template[];
  #count: number;

  /** @param start number of the first pod, for streams that must have no pod in common */
  constructor(requests: readonly LoadRequest[], start = 0) {
    this.#templates = requests.map(toTemplate);
    this.#count = start;
  }

  /** The next request, ready to be sent over HTTP/1.1, and its number in the list. */
  next(): { readonly index: number; readonly bytes: Buffer } {
    const { index, template } = this.#take();
    return { index, bytes: fill(template, template.request, this.#count) };
  }

  /** The next request as path and body. */
  nextBody(): { readonly index: number; readonly path: string; readonly body: Buffer } {
    const { index, template } = this.#take();
    const head = template.request.length - template.body.length;
    return { index, path: template.path, body: fill(template, template.request, this.#count).subarray(head) };
  }

  #take(): { index: number; template: Template } {
    const index = this.#count % this.#templates.length;
    this.#count += 1;
    const template = this.#templates[index];
    if (template === undefined) throw new Error('a load without requests');
    return { index, template };
  }
}

function toTemplate({ path, text }: LoadRequest): Template {
  const body = Buffer.from(text);
  const request = requestBytes(path, body);
  const slots = (Object.keys(markers) as (keyof typeof markers)[]).flatMap((kind) =>
    positions(request, markers[kind]).map((at) => ({ at, kind })),
  );
  return { path, body, request, slots };
}

function positions(buffer: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + text.length)) found.push(at);
  return found;
}

function fill({ slots }: Template, bytes: Buffer, count: number): Buffer {
  if (slots.length === 0) return bytes;
  // A copy, since the last one sent may not have left yet.
  const filled = Buffer.from(bytes);
  const texts = fillings(count);
  for (const { at, kind } of slots) filled.write(texts[kind], at, 'latin1');
  return filled;
}
