import { measured } from './measure.ts';
import { countFailure, summarise, type Measurement } from './measurement.ts';
import { OpenLoop, type Outcome } from './open-loop.ts';
import type { Pattern, Task } from './task.ts';
import { RequestStream } from './stream.ts';

/** An answer that takes longer, in ms, shows that the server has not recovered. */
const slow = 250;

/** The answers of a server at rest, by the number of the request; an answer under load must be the same. */
export async function quietAnswers(
  url: string,
  stream: RequestStream,
  count: number,
): Promise<ReadonlyMap<number, Buffer>> {
  const answers = new Map<number, Buffer>();
  const loop = new OpenLoop(url, stream, { connections: 1, keepBodies: true }, ({ index, body }) => {
    answers.set(index, body);
  });
  for (let sent = 0; sent < count; sent += 1) loop.add(performance.now());
  await loop.settle();
  loop.close();
  return answers;
}

/** Asks for more than the server can do, stops at once, and looks how long normal requests suffer from it. */
export async function runOverload(
  task: Task,
  { perSecond, normalPerSecond, connections }: Extract<Pattern, { kind: 'overload' }>,
): Promise<Measurement> {
  const { url, requests, seconds, pid } = task;
  const expected = await quietAnswers(url, new RequestStream(requests), requests.length);
  const fates = { answered: 0, refused: 0, broken: 0, late: 0, unsent: 0 };
  const latenciesMs: number[] = [];
  const refusalsMs: number[] = [];
  const failures: Record<string, number> = {};
  let wrong = 0;
  let stopped = false;
  const watch = ({ fate, latencyMs, index, reason, body }: Outcome): void => {
    // What is cut at the end is not counted: nobody waits for its answer any more.
    if (stopped) return;
    fates[fate] += 1;
    if (fate === 'refused') refusalsMs.push(latencyMs);
    if (fate === 'broken' || fate === 'late') countFailure(failures, reason);
    if (fate !== 'answered') return;
    latenciesMs.push(latencyMs);
    if (expected.get(index)?.equals(body) !== true) wrong += 1;
  };
  const loop = new OpenLoop(url, new RequestStream(requests), { connections, keepBodies: true, queue: false }, watch);
  const measurement = await measured(pid, async () => {
    await loop.pace(perSecond, seconds);
    stopped = true;
    return { latenciesMs, failures };
  });
  const unanswered = loop.unfinished;
  loop.close();
  const recoveryMs = await recovery(task, normalPerSecond, performance.now());
  const refusedShare = fates.refused / Math.max(1, fates.answered + fates.refused + fates.broken + fates.late);
  const refusedP99Ms = summarise(refusalsMs).p99ms;
  const details = { offeredPerSecond: perSecond, ...fates, refusedShare, refusedP99Ms, unanswered, wrong, recoveryMs };
  return { ...measurement, details };
}

/** Time from the end of the overload to the end of the last request that was not answered as in quiet times. */
async function recovery({ url, requests }: Task, perSecond: number, end: number): Promise<number> {
  let bad = end;
  const loop = new OpenLoop(url, new RequestStream(requests), { connections: 64 }, ({ fate, due, latencyMs }) => {
    if (fate !== 'answered' || latencyMs > slow) bad = Math.max(bad, due + latencyMs);
  });
  await loop.pace(perSecond, 3);
  await loop.settle();
  loop.close();
  return bad - end;
}
