import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Gauge, Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { readLastGood, writeLastGood, type GoodState } from '../../src/cluster/last-good.ts';
import { LastGoodFile } from '../../src/cluster/last-good-file.ts';
import { scratchFolder } from '../server/support/certificate.ts';

const owner = { revision: 'r', clusterId: 'c' };
const source = (text: string) => ({ file: `place of ${text}`, text });
const state: GoodState = {
  texts: { config: source('c'), values: source('v'), mesh: [source('m')] },
  objects: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }],
};
const now = new Date('2024-01-02T03:04:05Z');

let path: string;
beforeEach(() => {
  path = join(scratchFolder(), 'state.json');
});

describe('the file of the last good state', () => {
  it('gives back what was written, and when', async () => {
    await writeLastGood(path, owner, state, now);
    expect(await readLastGood(path, owner)).toMatchObject({ ...state, savedAt: now });
  });

  it('is readable by its owner only, also where it replaces a file that was not', async () => {
    writeFileSync(path, 'old');
    chmodSync(path, 0o644);
    await writeLastGood(path, owner, state, now);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['state.json']);
  });

  it('may be missing', async () => {
    expect(await readLastGood(path, owner)).toBeUndefined();
  });

  it.each([[{ revision: 'other', clusterId: 'c' }], [{ revision: 'r', clusterId: 'other' }]])(
    'is not used when it belongs to %j',
    async (other) => {
      await writeLastGood(path, other, state, now);
      await expect(readLastGood(path, owner)).rejects.toThrow(
        `${path} is the state of revision "${other.revision}" in cluster "${other.clusterId}"`,
      );
    },
  );

  const good = { version: 1, savedAt: now.toISOString(), ...owner, ...state };
  it.each([
    ['cut off', JSON.stringify(good).slice(0, 100)],
    ['empty', ''],
    ['of another form', '[]'],
    ['of another version', JSON.stringify({ ...good, version: 2 })],
    ['without texts', JSON.stringify({ ...good, texts: { config: {}, values: {}, mesh: [] } })],
    ['without an owner', JSON.stringify({ ...good, revision: undefined })],
    ['with objects that are none', JSON.stringify({ ...good, objects: [1] })],
  ])('is not used when it is %s', async (_what, text) => {
    writeFileSync(path, text);
    await expect(readLastGood(path, owner)).rejects.toThrow(`${path} is not a state that was saved by this version`);
  });
});

describe('keeping the file', () => {
  function keep(file = path) {
    const failures: unknown[] = [];
    const saved = new Gauge({ name: 'saved', help: 'saved', registers: [new Registry()] });
    let current: GoodState | undefined = state;
    const lastGood = new LastGoodFile({
      path: file,
      owner,
      state: () => current,
      saved,
      onFailure: (error) => failures.push(error),
    });
    return { lastGood, failures, saved, set: (next: GoodState | undefined) => (current = next) };
  }

  it('writes the newest state, once for changes that come together', async () => {
    const { lastGood, set, saved } = keep();
    lastGood.changed(true);
    lastGood.changed(true);
    set({ ...state, objects: [] });
    await lastGood.flush();
    expect((await readLastGood(path, owner))?.objects).toEqual([]);
    expect((await saved.get()).values[0]?.value).toBeGreaterThan(1e9);
  });

  it('writes changed objects later, but at the end', async () => {
    const { lastGood } = keep();
    lastGood.changed(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await readLastGood(path, owner)).toBeUndefined();
    await lastGood.flush();
    expect(await readLastGood(path, owner)).toBeDefined();
  });

  it('writes nothing without a change, or without a state', async () => {
    const { lastGood, set } = keep();
    await lastGood.flush();
    set(undefined);
    lastGood.changed(true);
    await lastGood.flush();
    expect(await readLastGood(path, owner)).toBeUndefined();
  });

  it('tells once of failures, and tries again', async () => {
    const file = join(path, 'below/state.json');
    const { lastGood, failures } = keep(file);
    for (let i = 0; i < 3; i += 1) {
      lastGood.changed(true);
      await lastGood.flush();
    }
    expect(failures).toHaveLength(1);
    mkdirSync(dirname(file), { recursive: true });
    await lastGood.flush();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject(owner);
  });
});
