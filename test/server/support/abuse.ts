import { Agent } from 'node:https';
import { expect } from 'vitest';
import { callHttps, type Answer, type Call } from './client.ts';
import { podReview } from './fixtures.ts';

const json = { 'content-type': 'application/json' };

/** Longest that a small request may take beside an abusive one, in ms: far above the bound on the event loop, for slow test machines. */
const longestWait = 15_000;

export interface ReviewBody {
  readonly response: {
    readonly allowed: boolean;
    readonly patch?: string;
    readonly status?: { readonly message: string };
  };
}

export const responseOf = (answer: Answer): ReviewBody['response'] => (JSON.parse(answer.body) as ReviewBody).response;
export const patchOf = (answer: Answer): string => Buffer.from(responseOf(answer).patch ?? '', 'base64').toString();

/** Sends a request, and small ones beside it until it is answered: those must be injected, and soon. */
export async function sendWhileOthersAreServed(url: string, call: Call): Promise<{ answer: Answer; others: number }> {
  const agent = new Agent({ keepAlive: true });
  let isAnswered = false;
  const asked = callHttps(url, { headers: json, ...call }).finally(() => (isAnswered = true));
  let others = 0;
  let longest = 0;
  do {
    const begun = performance.now();
    const small = await callHttps(url, { headers: json, body: podReview() }, { agent });
    longest = Math.max(longest, performance.now() - begun);
    others += 1;
    expect(responseOf(small).patch).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } while (!isAnswered);
  agent.destroy();
  expect(longest).toBeLessThan(longestWait);
  return { answer: await asked, others };
}
