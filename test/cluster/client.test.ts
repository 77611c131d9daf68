import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApiClient,
  ApiConnectionError,
  ApiError,
  isConflict,
  isExpired,
  isNotFound,
} from '../../src/cluster/client.ts';
import type { KubernetesObject, WatchEvent } from '../../src/cluster/client.ts';
import { ScriptedApiServer, until } from './support/scripted-api-server.ts';

const things = { group: 'example.com', version: 'v1', resource: 'things', namespace: 'n' };
const path = '/apis/example.com/v1/namespaces/n/things';
const watchForever = { timeoutSeconds: 60, idleTimeout: 30_000 };

let server: ScriptedApiServer;
let client: ApiClient;
beforeEach(async () => {
  server = await ScriptedApiServer.start();
  client = new ApiClient(server.credentials);
});
afterEach(async () => {
  client.close();
  await server.stop();
});

function status(code: number, reason: string, rest: object = {}) {
  return { status: code, body: { kind: 'Status', code, reason, message: `because ${reason}`, ...rest } };
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}

describe('a call', () => {
  it('goes to the path of its resource, with the credentials', async () => {
    server.override = ({ path: asked }) => ({ status: 200, body: { metadata: { name: asked } } });
    expect((await client.get(things, 'a/b')).metadata.name).toBe(`${path}/a%2Fb`);
    expect(server.lastHeaders.authorization).toBe('Bearer test');
    expect((await client.get({ group: '', version: 'v1', resource: 'nodes' }, 'x')).metadata.name).toBe(
      '/api/v1/nodes/x',
    );
  });

  it('asks for a dry run, a field manager and force in the query', async () => {
    server.override = () => ({ status: 200, body: { metadata: { name: 'a' } } });
    const object = { metadata: { name: 'a' } };
    await client.apply(things, object, { fieldManager: 'me', force: true, dryRun: true });
    expect(server.requests.at(-1)).toBe(`${path}/a?dryRun=All&fieldManager=me&force=true`);
    expect(server.lastHeaders['content-type']).toBe('application/apply-patch+yaml');
    await client.create(things, object, { fieldManager: 'me' });
    expect(server.requests.at(-1)).toBe(`${path}?fieldManager=me`);
    await client.update(things, object);
    expect(server.requests.at(-1)).toBe(`${path}/a`);
    await client.delete(things, 'a');
    expect(server.requests.at(-1)).toBe(`${path}/a`);
  });

  it.each([
    [404, 'NotFound', isNotFound],
    [409, 'Conflict', isConflict],
    [410, 'Expired', isExpired],
  ])('rejects with status %i and reason %s', async (code, reason, is) => {
    server.override = () => status(code, reason, { details: { retryAfterSeconds: 3 } });
    const error = await failure(client.get(things, 'a'));
    expect(error).toMatchObject({ name: 'ApiError', status: code, reason, message: `because ${reason}` });
    expect(error).toMatchObject({ retryAfterSeconds: 3 });
    expect(is(error)).toBe(true);
  });

  it('names the status when the answer is a page of a proxy', async () => {
    server.override = () => ({ status: 502, body: '<html>', headers: { 'retry-after': '7' } });
    const error = await failure(client.get(things, 'a'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 502, message: 'the API server answered with status 502' });
    expect(error).toMatchObject({ retryAfterSeconds: 7 });
  });

  it('rejects an answer that is no JSON', async () => {
    server.override = () => ({ status: 200, body: 'hello' });
    expect(await failure(client.get(things, 'a'))).toBeInstanceOf(ApiConnectionError);
  });

  it.each([[{}], [{ metadata: {}, items: {} }], [{ metadata: {}, items: [{}] }], [null], [[]]])(
    'rejects a list of another form: %j',
    async (body) => {
      server.override = () => ({ status: 200, body });
      expect(await failure(client.list(things))).toBeInstanceOf(ApiConnectionError);
    },
  );

  it('ends when its time is over', async () => {
    server.override = () => 'hang';
    const error = await failure(client.get(things, 'a', { timeout: 100 }));
    expect(error).toBeInstanceOf(ApiConnectionError);
    expect(String(error)).toMatch(/did not answer \(0\.1 s\)/);
  });

  it('ends when the caller says so', async () => {
    server.override = () => 'hang';
    const controller = new AbortController();
    const call = failure(client.get(things, 'a', { signal: controller.signal }));
    await until('the request has come', () => server.requests.length === 1);
    controller.abort(new Error('enough'));
    expect(await call).toMatchObject({ message: 'enough' });
  });

  it('says where nobody listens', async () => {
    await server.stop();
    const error = await failure(client.get(things, 'a'));
    expect(String(error)).toMatch(/cannot reach the API server https:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    await server.listen();
  });

  it('refuses a server whose certificate it does not trust', async () => {
    const stranger = new ApiClient({
      server: server.credentials.server,
      forRequest: () => Promise.resolve({}),
    });
    expect(String(await failure(stranger.get(things, 'a')))).toMatch(/certificate/);
    stranger.close();
  });

  it('reads again over a new connection when a kept one was closed', async () => {
    server.put(path, { metadata: { name: 'a', namespace: 'n' } });
    await client.list(things);
    server.cutConnections();
    expect((await client.list(things)).items).toHaveLength(1);
  });
});

describe('a list', () => {
  it('gives pages', async () => {
    for (const name of ['a', 'b', 'c']) server.put(path, { metadata: { name, namespace: 'n' } });
    const first = await client.list<KubernetesObject>(things, { limit: 2 });
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    const second = await client.list<KubernetesObject>(things, { limit: 2, continue: first.metadata.continue });
    expect(second.items.map(({ metadata }) => metadata.name)).toEqual(['c']);
    expect(second.metadata.continue).toBeUndefined();
  });

  it('asks for metadata alone', async () => {
    await client.list(things, { metadataOnly: true });
    expect(server.lastHeaders.accept).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
  });
});

describe('a watch', () => {
  it('gives events, and ends when the server ends it', async () => {
    const { metadata } = await client.list(things);
    const seen: string[] = [];
    const watch = (async () => {
      const options = { ...watchForever, resourceVersion: metadata.resourceVersion };
      for await (const { type, object } of client.watch(things, options)) seen.push(`${type} ${object.metadata.name}`);
    })();
    await until('it watches', () => server.watches === 1);
    expect(server.requests.at(-1)).toBe(
      `${path}?watch=true&allowWatchBookmarks=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=60`,
    );
    server.put(path, { metadata: { name: 'a', namespace: 'n' } });
    server.put(path, { metadata: { name: 'ä€😀', namespace: 'n' } });
    server.remove(path, 'a', 'n');
    server.bookmark(path);
    await until('all has come', () => seen.length === 4);
    server.endWatches();
    await watch;
    expect(seen).toEqual(['ADDED a', 'ADDED ä€😀', 'DELETED a', 'BOOKMARK undefined']);
  });

  it('gives an event that comes in small pieces', async () => {
    const watch = client.watch(things, watchForever);
    const first = watch.next();
    await until('it watches', () => server.watches === 1);
    for (const byte of `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'a' } } })}\n`) {
      server.send(path, byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await first).value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await watch.return();
    await until('it is closed', () => server.requests.length === 1);
  });

  const firstEvent = async (options: Partial<typeof watchForever> = {}): Promise<unknown> =>
    failure(client.watch(things, { ...watchForever, ...options }).next());

  it.each(['nonsense\n', '{"type":"STRANGE","object":{"metadata":{}}}\n', '{"type":"ADDED"}\n', 'null\n'])(
    'throws for the line %j',
    async (text) => {
      const error = firstEvent();
      await until('it watches', () => server.watches === 1);
      server.send(path, text);
      expect(await error).toBeInstanceOf(ApiConnectionError);
    },
  );

  it('throws when the version is too old', async () => {
    server.forget();
    const error = await failure(client.watch(things, { ...watchForever, resourceVersion: '1' }).next());
    expect(isExpired(error)).toBe(true);
  });

  it('throws when it is refused', async () => {
    server.override = () => status(403, 'Forbidden');
    expect(await firstEvent()).toMatchObject({ status: 403, reason: 'Forbidden' });
  });

  it('throws when its connection is cut', async () => {
    const error = firstEvent();
    await until('it watches', () => server.watches === 1);
    server.cutConnections();
    expect(await error).toBeInstanceOf(ApiConnectionError);
  });

  it('ends when nothing is heard for too long, and not before', async () => {
    const events: WatchEvent<KubernetesObject>[] = [];
    const start = performance.now();
    const watch = (async () => {
      for await (const event of client.watch(things, { ...watchForever, idleTimeout: 3_000 })) events.push(event);
    })();
    await until('it watches', () => server.watches === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    server.bookmark(path);
    await watch;
    expect(events).toHaveLength(1);
    expect(performance.now() - start).toBeGreaterThan(3_900);
    await until('it is closed', () => server.openWatches === 0);
  });
});
