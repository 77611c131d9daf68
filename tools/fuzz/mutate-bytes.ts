/** Changes of bytes that know nothing of what they mean. */
import type { Random } from '../soak/random.ts';

/** Pieces of text that are put in or over others. */
const tokens: readonly Buffer[] = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u0000',
    '\\ud83d',
    'null',
    'true',
    '1e999',
    '-',
    '0',
    '\n',
    '\t',
    '---',
    '&a',
    '*a',
    '# ',
  ],
  ...['__proto__', 'constructor', 'sidecar.istio.io/inject', 'istio-proxy', '{{', '}}', '"a":1,', '[[[[', '{"":{"":'],
].map((text) => Buffer.from(text));
const bytes = [0x00, 0x7f, 0x80, 0xc0, 0xff, 0x0d, 0x1f, 0xfe].map((byte) => Buffer.of(byte));
const pieces: readonly Buffer[] = [
  ...tokens,
  ...bytes,
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xef, 0xbb, 0xbf]),
];

type Change = (body: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const place = (body: Buffer, random: Random): number => Math.floor(random.next() * (body.length + 1));

/** Some bytes long, mostly short. */
const span = (random: Random): number => Math.floor(2 ** random.between(0, 9));

const changes: readonly Change[] = [
  function flip(body, random) {
    const copy = Buffer.from(body);
    const at = Math.min(place(body, random), body.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
    return copy;
  },
  function put(body, random) {
    const at = place(body, random);
    return Buffer.concat([body.subarray(0, at), random.pick(pieces), body.subarray(at)]);
  },
  function overwrite(body, random) {
    const at = place(body, random);
    const piece = random.pick(pieces);
    return Buffer.concat([body.subarray(0, at), piece, body.subarray(at + piece.length)]);
  },
  function remove(body, random) {
    const at = place(body, random);
    return Buffer.concat([body.subarray(0, at), body.subarray(at + span(random))]);
  },
  function repeat(body, random) {
    const at = place(body, random);
    const piece = body.subarray(at, at + span(random));
    const times = Array.from({ length: 1 + Math.floor(random.next() * 8) }, () => piece);
    return Buffer.concat([body.subarray(0, at), ...times, body.subarray(at)]);
  },
  function cut(body, random) {
    return body.subarray(0, Math.max(1, place(body, random)));
  },
  function splice(body, random, others) {
    const other = random.pick(others);
    return Buffer.concat([body.subarray(0, place(body, random)), other.subarray(place(other, random))]);
  },
  function changeDigits(body, random) {
    const at = place(body, random);
    const copy = Buffer.from(body);
    for (let index = at; index < Math.min(at + 400, copy.length); index += 1) {
      const byte = copy[index] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) copy[index] = 0x30 + Math.floor(random.next() * 10);
    }
    return copy;
  },
  function changeLetters(body, random) {
    const at = place(body, random);
    const copy = Buffer.from(body);
    for (let index = at; index < Math.min(at + 3, copy.length); index += 1) {
      if ((copy[index] ?? 0) >= 0x61) copy[index] = 0x61 + Math.floor(random.next() * 26);
    }
    return copy;
  },
];

/** Changes a body in one to four ways; never gives an empty one. */
export function mutateBytes(body: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let changed = body;
  for (let count = 1 + Math.floor(random.next() ** 2 * 4); count > 0; count -= 1) {
    changed = random.pick(changes)(changed, random, others);
  }
  return changed.length === 0 ? Buffer.from(' ') : changed;
}
