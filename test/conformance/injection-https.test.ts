/** The injection corpus over real TLS: a server per environment with the flags that `serve` gets, every case a request. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { listen, type Listener } from '../../src/server/listen.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { createWebhookApp } from '../../src/server/webhook-app.ts';
import { injectorFor } from '../../src/injection/index.ts';
import { compileTexts, readConfigurationTexts } from '../../src/server/configuration-files.ts';
import { testCertificate } from '../server/support/certificate.ts';
import { callHttps, keepAliveAgent, type Answer as HttpAnswer, type Call } from '../server/support/client.ts';
import { recorder } from '../server/support/fixtures.ts';
import {
  caseGroups,
  clusterObjectsOf,
  expectAnswer,
  injectionCorpus,
  readCases,
  readEnvironment,
  type Answer,
  type HttpCase,
  type InjectionCase,
} from '../support/injection-corpus.ts';
import { describeShared, shared } from '../support/shared.ts';

/** The flags of an environment of the corpus; its objects are written to a file. */
function flagsOf(name: string) {
  const environment = readEnvironment(name);
  const { revision, clusterID } = environment.settings;
  const file = (base: string): string => shared(`${injectionCorpus}/environments/${name}/${base}`);
  const objects = join(mkdtempSync(join(tmpdir(), 'outrigger-test-')), 'objects.json');
  writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterObjectsOf(environment) }));
  return {
    flags: {
      injectConfig: file('config.yaml'),
      injectValues: file('values.json'),
      meshConfig: file('mesh.yaml'),
      objects: [objects],
      revision,
      clusterId: clusterID,
    },
    variables: environment.settings.features,
  };
}

async function startIn(name: string): Promise<RunningServer> {
  const { flags, variables } = flagsOf(name);
  const { folder } = await testCertificate();
  const tls = { tlsCertFile: join(folder, 'tls.crt'), tlsPrivateKeyFile: join(folder, 'tls.key') };
  const ports = { address: '127.0.0.1', port: 0, monitoringPort: 0 };
  return startServer({ ...flags, ...tls, ...ports }, variables, await createLogger(recorder()));
}

const json = { 'content-type': 'application/json' };

describeShared('injection over HTTPS', injectionCorpus, () => {
  const cases = caseGroups()
    .filter((group) => group !== 'http')
    .flatMap((group) => readCases(group));
  const environments = [...new Set(cases.map(({ environment }) => environment))];

  describe.each(environments)('in the environment %s', (name) => {
    const environmentCases: InjectionCase[] = cases.filter(({ environment }) => environment === name);
    let server: RunningServer;
    let agent: Agent;
    beforeAll(async () => {
      server = await startIn(name);
      agent = keepAliveAgent();
    });
    afterAll(async () => {
      agent.destroy();
      await server.stop();
    });

    it.each(environmentCases.map((item) => [item.id, item] as const))(
      '%s',
      async (_id, { path, review, expect: expected }) => {
        const answer = await callHttps(server.https, { path, headers: json, body: JSON.stringify(review) }, { agent });
        expect(answer.status).toBe(200);
        expectAnswer(JSON.parse(answer.body) as Answer, review.request.object, expected);
      },
    );
  });
});

/** An HTTP-level case as it is sent. */
function callOf({ http }: HttpCase): Call {
  const { method, path, headers, body, bodyRepeat } = http;
  return {
    method,
    path,
    headers,
    body: bodyRepeat === undefined ? (body ?? '') : bodyRepeat.text.repeat(bodyRepeat.times),
  };
}

describeShared('HTTP-level cases over HTTPS', injectionCorpus, () => {
  const cases = readCases<HttpCase & { expect: { bodyContains?: string[]; contentType?: string; location?: string } }>(
    'http',
  );
  let listener: Listener;

  // As the corpus was made: a server with the injector alone.
  beforeAll(async () => {
    const { flags, variables } = flagsOf('minimal-template');
    const injector = injectorFor(compileTexts(readConfigurationTexts(flags), flags, variables));
    const app = createWebhookApp({
      certificate: await testCertificate(),
      tlsPolicy: { minVersion: 'TLSv1.2' },
      inject: { answer: ({ body, path }) => injector.answer(body.toString(), path).text, refused: () => undefined },
      isReady: () => true,
    });
    listener = await listen(app, '127.0.0.1', 0, { scheme: 'https', what: 'the webhooks', flag: '--port' });
  });
  afterAll(() => listener.drain(100));

  it.each(cases.map((item) => [item.id, item] as const))('%s', async (_id, item) => {
    const { expect: expected } = item;
    const answer: HttpAnswer = await callHttps(listener.url, callOf(item));
    if (expected.connectionClosed === true) {
      // Istio crashes here; anything but a permission is right.
      expect(answer.status === 200 ? (JSON.parse(answer.body) as Answer).response.allowed : false).toBe(false);
      return;
    }
    expect(answer.status).toBe(expected.status);
    expect(answer.headers.location).toBe(expected.location);
    for (const part of expected.bodyContains ?? []) expect(answer.body).toContain(part);
    if (expected.review === undefined) {
      const contentType = answer.status === 200 ? 'application/json' : expected.contentType;
      expect(answer.headers['content-type'] ?? '').toBe(contentType);
      return;
    }
    const { review } = expected;
    const body = JSON.parse(answer.body) as Answer & { apiVersion?: string; kind?: string };
    expect([body.apiVersion ?? '', body.kind ?? '', body.response.uid]).toEqual([
      review.apiVersion,
      review.kind,
      review.uid,
    ]);
    const object =
      review.pod === undefined
        ? undefined
        : (JSON.parse(item.http.body ?? '') as { request: { object: unknown } }).request.object;
    expectAnswer(body, object, review);
  });
});

describeShared('reviews of a real API server over HTTPS', 'fixtures/admissionreviews', () => {
  const files = readdirSync(shared('fixtures/admissionreviews')).filter((name) => name.endsWith('.json'));
  let server: RunningServer;
  beforeAll(async () => {
    server = await startIn('default');
  });
  afterAll(() => server.stop());

  it.each(files)('%s', async (file) => {
    const [, webhook = ''] = file.split('-');
    const body = readFileSync(shared(`fixtures/admissionreviews/${file}`), 'utf8');
    const { request } = JSON.parse(body) as {
      request: { uid: string; object: { metadata: { labels?: Record<string, string> } } };
    };
    const answer = await callHttps(server.https, { path: `/${webhook}?timeout=10s`, headers: json, body });
    const { response } = JSON.parse(answer.body) as Answer;
    expect(response).toMatchObject({ uid: request.uid, allowed: true });
    const refuses = request.object.metadata.labels?.['sidecar.istio.io/inject'] === 'false';
    expect(response.patchType).toBe(webhook === 'inject' && !refuses ? 'JSONPatch' : undefined);
  });
});
