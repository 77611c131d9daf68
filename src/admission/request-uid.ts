/** A part of a text, from the character at `start` to the one before `end`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=")/y;
const uuidLength = 36;
const [opening, closing] = ['"request":{"uid":"', '","userInfo":{'];
const key = '"uid":"';

/**
 * Where `request.uid` stands in the text of a review, without decoding that: it is the first field of a request as Go writes it, the last but one where keys
 * are sorted. Undefined where it is written in another way, or is not as API servers make it.
 */
export function findRequestUid(body: string): TextSpan | undefined {
  const opened = body.indexOf(opening);
  if (opened >= 0) return uuidAt(body, opened + opening.length);
  const start = body.lastIndexOf(closing) - uuidLength;
  return body.startsWith(key, start - key.length) ? uuidAt(body, start) : undefined;
}

function uuidAt(body: string, start: number): TextSpan | undefined {
  uuid.lastIndex = start;
  return uuid.test(body) ? { start, end: uuid.lastIndex } : undefined;
}
