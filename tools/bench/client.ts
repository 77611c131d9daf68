/** The client process: reads a task per line from stdin, runs it, and writes what it measured as a line to stdout. */
import { createInterface } from 'node:readline';
import { http2Sender, keepAliveSender, newConnectionSender, type Sender } from './closed-loop.ts';
import { measured, type Result } from './measure.ts';
import { countFailure, type Measurement } from './measurement.ts';
import { OpenLoop, type Outcome } from './open-loop.ts';
import { runOverload } from './overload.ts';
import { RequestStream } from './stream.ts';
import type { Pattern, Task } from './task.ts';

async function runClosed(task: Task, sender: Sender): Promise<Measurement> {
  const until = (ms: number): (() => boolean) => {
    const end = performance.now() + ms;
    return () => performance.now() < end;
  };
  await sender.send(until(task.warmUpMs));
  const measurement = await measured(task.pid, () => sender.send(until(task.seconds * 1000)));
  sender.close();
  return measurement;
}

/** Collects outcomes of an open loop. */
function collector(): { readonly result: () => Result; readonly onEnd: (outcome: Outcome) => void } {
  let latenciesMs: number[] = [];
  let failures: Record<string, number> = {};
  return {
    onEnd: ({ fate, latencyMs, reason }) => {
      if (fate === 'answered') latenciesMs.push(latencyMs);
      else countFailure(failures, reason);
    },
    result: () => {
      const result = { latenciesMs, failures };
      latenciesMs = [];
      failures = {};
      return result;
    },
  };
}

async function runPaced(task: Task, pattern: Extract<Pattern, { kind: 'paced' }>): Promise<Measurement> {
  const { onEnd, result } = collector();
  const loop = new OpenLoop(task.url, new RequestStream(task.requests, task.start), pattern, onEnd);
  const others = task.beside && keepAliveSender(task.url, new RequestStream(task.beside), 1);
  let isOver = false;
  const sentBeside = others?.send(() => !isOver);
  await loop.pace(pattern.perSecond, task.warmUpMs / 1000);
  await loop.settle();
  result();
  const measurement = await measured(task.pid, async () => {
    await loop.pace(pattern.perSecond, task.seconds);
    await loop.settle();
    return result();
  });
  isOver = true;
  const beside = await sentBeside;
  loop.close();
  others?.close();
  if (beside === undefined) return measurement;
  const { latenciesMs, failures } = beside;
  const besideOnes = Object.fromEntries(
    Object.entries(failures).map(([reason, count]) => [`beside: ${reason}`, count]),
  );
  return {
    ...measurement,
    failures: { ...measurement.failures, ...besideOnes },
    details: { ...measurement.details, besideRequests: latenciesMs.length },
  };
}

async function runBurst(task: Task, pattern: Extract<Pattern, { kind: 'burst' }>): Promise<Measurement> {
  const { onEnd, result } = collector();
  const loop = new OpenLoop(task.url, new RequestStream(task.requests, task.start), pattern, onEnd);
  const measurement = await measured(task.pid, async () => {
    const begin = performance.now();
    for (let sent = 0; sent < pattern.requests; sent += 1) loop.add(begin);
    await loop.settle();
    return result();
  });
  loop.close();
  return measurement;
}

function run(task: Task): Promise<Measurement> {
  const { pattern, url } = task;
  const stream = new RequestStream(task.requests, task.start);
  switch (pattern.kind) {
    case 'closed':
      return runClosed(task, keepAliveSender(url, stream, pattern.connections));
    case 'new connections':
      return runClosed(task, newConnectionSender(url, stream, pattern.connections));
    case 'http2':
      return runClosed(task, http2Sender(url, stream, pattern.streams));
    case 'paced':
      return runPaced(task, pattern);
    case 'burst':
      return runBurst(task, pattern);
    case 'overload':
      return runOverload(task, pattern);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as Task))}\n`);
}
