import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { callHttps } from './support/client.ts';
import { configurationFolder, podReview, recorder, serverOptions } from './support/fixtures.ts';

const json = { 'content-type': 'application/json' };
const filler = 'ü'.repeat(100_000);
/** Asks for so many templates that a worker has to do for half a second or more. */
const expensive = podReview({ annotations: { 'inject.istio.io/templates': 'sidecar,'.repeat(15_000) + 'sidecar' } });

const log = recorder();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(await serverOptions(configurationFolder()), {}, await createLogger(log));
});
afterAll(() => server.stop());

const inject = (body: string, query = '') => callHttps(server.https, { path: `/inject${query}`, headers: json, body });

interface Review {
  readonly response: { readonly allowed: boolean; readonly patch?: string; readonly status?: { message: string } };
}
const read = (body: string) => (JSON.parse(body) as Review).response;

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${server.monitoring}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length) ?? 0,
  );
}

describe('a server', () => {
  it('answers a long pod as a short one, in patch, log and metrics', async () => {
    const short = read((await inject(podReview())).body);
    const before = await metric('sidecar_injection_success_total');
    const { status, body } = await inject(podReview({}, { filler }));
    expect({ status, ...read(body) }).toEqual({ status: 200, ...short });
    expect(await metric('sidecar_injection_success_total')).toBe(before + 1);
    expect(await metric('outrigger_isolation_requests_total{outcome="answered"}')).toBe(1);
    const [first, second] = log.lines().filter(({ msg }) => msg === 'Process sidecar injection request');
    expect({ ...second, time: 0, ms: 0 }).toEqual({ ...first, time: 0, ms: 0 });
  });

  it('sends long answers whole', async () => {
    // The name of a template that is not known is quoted in the denial.
    const name = `x-${'y'.repeat(300_000)}`;
    const { headers, body } = await inject(podReview({ annotations: { 'inject.istio.io/templates': name } }));
    expect(read(body).status?.message).toContain(name);
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(body));
  });

  it('tells a client that does not wait long enough, and counts no answer', async () => {
    await inject(podReview({}, { filler }));
    const { status, body } = await inject(expensive, '?timeout=200ms');
    expect({ status, body }).toEqual({ status: 504, body: 'the time that the client waits has passed\n' });
    expect(await metric('outrigger_isolation_requests_total{outcome="overdue"}')).toBe(1);
    expect(await metric('outrigger_requests_refused_total{reason="deadline"}')).toBe(1);
  });

  it('answers others while it works on an expensive pod, and finishes it before it stops', async () => {
    let isDone = false;
    const long = inject(expensive).finally(() => (isDone = true));
    for (let index = 0; index < 3; index += 1) expect((await inject(podReview())).status).toBe(200);
    expect(isDone).toBe(false);
    const stopped = server.stop();
    expect(read((await long).body).allowed).toBe(true);
    await stopped;
  });
});
