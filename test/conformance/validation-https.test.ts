/** The HTTP corpus of the validating webhook over real TLS: paths, methods, limits, content types and reviews. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { callHttps } from '../server/support/client.ts';
import { configurationFolder, recorder, serverOptions } from '../server/support/fixtures.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

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
    readonly bodyContains?: readonly string[];
    readonly response?: { readonly response: { readonly uid: string; readonly allowed: boolean } };
  };
}

const file = 'conformance/validation/http.jsonl';

function bodyOf({ body, bodyBase64, bodyRepeat }: HttpCase['http']): string | Buffer {
  if (bodyRepeat !== undefined) return bodyRepeat.char.repeat(bodyRepeat.count);
  return body ?? Buffer.from(bodyBase64 ?? '', 'base64');
}

describeShared('/validate over HTTPS', file, () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(await serverOptions(configurationFolder()), {}, await createLogger(recorder()));
  });
  afterAll(() => server.stop());

  it.each(sharedLines<HttpCase>(file).map((item) => [item.id, item] as const))(
    '%s',
    async (_id, { http, expect: expected }) => {
      const { method, path, headers } = http;
      const answer = await callHttps(server.https, { method, path, headers, body: bodyOf(http) });
      if (expected.connectionClosed === true) {
        // Istio crashes here; anything but a permission is right.
        expect(answer.body).not.toContain('"allowed":true');
        return;
      }
      expect(answer.status).toBe(expected.status);
      expect(answer.headers.location).toBe(expected.location);
      for (const part of expected.bodyContains ?? []) expect(answer.body).toContain(part);
      if (expected.response === undefined) return;
      const { uid, allowed } = expected.response.response;
      expect((JSON.parse(answer.body) as HttpCase['expect']['response'])?.response).toMatchObject({ uid, allowed });
    },
  );
});
