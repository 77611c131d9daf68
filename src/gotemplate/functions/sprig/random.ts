/** sprig's random functions. Chance comes from the context, so that the core stays a function of its input. */
import { encodeBase64 } from '../../../go/base-encoding.ts';
import { runes } from '../../../go/utf8.ts';
import { defineWithContext, FunctionError, type FunctionContext } from '../../function.ts';
import { checkRandomLength } from '../limits.ts';

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).join('');

/** A number below `limit`, all equally likely: numbers of the incomplete last range are drawn again. */
function below(context: FunctionContext, limit: number): number {
  const ceiling = 2 ** 48 - (2 ** 48 % limit);
  for (;;) {
    const drawn = context.random(6).reduce((number, byte) => number * 256 + byte, 0);
    if (drawn < ceiling) return drawn % limit;
  }
}

const randomText =
  (alphabet: string) =>
  (context: FunctionContext, count: bigint): string => {
    const length = checkRandomLength(Math.max(0, Number(count)));
    let out = '';
    for (let i = 0; i < length; i++) out += alphabet.charAt(below(context, alphabet.length));
    return out;
  };

function randomInt(context: FunctionContext, min: bigint, max: bigint): bigint {
  const span = Number(max - min);
  if (span <= 0) throw new FunctionError('invalid argument to Intn');
  return min + BigInt(below(context, Math.min(span, 2 ** 47)));
}

function randomBytes(context: FunctionContext, count: bigint): string {
  if (count < 0n) throw new FunctionError('runtime error: makeslice: len out of range');
  return encodeBase64(context.random(checkRandomLength(Number(count))));
}

function shuffle(context: FunctionContext, text: string): string {
  const all = runes(text);
  checkRandomLength(all.length);
  for (let i = all.length - 1; i > 0; i--) {
    const other = below(context, i + 1);
    [all[i], all[other]] = [all[other] ?? '', all[i] ?? ''];
  }
  return all.join('');
}

function uuid(context: FunctionContext): string {
  const bytes = Uint8Array.from(context.random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const TEXT = 'func(int) string';

export const randomFunctions = [
  defineWithContext('randAlphaNum', TEXT, randomText(DIGITS + LETTERS)),
  defineWithContext('randAlpha', TEXT, randomText(LETTERS)),
  defineWithContext('randNumeric', TEXT, randomText(DIGITS)),
  defineWithContext('randAscii', TEXT, randomText(PRINTABLE)),
  defineWithContext('randInt', 'func(int, int) int', randomInt),
  defineWithContext('randBytes', 'func(int) (string, error)', randomBytes),
  defineWithContext('shuffle', 'func(string) string', shuffle),
  defineWithContext('uuidv4', 'func() string', uuid),
];
