/** The admission corpus of the validating webhook over real TLS. */
import type { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { createInjector } from '../../src/injection/index.ts';
import { Isolation } from '../../src/server/isolation/isolation.ts';
import { createLogger } from '../../src/server/logger.ts';
import { listen, type Listener } from '../../src/server/listen.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createValidateWebhook } from '../../src/server/validate-webhook.ts';
import { createWebhookApp } from '../../src/server/webhook-app.ts';
import { testCertificate } from '../server/support/certificate.ts';
import { callHttps, keepAliveAgent } from '../server/support/client.ts';
import { recorder } from '../server/support/fixtures.ts';
import { describeShared } from '../support/shared.ts';
import {
  caseFiles,
  expectMessage,
  expectWarnings,
  readCases,
  reviewOf,
  validationCorpus,
} from '../support/validation-corpus.ts';

interface Review {
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly warnings?: readonly string[];
    readonly status?: { readonly message: string };
  };
}

/** Answers in this thread or another, as the server does; validation does not look at the injector. */
const isolation = new Isolation({
  snapshot: () => ({ injector: createInjector({ config: 'policy: enabled', values: '{}' }) }),
  registry: new Registry(),
  log: { warn: () => undefined },
});

/** A server with the validating webhook alone. */
async function startValidator(): Promise<Listener> {
  const app = createWebhookApp({
    certificate: await testCertificate(),
    tlsPolicy: { minVersion: 'TLSv1.2' },
    validate: createValidateWebhook(isolation.process, createMetrics(), await createLogger(recorder())),
    isReady: () => true,
  });
  return listen(app, '127.0.0.1', 0, { scheme: 'https', what: 'the webhooks', flag: '--port' });
}

describeShared('validation over HTTPS', validationCorpus, () => {
  let listener: Listener;
  let agent: Agent;
  beforeAll(async () => {
    listener = await startValidator();
    agent = keepAliveAgent();
  });
  afterAll(async () => {
    agent.destroy();
    await listener.drain(100);
  });

  describe.each(caseFiles)('%s.jsonl', (kind) => {
    it.each(readCases(kind).map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await callHttps(listener.url, { path: '/validate', headers, body: reviewOf(entry) }, { agent });
      expect(answer.status).toBe(200);
      const { response } = JSON.parse(answer.body) as Review;
      expect(response.uid).toBe('705ab4f5-6393-11e8-b7cc-42010a800002');
      expect(response.allowed).toBe(entry.expect.allowed);
      expectMessage(response.status?.message ?? '', entry.expect);
      expectWarnings(response.warnings ?? [], entry.expect);
    });
  });
});
