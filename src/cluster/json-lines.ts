/** The values of a stream of JSON texts, one a line, as a watch sends them. */
import type { Readable } from 'node:stream';
import { ApiConnectionError } from './api-error.ts';

/** An object is at most 1.5 MB in etcd; JSON escapes can make more of it, not this much. */
const maxLineBytes = 32 * 1024 * 1024;

/** Throws an {@link ApiConnectionError} for a line that is no JSON, or is endless. An unfinished last line is left out. */
export async function* jsonLines(stream: Readable): AsyncGenerator<unknown, void> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString();
      parts = [];
      length = 0;
      start = end + 1;
      if (line.trim() !== '') yield parse(line);
    }
    const rest = chunk.subarray(start);
    parts.push(rest);
    length += rest.length;
    if (length > maxLineBytes) throw new ApiConnectionError('the API server sent a watch event that is too large');
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ApiConnectionError('the API server sent a watch event that is no JSON', { cause: error });
  }
}
