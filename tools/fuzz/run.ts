/** Sends changed reviews to a server and holds every answer against the oracle. */
import type { Injector } from '../../src/injection/index.ts';
import { Connection, requestBytes, targetOf, type Answer } from '../bench/connection.ts';
import { answerOf } from './core.ts';
import type { Findings } from './findings.ts';
import type { Input, Inputs } from './inputs.ts';
import { checkAgainstCore, checkAnswer, isRefusal } from './oracle.ts';
import type { FuzzedServer } from './server.ts';

export interface FuzzOptions {
  /** Number of the first input. */
  readonly first: number;
  /** How many are sent at most. */
  readonly inputs: number;
  /** How long they are sent at most. */
  readonly seconds: number;
  readonly connections: number;
  /** One input in so many is also answered by the core in this process, which takes as long as the server does. */
  readonly compareEvery: number;
  readonly findings: Findings;
  /** Requests whose answers are known. */
  readonly canonical: readonly Input[];
  /** Called now and then with the number sent. */
  readonly onProgress?: (sent: number) => void;
}

/** What was tried. */
export interface FuzzCounts {
  bytes: number;
  structure: number;
  /** Of these, also answered by the core in this process. */
  compared: number;
  canonical: number;
  twice: number;
  refused: number;
  /** Answers by what they said. */
  patched: number;
  allowed: number;
  denied: number;
  slowestMs: number;
}

/** Each so many inputs of a connection, a canonical request and the last input once more. */
const canonicalEvery = 200;
const twiceEvery = 50;

/** Longest time to an answer, in ms: the longest timeout of a webhook call. */
const longestLatency = 30_000;

/** Most memory of the server, in MB: twice what it takes under load, for its workers and what is being freed. */
export const mostMemoryMb = 500;

export async function fuzz(
  server: FuzzedServer,
  injector: Injector,
  source: Inputs,
  options: FuzzOptions,
): Promise<FuzzCounts> {
  const { findings, canonical } = options;
  const counts: FuzzCounts = {
    bytes: 0,
    structure: 0,
    compared: 0,
    canonical: 0,
    twice: 0,
    refused: 0,
    patched: 0,
    allowed: 0,
    denied: 0,
    slowestMs: 0,
  };
  const known = canonical.map((input) => ({ input, expected: answerOf(injector, input) }));
  const end = performance.now() + options.seconds * 1000;
  const target = targetOf(server.https);
  let next = 0;
  const mayGoOn = (): boolean =>
    next < options.inputs && performance.now() < end && !server.hasEnded() && findings.count < 100;

  async function send(connection: Connection, { target: path, body }: Input): Promise<Answer> {
    const begin = performance.now();
    const answer = await connection.send(requestBytes(path, body));
    const latency = performance.now() - begin;
    counts.slowestMs = Math.max(counts.slowestMs, latency);
    if (latency > longestLatency) findings.add(`answered after ${Math.round(latency)} ms`, { target: path, body });
    return answer;
  }

  /** Sends an input and judges its answer. */
  async function tryInput(connection: Connection, input: Input): Promise<Answer> {
    const answering = send(connection, input);
    // Computed while the server does the same.
    const expected = next % options.compareEvery === 0 ? answerOf(injector, input) : undefined;
    const answer = await answering;
    count(counts, input, answer);
    if (isRefusal(answer)) return answer;
    counts.compared += expected === undefined ? 0 : 1;
    const problem = (expected && checkAgainstCore(answer, expected)) ?? checkAnswer(input, answer);
    if (problem !== undefined) findings.add(problem, input);
    return answer;
  }

  async function tryKnown(connection: Connection, index: number): Promise<void> {
    const one = known[index % known.length];
    if (one === undefined) return;
    const answer = await send(connection, one.input);
    counts.canonical += 1;
    if (!answer.body.equals(one.expected)) findings.add('a canonical request got another answer', one.input);
  }

  async function serveConnection(): Promise<void> {
    let connection: Connection | undefined;
    for (let done = 0; mayGoOn(); done += 1) {
      const input = source.at(options.first + next++);
      try {
        if (connection?.isOpen !== true) connection = await Connection.open(target, { keepBodies: true });
        const answer = await tryInput(connection, input);
        if (done % twiceEvery === 0 && connection.isOpen && !isRefusal(answer)) {
          counts.twice += 1;
          const again = await send(connection, input);
          if (!again.body.equals(answer.body)) findings.add('another answer the second time', input);
        }
        if (done % canonicalEvery === 0 && connection.isOpen) await tryKnown(connection, done / canonicalEvery);
      } catch (error) {
        connection?.close();
        findings.add(`no answer: ${String(error)}`, input);
      }
      if (next % 1000 === 0) options.onProgress?.(next);
    }
    connection?.close();
  }

  await Promise.all(Array.from({ length: options.connections }, serveConnection));
  if (server.hasEnded()) findings.add('the server ended');
  for (const complaint of server.complaints) findings.add(`in the log: ${complaint}`);
  if (server.peakMb() > mostMemoryMb) findings.add(`the server took ${Math.round(server.peakMb())} MB`);
  return counts;
}

function count(counts: FuzzCounts, { kind }: Input, answer: Answer): void {
  counts[kind] += 1;
  if (isRefusal(answer)) counts.refused += 1;
  else if (answer.body.includes('"patch":')) counts.patched += 1;
  else if (answer.body.includes('"allowed":true')) counts.allowed += 1;
  else counts.denied += 1;
}
