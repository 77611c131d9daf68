import { describe, expect, it } from 'vitest';
import { RequestQueue } from '../../src/server/intake/request-queue.ts';

const limits = { maxWaitingRequests: 5000, maxWaitingTime: 3000 };

/** A queue of that many requests which have just come, none of them answered yet. */
function queueOf(count: number, before: (queue: RequestQueue) => void): RequestQueue {
  const queue = new RequestQueue(limits);
  before(queue);
  for (let index = 0; index < count; index += 1) add(queue, 0);
  return queue;
}

function add(queue: RequestQueue, cost: number): void {
  queue.add({
    deadline: Infinity,
    answer: () => {
      const end = performance.now() + cost;
      while (performance.now() < end);
    },
    drop: () => undefined,
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('requests that wait', () => {
  it('are not refused because of one long pause of the process', () => {
    // As many as an API server has in flight by default.
    const queue = queueOf(600, (one) => {
      add(one, 300);
    });
    expect(queue.length).toBe(600);
    expect(queue.whyFull(Infinity)).toBeUndefined();
  });

  it('are refused when answers take long again and again', async () => {
    const queue = new RequestQueue(limits);
    for (let count = 0; count < 40; count += 1) {
      add(queue, 11);
      await turn();
    }
    for (let index = 0; index < 600; index += 1) add(queue, 11);
    expect(queue.whyFull(Infinity)).toMatch(/too many requests are waiting: \d+, for some \d+ ms/);
  });
});
