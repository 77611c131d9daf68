import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReceivedBody } from '../../src/server/intake/received-body.ts';
import { maxBodyBytes } from '../../src/server/limits.ts';

/** Bytes with memory of their own, as HTTP/1.1 gives them. */
const own = (length: number, fill: number): Buffer => Buffer.alloc(length, fill);

/** Bytes in memory that others use too, as HTTP/2 gives them. */
const shared = (length: number, fill: number): Buffer => Buffer.alloc(length + 8, fill).subarray(4, length + 4);

function receive(chunks: readonly Buffer[], announced: string | undefined): ReceivedBody {
  const received = new ReceivedBody(announced);
  for (const chunk of chunks) received.add(chunk);
  return received;
}

describe('ReceivedBody', () => {
  it('gives the bytes that came, however they came and whatever was announced', () => {
    const chunk = fc.record({ length: fc.nat(70_000), fill: fc.nat(255), isOwn: fc.boolean() });
    const fault = fc.constantFrom(0, 0, 0, -1, 1, -60_000, 60_000);
    const property = fc.property(fc.array(chunk, { maxLength: 12 }), fault, (parts, error) => {
      const expected = Buffer.concat(parts.map(({ length, fill }) => own(length, fill)));
      const chunks = parts.map(({ length, fill, isOwn }) => (isOwn ? own : shared)(length, fill));
      const received = receive(chunks, String(expected.length + error));
      expect(received.length).toBe(expected.length);
      expect(received.take().equals(expected)).toBe(true);
    });
    fc.assert(property, { seed: 20, numRuns: 200 });
  });

  it.each([undefined, '', 'many', '-1', '1e400', String(maxBodyBytes + 1)])(
    'gives them when %s is announced',
    (announced) => {
      const chunks = [own(100_000, 1), own(100_000, 2)];
      const expected = Buffer.concat(chunks);
      expect(receive(chunks, announced).take().equals(expected)).toBe(true);
    },
  );

  it('takes a long body in memory of its own, which can be handed to another thread', () => {
    const { buffer, byteOffset, byteLength } = receive([own(65_536, 1), own(65_536, 2)], '131072').take();
    expect([byteOffset, byteLength, buffer.byteLength]).toEqual([0, 131_072, 131_072]);
  });

  it('takes no memory for what is only announced', () => {
    const before = process.memoryUsage().arrayBuffers;
    const bodies = Array.from({ length: 50 }, () => receive([own(1000, 1)], String(maxBodyBytes)));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(maxBodyBytes);
    expect(bodies).toHaveLength(50);
  });

  it('frees the reads of a long body at once', () => {
    const chunks = Array.from({ length: 64 }, () => own(16_384, 1));
    const last = shared(16_384, 7);
    receive([...chunks, last], String(65 * 16_384));
    expect(chunks.map(({ length }) => length)).toEqual(chunks.map(() => 0));
    expect(last.equals(shared(16_384, 7))).toBe(true);
  });

  it('gives nothing any longer after it was dropped', () => {
    const received = receive([own(65_536, 1), own(65_536, 2)], '131072');
    received.drop();
    expect(received.take()).toHaveLength(0);
  });
});
