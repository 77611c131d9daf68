import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../src/cluster/client.ts';
import { Reflector, type ReflectorOptions } from '../../src/cluster/reflector.ts';
import { ScriptedApiServer, until } from './support/scripted-api-server.ts';

const things = { group: 'example.com', version: 'v1', resource: 'things' };
const path = '/apis/example.com/v1/things';
const times = { firstRetry: 20, longestRetry: 80, missingRetry: 50, idle: 5_000, watch: 60_000 };

let server: ScriptedApiServer;
let client: ApiClient;
const reflectors: Reflector<unknown>[] = [];
beforeEach(async () => {
  server = await ScriptedApiServer.start();
  client = new ApiClient(server.credentials);
});
afterEach(async () => {
  for (const reflector of reflectors.splice(0)) reflector.stop();
  client.close();
  await server.stop();
});

function thing(name: string, color = 'red', namespace = 'n') {
  return { metadata: { name, namespace }, spec: { color, noise: Math.random() } };
}

/** A reflector that keeps colours, and what it told. */
function reflect(change: Partial<ReflectorOptions<string>> = {}) {
  const told = { changes: 0, heard: 0, failures: [] as unknown[] };
  const reflector = new Reflector<string>(client, {
    name: 'things',
    resource: things,
    keep: (object) => (object as unknown as ReturnType<typeof thing>).spec.color,
    onChange: () => (told.changes += 1),
    onHeard: () => (told.heard += 1),
    onFailure: (error) => told.failures.push(error),
    ...change,
    times: { ...times, ...change.times },
  });
  reflectors.push(reflector);
  const run = reflector.run();
  return { reflector, told, run, items: () => Object.fromEntries(reflector.items) };
}

const lists = (): number => server.requests.filter((url) => !url.includes('watch=true')).length;
const watches = (): string[] => server.requests.filter((url) => url.includes('watch=true'));

