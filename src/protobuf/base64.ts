/** Standard, padded base64 as Go's `encoding/base64.StdEncoding` has it. */
import { ProtobufJsonError } from './error.ts';

const ALPHABET = /[A-Za-z0-9+/]/;

/** Decodes; line breaks are ignored. Throws with Go's text, which names the first byte that is wrong. */
export function decodeBase64(text: string): Uint8Array {
  const fault = findFault(text);
  if (fault >= 0) throw new ProtobufJsonError(`illegal base64 data at input byte ${fault}`);
  return Uint8Array.from(atob(text.replace(/[\r\n]/g, '')), (char) => char.charCodeAt(0));
}

/** Position of the first wrong byte, -1 when there is none. */
function findFault(text: string): number {
  const end = text.length;
  let position = 0;
  const skipBreaks = (): void => {
    while (text[position] === '\n' || text[position] === '\r') position++;
  };
  for (;;) {
    for (let digits = 0; digits < 4; digits++) {
      skipBreaks();
      if (position === end) return digits === 0 ? -1 : position - digits;
      if (ALPHABET.test(text.charAt(position))) {
        position++;
        continue;
      }
      if (text[position] !== '=' || digits < 2) return position;
      position++;
      if (digits === 2) {
        skipBreaks();
        if (position === end) return end;
        if (text[position] !== '=') return position - 1;
        position++;
      }
      skipBreaks();
      return position < end ? position : -1;
    }
  }
}

/** Encodes with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
