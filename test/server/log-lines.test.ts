import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { callHttps } from './support/client.ts';
import { configurationFolder, podReview, recorder, serverOptions } from './support/fixtures.ts';

const log = recorder();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(await serverOptions(configurationFolder()), {}, await createLogger(log));
});
afterAll(() => server.stop());

const long = 'x'.repeat(20_000);

it.each([
  ['the name of a pod', '/inject', podReview({ name: long })],
  [
    'a thousand templates',
    '/inject',
    podReview({ annotations: { 'inject.istio.io/templates': 'sidecar,'.repeat(1000) } }),
  ],
  ['the uid of a request', '/inject', podReview().replace('uid-1', long)],
  ['the operation of a request', '/validate', podReview().replace('CREATE', long)],
  ['the name of a kind', '/validate', podReview().replace('"operation"', `"kind":{"kind":"${long}"},"operation"`)],
])('a log line stays short whatever %s is', async (_what, path, body) => {
  const before = log.text().length;
  const { status } = await callHttps(server.https, { path, headers: { 'content-type': 'application/json' }, body });
  expect(status).toBe(200);
  const line = log.text().slice(before);
  expect(line).toContain('"path"');
  expect(line.length).toBeLessThan(2500);
});