describe('a reflector', () => {
  it('has what the list says, then what the watch says', async () => {
    server.put(path, thing('a'));
    const { reflector, items, told } = reflect();
    expect(reflector.synced).toBe(false);
    await until('it watches', () => server.watches === 1);
    expect(items()).toEqual({ 'n/a': 'red' });
    server.put(path, thing('b', 'green'));
    server.put(path, thing('a', 'blue'));
    await until('two more changes', () => told.changes === 3);
    expect(items()).toEqual({ 'n/a': 'blue', 'n/b': 'green' });
    server.remove(path, 'a', 'n');
    await until('one is gone', () => reflector.items.size === 1);
    expect(lists()).toBe(1);
  });

  it('is synced when there is nothing', async () => {
    const { reflector, told } = reflect();
    await until('it is synced', () => reflector.synced);
    expect(told.changes).toBe(1);
  });

  it('reads lists of many pages', async () => {
    for (let i = 0; i < 1_203; i += 1) server.put(path, thing(`t${i}`));
    const { reflector } = reflect();
    await until('it is synced', () => reflector.synced);
    expect(reflector.items.size).toBe(1_203);
    expect(lists()).toBe(3);
  });

  it('reads a list again, in one piece, when the server forgets it between two pages', async () => {
    for (let i = 0; i < 600; i += 1) server.put(path, thing(`t${i}`));
    server.override = ({ query }) =>
      query.has('continue') ? { status: 410, body: { code: 410, reason: 'Expired', message: 'too old' } } : undefined;
    const { reflector } = reflect();
    await until('it is synced', () => reflector.synced);
    expect(reflector.items.size).toBe(600);
  });

  it('does not tell of changes in what is not kept', async () => {
    server.put(path, thing('a'));
    const { told } = reflect();
    await until('it watches', () => server.watches === 1);
    const before = told.heard;
    server.put(path, thing('a'));
    await until('it has heard', () => told.heard > before);
    expect(told.changes).toBe(1);
  });

  it('goes on where it was when the server ends the watch', async () => {
    const { reflector, told } = reflect();
    await until('it watches', () => server.watches === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    server.bookmark(path);
    await until('it has heard', () => told.heard === 3);
    server.endWatches();
    await until('it watches again', () => server.watches === 1);
    server.put(path, thing('a'));
    await until('the change has come', () => reflector.items.size === 1);
    expect(told.failures).toEqual([]);
    expect(lists()).toBe(1);
  });

  it('asks for bookmarks, and begins its next watch at the last one', async () => {
    const { told } = reflect();
    await until('it watches', () => server.watches === 1);
    expect(watches()[0]).toContain('allowWatchBookmarks=true&resourceVersion=100');
    server.put('/elsewhere', thing('x'));
    server.bookmark(path);
    await until('it has heard', () => told.heard === 3);
    server.cutConnections();
    await until('it watches again', () => watches().length === 2);
    expect(watches()[1]).toContain('resourceVersion=101');
  });

  it('misses nothing when connections are cut', async () => {
    const { reflector, told } = reflect();
    for (let i = 0; i < 5; i += 1) {
      await until('it watches', () => server.watches === 1);
      server.cutConnections();
      server.put(path, thing(`t${i}`));
    }
    await until('all have come', () => reflector.items.size === 5);
    expect(lists()).toBe(1);
    expect(told.failures.length).toBeGreaterThan(0);
  });

  it('lists again when its version is forgotten, and drops what has gone meanwhile', async () => {
    server.put(path, thing('a'));
    server.put(path, thing('b'));
    const { reflector, items, told } = reflect();
    await until('it watches', () => server.watches === 1);
    server.mute = true;
    server.remove(path, 'a', 'n');
    server.put(path, thing('c'));
    server.forget();
    server.mute = false;
    server.cutConnections();
    await until('it has listed again', () => reflector.items.has('n/c'));
    expect(items()).toEqual({ 'n/b': 'red', 'n/c': 'red' });
    expect(told.changes).toBe(2);
  });

  it('tells nothing when a second list is like the first', async () => {
    server.put(path, thing('a'));
    const { told } = reflect();
    await until('it watches', () => server.watches === 1);
    server.forget();
    server.cutConnections();
    await until('it has listed again', () => lists() === 2);
    await until('it watches', () => server.watches === 1);
    expect(told.changes).toBe(1);
  });

  it('keeps what it has while the server is away, and comes back', async () => {
    server.put(path, thing('a'));
    const { reflector, items, told } = reflect();
    await until('it watches', () => server.watches === 1);
    await server.stop();
    await until('it has noticed', () => told.failures.length >= 3);
    expect(items()).toEqual({ 'n/a': 'red' });
    expect(reflector.synced).toBe(true);
    await server.listen();
    server.put(path, thing('b'));
    await until('it has come back', () => reflector.items.size === 2);
  });

  it.each([
    ['garbage', 'garbage\n'],
    ['an error', `${JSON.stringify({ type: 'ERROR', object: { code: 500, message: 'oh' } })}\n`],
    ['an object without metadata', `${JSON.stringify({ type: 'ADDED', object: {} })}\n`],
  ])('survives %s in a watch', async (_what, text) => {
    const { reflector, told } = reflect();
    await until('it watches', () => server.watches === 1);
    server.send(path, text);
    await until('it has failed', () => told.failures.length > 0);
    server.put(path, thing('a'));
    await until('the change has come', () => reflector.items.size === 1);
  });

  it('leaves a connection on which nothing comes, and takes it for no failure', async () => {
    const { reflector, told } = reflect({ times: { idle: 1_100 } });
    await until('it watches', () => server.watches === 1);
    server.mute = true;
    server.put(path, thing('a'));
    await until('it has asked again', () => reflector.items.size === 1);
    expect(lists()).toBe(1);
    expect(told.failures).toEqual([]);
  });

  it('waits longer and longer, with chance, and no longer than the limit', async () => {
    const at: number[] = [];
    server.override = () => {
      at.push(performance.now());
      return { status: 500, body: '' };
    };
    reflect();
    await until('it has asked often', () => at.length >= 14);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(19);
    expect(waits[4]).toBeGreaterThanOrEqual(39);
    // Without a limit the last one would be of more than a minute.
    expect(Math.max(...waits)).toBeLessThan(30_000);
  });

  it('does not ask in a loop when watches end at once', async () => {
    server.override = ({ query }) => (query.has('watch') ? { status: 200, body: '' } : undefined);
    const { told } = reflect({ times: { firstRetry: 100, longestRetry: 400 } });
    await until('it has failed twice', () => told.failures.length === 2);
    expect(watches().length).toBeLessThanOrEqual(3);
  });

  it('waits as long as a busy server asks, and goes on where it was', async () => {
    const { reflector } = reflect({ times: { longestRetry: 1_500 } });
    await until('it watches', () => server.watches === 1);
    let refusedAt = 0;
    server.override = () => {
      refusedAt = performance.now();
      server.override = () => undefined;
      return { status: 429, body: '', headers: { 'retry-after': '1' } };
    };
    server.cutConnections();
    await until('it was refused', () => watches().length === 2);
    server.put(path, thing('a'));
    await until('it is back', () => reflector.items.size === 1);
    expect(performance.now() - refusedAt).toBeGreaterThan(900);
    expect(lists()).toBe(1);
  });

  const notFound = { status: 404, body: '404 page not found' };

  it('is synced without an optional resource, and finds it when it appears', async () => {
    server.override = () => notFound;
    server.put(path, thing('a'));
    const { reflector, told } = reflect({ optional: true });
    await until('it is synced', () => reflector.synced);
    expect({ missing: reflector.missing, size: reflector.items.size }).toEqual({ missing: true, size: 0 });
    server.override = () => undefined;
    await until('it is there', () => reflector.items.size === 1);
    expect(reflector.missing).toBe(false);
    expect(told.failures).toEqual([]);
  });

  it('forgets the objects of an optional resource that vanishes', async () => {
    server.put(path, thing('a'));
    const { reflector } = reflect({ optional: true });
    await until('it watches', () => server.watches === 1);
    server.override = () => notFound;
    server.cutConnections();
    await until('it is missing', () => reflector.missing);
    expect(reflector.items.size).toBe(0);
  });

  it('is not synced without a resource that is needed', async () => {
    server.override = () => notFound;
    const { reflector, told } = reflect();
    await until('it has failed', () => told.failures.length > 1);
    expect(reflector.synced).toBe(false);
  });

  it('stops at once, also while it waits', async () => {
    server.override = () => 'hang';
    const hanging = reflect();
    await until('it has asked', () => server.requests.length === 1);
    hanging.reflector.stop();
    await hanging.run;
    server.override = () => ({ status: 500, body: '' });
    const waiting = reflect({ times: { firstRetry: 30_000, longestRetry: 60_000 } });
    await until('it has failed', () => waiting.told.failures.length === 1);
    waiting.reflector.stop();
    await waiting.run;
    expect(hanging.told.failures).toEqual([]);
  });

  it.each([1, 2, 3, 4])('has in the end what the server has, whatever happened: chance %i', async (seed) => {
    const random = randomFrom(seed);
    const kept = new Map<string, string>();
    const { reflector, items } = reflect();
    await until('it watches', () => server.watches === 1);
    for (let step = 0; step < 150; step += 1) {
      const name = `t${Math.floor(random() * 20)}`;
      const dice = random();
      if (dice < 0.6) {
        const color = `color ${step}`;
        server.put(path, thing(name, color));
        kept.set(`n/${name}`, color);
      } else if (dice < 0.8) {
        if (kept.delete(`n/${name}`)) server.remove(path, name, 'n');
      } else if (dice < 0.86) server.cutConnections();
      else if (dice < 0.9) server.forget();
      else if (dice < 0.93) server.endWatches();
      else if (dice < 0.96) server.bookmark(path);
      else if (dice < 0.98) server.send(path, 'garbage\n');
      else server.send(path, `${JSON.stringify({ type: 'ERROR', object: { code: 500 } })}\n`);
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 20));
    }
    const expected = Object.fromEntries([...kept].sort());
    await until(
      'it has all',
      () => JSON.stringify(Object.fromEntries(Object.entries(items()).sort())) === JSON.stringify(expected),
    );
    expect(reflector.items.size).toBe(kept.size);
  });
});

/** Repeatable chance (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
