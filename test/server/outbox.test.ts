import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/server/intake/outbox.ts';

const networkLookedAt = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function pass(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('answers on their way out', () => {
  it('leave together, in order, when the network has been looked at', async () => {
    // So that a pause of the machine is no wait.
    const outbox = new Outbox(60_000);
    const written: string[] = [];
    for (const answer of ['a', 'b', 'c']) outbox.add(() => written.push(answer));
    expect(written).toEqual([]);
    await networkLookedAt();
    expect(written).toEqual(['a', 'b', 'c']);
    outbox.add(() => written.push('d'));
    await networkLookedAt();
    expect(written).toEqual(['a', 'b', 'c', 'd']);
  });

  it('do not wait for long', async () => {
    const outbox = new Outbox();
    const written: string[] = [];
    outbox.add(() => written.push('a'));
    pass(10);
    outbox.add(() => written.push('b'));
    expect(written).toEqual(['a', 'b']);
    outbox.add(() => written.push('c'));
    await networkLookedAt();
    expect(written).toEqual(['a', 'b', 'c']);
  });

  it('may be added while others are written', async () => {
    const outbox = new Outbox();
    const written: string[] = [];
    outbox.add(() => {
      outbox.add(() => written.push('b'));
      written.push('a');
    });
    await networkLookedAt();
    await networkLookedAt();
    expect(written).toEqual(['a', 'b']);
  });
});
