/** sprig's passwords and encryption (`crypto.go`). What would make keys or certificates is in unsupported.ts. */
import { createCipheriv, createDecipheriv, createHmac, scryptSync } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../../../go/base-encoding.ts';
import { decodeBytes, encodeBytes } from '../../../go/utf8.ts';
import { rememberByText } from '../../../memo/index.ts';
import { define, defineWithContext, FunctionError, type FunctionContext } from '../../function.ts';
import { orFail } from '../failures.ts';

const BLOCK = 16;
const KEY_LENGTH = 32;

/** The password as key, cut or filled up with zeros. */
function keyOf(password: string): Uint8Array {
  const key = new Uint8Array(KEY_LENGTH);
  key.set(encodeBytes(password).subarray(0, KEY_LENGTH));
  return key;
}

function encrypt(context: FunctionContext, password: string, text: string): string {
  if (text === '') return '';
  const iv = context.random(BLOCK);
  const cipher = createCipheriv('aes-256-cbc', keyOf(password), iv);
  return encodeBase64(Buffer.concat([iv, cipher.update(encodeBytes(text)), cipher.final()]));
}

function decrypt(password: string, text: string): string {
  if (text === '') return '';
  const data = orFail(() => decodeBase64(text));
  if (data.length < BLOCK) throw boundsError(`[:16] with capacity ${String(data.length)}`);
  if (data.length % BLOCK !== 0) throw new FunctionError('crypto/cipher: input not full blocks');
  const cipher = createDecipheriv('aes-256-cbc', keyOf(password), data.subarray(0, BLOCK)).setAutoPadding(false);
  const plain = Buffer.concat([cipher.update(data.subarray(BLOCK)), cipher.final()]);
  const padding = plain.at(-1);
  if (padding === undefined) throw new FunctionError('runtime error: index out of range [-1]');
  if (padding > plain.length) throw boundsError(`[:${String(plain.length - padding)}]`);
  return decodeBytes(plain.subarray(0, plain.length - padding));
}

const boundsError = (bounds: string): FunctionError =>
  new FunctionError(`runtime error: slice bounds out of range ${bounds}`);

/** Shapes of a derived password: each letter names a class of characters. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  maximum: ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno'],
  long: (
    'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
    'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
    'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
  ).split(' '),
  medium: ['CvcnoCvc', 'CvcCvcno'],
  short: ['Cvcn'],
  basic: ['aaanaaan', 'aannaaan', 'aaannaaa'],
  pin: ['nnnn'],
};

const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ';
const LETTERS = `AEIOUaeiou${CONSONANTS}${CONSONANTS.toLowerCase()}`;
const CLASSES: Readonly<Record<string, string>> = {
  V: 'AEIOU',
  C: CONSONANTS,
  v: 'aeiou',
  c: CONSONANTS.toLowerCase(),
  A: `AEIOU${CONSONANTS}`,
  a: LETTERS,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${LETTERS}0123456789!@#$%^&*()`,
};

const SEED = 'com.lyndir.masterpassword';
/** scrypt's cost; it needs 128 × N × r bytes of memory. */
const SCRYPT = { N: 32_768, r: 8, p: 2, maxmem: 64 << 20 };

/** The key of a password and a user, as a JSON list. It takes a tenth of a second, and templates ask for the same one for each pod. */
const masterKey = rememberByText((passwordAndUser) => {
  const [password, user] = JSON.parse(passwordAndUser) as [string, string];
  return scryptSync(encodeBytes(password), Buffer.concat([encodeBytes(SEED), lengthPrefixed(user)]), 64, SCRYPT);
});

/** The Master Password algorithm. */
function derivePassword(counter: bigint, type: string, password: string, user: string, site: string): string {
  const shapes = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (shapes === undefined) return `cannot find password template ${type}`;
  const key = masterKey(JSON.stringify([password, user]));
  const seed = createHmac('sha256', key)
    .update(Buffer.concat([encodeBytes(SEED), lengthPrefixed(site), uint32(Number(counter))]))
    .digest();
  const shape = shapes[(seed[0] ?? 0) % shapes.length] ?? '';
  return Array.from(shape, (letter, i) => {
    const characters = CLASSES[letter] ?? '';
    return characters.charAt((seed[i + 1] ?? 0) % characters.length);
  }).join('');
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function lengthPrefixed(text: string): Buffer {
  const bytes = encodeBytes(text);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

export const cryptoFunctions = [
  defineWithContext('encryptAES', 'func(string, string) (string, error)', encrypt),
  define('decryptAES', 'func(string, string) (string, error)', decrypt),
  define('derivePassword', 'func(uint32, string, string, string, string) string', derivePassword),
];
