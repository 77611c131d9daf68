import { decodeBytes, toValidUtf8 } from '../go/utf8.ts';

/** The text of a request body. As Go's JSON decoder reads it, each byte that is no UTF-8 becomes U+FFFD; platforms make one of several. */
export function bodyText(body: Uint8Array): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return text.includes('\uFFFD') ? toValidUtf8(decodeBytes(body)) : text;
}
