import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { HttpAnswer } from './http-answer.ts';

/** A response of HTTP/1.1 or HTTP/2. */
export type Response = ServerResponse | Http2ServerResponse;

/** Written at once, a long text would be encrypted at once: this many bytes take 0.1 ms. */
const chunkLength = 64 * 1024;

/**
 * Writes an answer.
 * @param keepsOpen whether an HTTP/1.1 connection may take more requests afterwards
 */
export function writeAnswer(response: Response, answer: HttpAnswer, keepsOpen: boolean): void {
  const { status, headers, body, closes = false } = answer;
  const length = Buffer.byteLength(body);
  const isHttp2 = 'stream' in response;
  const written =
    isHttp2 || (keepsOpen && !closes)
      ? { ...headers, 'content-length': length }
      : { ...headers, 'content-length': length, connection: 'close' };
  // Node's two types for the same method do not unite.
  (response as ServerResponse).writeHead(status, written);
  if (closes && isHttp2) response.once('finish', () => response.stream.close());
  if (length > chunkLength) writePieces(response, typeof body === 'string' ? Buffer.from(body) : body);
  // What has a byte for each unit is ASCII, which needs no conversion.
  else if (length === body.length) (response as ServerResponse).end(body, 'latin1');
  else response.end(body);
}

/** Hands over a long body piece by piece, each when the one before was sent. */
function writePieces(response: Response, bytes: Uint8Array): void {
  let sent = 0;
  const sendNext = (): void => {
    if (response.destroyed || response.writableEnded) return;
    const chunk = bytes.subarray(sent, (sent += chunkLength));
    if (sent >= bytes.length) response.end(chunk);
    else if ((response as ServerResponse).write(chunk)) setImmediate(sendNext);
    else response.once('drain', sendNext);
  };
  sendNext();
}
