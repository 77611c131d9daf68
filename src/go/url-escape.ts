/** Percent-encoding of the parts of a URL (Go's `net/url` escaping rules; what is left as it is differs by part). */
import { quote } from './quote.ts';
import { encodeBytes, normalizeBytes, sliceBytes } from './utf8.ts';

export type UrlPart = 'path' | 'pathSegment' | 'host' | 'zone' | 'userPassword' | 'query' | 'fragment';

const HOST_MARKS = '!"$&\'()*+,:;<=>[]';

/** Marks that each part keeps unescaped, beside letters, digits and `-_.~`. */
const KEPT: Readonly<Record<UrlPart, string>> = {
  path: '$&+,/:;=@',
  pathSegment: '$&+:=@',
  host: HOST_MARKS,
  zone: HOST_MARKS,
  userPassword: '$&+,;=',
  query: '',
  fragment: '!$&()*+,/:;=?@',
};

/** A part that cannot be read; the message is Go's (`invalid URL escape "%zz"`). */
export class UrlEscapeError extends Error {
  override name = 'UrlEscapeError';
}

/** Whether a byte has to be escaped in the part. */
export function mustEscape(byte: number, part: UrlPart): boolean {
  if (byte >= 0x80) return true;
  const char = String.fromCharCode(byte);
  return !/^[0-9A-Za-z\-_.~]$/.test(char) && !KEPT[part].includes(char);
}

/** Escapes text for a part; a space in a query becomes `+`. */
export function escapeUrlPart(s: string, part: UrlPart): string {
  let out = '';
  for (const byte of encodeBytes(s)) {
    if (!mustEscape(byte, part)) out += String.fromCharCode(byte);
    else out += byte === 0x20 && part === 'query' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** `url.QueryEscape` */
export function queryEscape(s: string): string {
  return escapeUrlPart(s, 'query');
}

/** Reads the escapes of a part. Throws {@link UrlEscapeError}. */
export function unescapeUrlPart(s: string, part: UrlPart): string {
  checkEscapes(s, part);
  const spaced = part === 'query' ? s.replaceAll('+', ' ') : s;
  if (!spaced.includes('%')) return spaced;
  return normalizeBytes(spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => byteText(Number.parseInt(hex, 16))));
}

const byteText = (byte: number): string => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);

const ESCAPE = /^%[0-9a-fA-F]{2}/;

function checkEscapes(s: string, part: UrlPart): void {
  const strict = part === 'host' || part === 'zone';
  for (let i = 0; i < s.length; i++) {
    const char = s.charAt(i);
    if (char === '%') {
      const escape = ESCAPE.exec(s.slice(i, i + 3))?.[0];
      if (escape === undefined) throw badEscape(sliceBytes(s.slice(i, i + 3), 0, 3));
      if (strict && !escapeAllowed(escape, part)) throw badEscape(escape);
      i += 2;
    } else if (strict && char < '\x80' && mustEscape(char.charCodeAt(0), part)) {
      throw new UrlEscapeError(`invalid character ${quote(char)} in host name`);
    }
  }
}

/** In a host only bytes outside ASCII may be escaped, in a zone also what a host may hold, and a space; `%25` in both. */
function escapeAllowed(escape: string, part: UrlPart): boolean {
  const byte = Number.parseInt(escape.slice(1), 16);
  if (escape === '%25') return true;
  return part === 'host' ? byte >= 0x80 : byte === 0x20 || !mustEscape(byte, 'host');
}

const badEscape = (text: string): UrlEscapeError => new UrlEscapeError(`invalid URL escape ${quote(text)}`);

/** Whether the text is a possible encoding of some text, so that it may be kept as it was written. */
export function isValidEncoding(s: string, part: UrlPart): boolean {
  return encodeBytes(s).every(
    (byte) => "!$&'()*+,;=:@[]%".includes(String.fromCharCode(byte)) || !mustEscape(byte, part),
  );
}
