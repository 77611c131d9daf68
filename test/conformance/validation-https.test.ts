/** The corpora of the validating webhook over real TLS: every admission case, and the HTTP-level cases as they are. */
import type { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { listen, type Listener } from '../../src/server/listen.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createValidateWebhook } from '../../src/server/validate-webhook.ts';
import { createWebhookApp } from '../../src/server/webhook-app.ts';
import { testCertificate } from '../server/support/certificate.ts';
import { callHttps, keepAliveAgent, type Call } from '../server/support/client.ts';
import { recorder } from '../server/support/fixtures.ts';
import { describeShared, sharedLines } from '../support/shared.ts';
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

/** A server with the validating webhook alone. */
async function startValidator(): Promise<Listener> {
  const app = createWebhookApp({
    certificate: await testCertificate(),
    tlsPolicy: { minVersion: 'TLSv1.2' },
    validate: createValidateWebhook(createMetrics(), await createLogger(recorder())),
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

interface HttpCase {
  readonly id: string;
  readonly http: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly bodyBase64?: string;
    readonly bodyRepeat?: { readonly char: string; readonly count: number };
  };
  readonly expect: {
    readonly status: number;
    readonly connectionClosed?: boolean;
    readonly location?: string;
    readonly bodyContains: readonly string[];
    readonly response?: Review;
    readonly messageMatch?: 'prefix';
  };
}

function callOf({ http: { method, path, headers, body, bodyBase64, bodyRepeat } }: HttpCase): Call {
  const content = bodyRepeat?.char.repeat(bodyRepeat.count) ?? body ?? Buffer.from(bodyBase64 ?? '', 'base64');
  return { method, path, headers, body: content };
}

describeShared('HTTP-level validation cases over HTTPS', `${validationCorpus}/http.jsonl`, () => {
  const cases = sharedLines<HttpCase>(`${validationCorpus}/http.jsonl`);
  let listener: Listener;
  beforeAll(async () => {
    listener = await startValidator();
  });
  afterAll(() => listener.drain(100));

  it.each(cases.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
    const { expect: expected } = entry;
    const answer = await callHttps(listener.url, callOf(entry));
    if (expected.connectionClosed === true) {
      // Istio crashes here; anything but a permission is right.
      expect(answer.status === 200 ? (JSON.parse(answer.body) as Review).response.allowed : false).toBe(false);
      return;
    }
    expect(answer.status).toBe(expected.status);
    expect(answer.headers.location).toBe(expected.location);
    for (const part of expected.bodyContains) expect(answer.body).toContain(part);
    if (expected.response === undefined || expected.messageMatch === 'prefix') return;
    const { response, ...rest } = JSON.parse(answer.body) as Review;
    const { response: expectedResponse, ...expectedRest } = expected.response;
    expect(rest).toEqual(expectedRest);
    expect({ ...response, status: response.status?.message }).toEqual({
      ...expectedResponse,
      status: expectedResponse.status?.message,
    });
  });
});
