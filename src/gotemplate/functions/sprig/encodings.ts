/** sprig's encodings and checksums. */
import { createHash } from 'node:crypto';
import { adler32, decodeBase32, decodeBase64, encodeBase32, encodeBase64 } from '../../../go/base-encoding.ts';
import { decodeBytes, encodeBytes } from '../../../go/utf8.ts';
import { define } from '../../function.ts';
import { isGoError } from '../failures.ts';

const TEXT = 'func(string) string';

/** What cannot be decoded gives the text of the error. */
function decoded(decode: (text: string) => Uint8Array): (text: string) => string {
  return (text) => {
    try {
      return decodeBytes(decode(text));
    } catch (error) {
      if (isGoError(error)) return error.message;
      throw error;
    }
  };
}

const hexDigest =
  (algorithm: 'sha1' | 'sha256' | 'sha512') =>
  (text: string): string =>
    createHash(algorithm).update(encodeBytes(text)).digest('hex');

export const encodingFunctions = [
  define('b64enc', TEXT, (s: string) => encodeBase64(encodeBytes(s))),
  define('b64dec', TEXT, decoded(decodeBase64)),
  define('b32enc', TEXT, (s: string) => encodeBase32(encodeBytes(s))),
  define('b32dec', TEXT, decoded(decodeBase32)),
  define('sha1sum', TEXT, hexDigest('sha1')),
  define('sha256sum', TEXT, hexDigest('sha256')),
  define('sha512sum', TEXT, hexDigest('sha512')),
  define('adler32sum', TEXT, (s: string) => String(adler32(encodeBytes(s)))),
];
