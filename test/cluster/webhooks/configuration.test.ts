import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/cluster/client.ts';
import {
  entriesPatch,
  readConfiguration,
  selectEntries,
  type WebhookConfiguration,
} from '../../../src/cluster/webhooks/configuration.ts';
import { Overwrites } from '../../../src/cluster/webhooks/overwrites.ts';
import { verdictOf } from '../../../src/cluster/webhooks/rejection-probe.ts';

const service = (name: string): object => ({ service: { name, namespace: 'istio-system' } });
const identity = { revision: 'default', servesHost: (host: string) => host === 'outrigger.istio-system.svc' };

function configuration(
  labels: Record<string, string>,
  webhooks: unknown,
  type: WebhookConfiguration['type'] = 'mutating',
): WebhookConfiguration {
  return readConfiguration(type, { metadata: { name: 'x', resourceVersion: '7', labels }, webhooks } as never);
}

describe('a webhook configuration', () => {
  it('is read as far as it matters', () => {
    const caBundle = 'eA==';
    const read = configuration({ 'istio.io/rev': 'canary' }, [
      { name: 'a', clientConfig: { ...service('outrigger'), caBundle }, failurePolicy: 'Fail', rules: [] },
      'nonsense',
      { name: 'b', clientConfig: { url: 'https://[::1]:8443/inject' } },
      { name: 'c', clientConfig: { url: 'nonsense' } },
      { name: 'd' },
    ]);
    expect(read).toMatchObject({ name: 'x', resourceVersion: '7', revision: 'canary' });
    expect(read.entries.map(({ index, name, host }) => [index, name, host])).toEqual([
      [0, 'a', 'outrigger.istio-system.svc'],
      [2, 'b', '::1'],
      [3, 'c', ''],
      [4, 'd', ''],
    ]);
    expect(read.entries[0]).toMatchObject({ caBundle, failurePolicy: 'Fail' });
    expect(configuration({}, undefined).entries).toEqual([]);
    expect(configuration({}, { length: 3 }).entries).toEqual([]);
  });

  it('names the manager of a caBundle, or who changed the configuration last', () => {
    const fieldsV1 = { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } };
    const managedFields = [
      { manager: 'helm', time: '2026-01-03T00:00:00Z', fieldsV1: {} },
      { manager: 'old', time: '2026-01-01T00:00:00Z', fieldsV1 },
      { manager: 'argocd', time: '2026-01-02T00:00:00Z', fieldsV1 },
    ];
    const webhooks = [{ name: 'a' }, { name: '__proto__' }];
    const read = readConfiguration('mutating', { metadata: { name: 'x', managedFields }, webhooks } as never);
    expect(read.entries.map(({ manager }) => manager)).toEqual(['argocd', 'helm']);
  });
});

describe('entries of ours', () => {
  const entry = (name: string, to = 'outrigger'): object => ({ name, clientConfig: service(to) });
  it.each([
    [
      'every injector entry of our revision',
      { 'istio.io/rev': 'default' },
      ['a.sidecar-injector.istio.io', 'sidecar-injector.istio.io'],
      'outrigger',
      2,
    ],
    ['none without the label', {}, ['a.sidecar-injector.istio.io'], 'outrigger', 'no revision'],
    [
      'none of another revision',
      { 'istio.io/rev': 'canary' },
      ['a.sidecar-injector.istio.io'],
      'outrigger',
      'wrong revision',
    ],
    [
      'none with other names',
      { 'istio.io/rev': 'default' },
      ['sidecar-injector.istio.io.example.com'],
      'outrigger',
      'no entry',
    ],
    [
      'none by which somebody else is called',
      { 'istio.io/rev': 'default' },
      ['a.sidecar-injector.istio.io'],
      'istiod',
      'other host',
    ],
  ] as const)('are %s', (_what, labels, names, to, expected) => {
    const selection = selectEntries(
      configuration(
        labels,
        names.map((name) => entry(name, to)),
      ),
      identity,
    );
    expect(selection.why ?? selection.entries.length).toBe(expected);
  });

  it('are all of a validating configuration, whatever their names', () => {
    const read = configuration({ 'istio.io/rev': 'default' }, [entry('rev.validation.istio.io')], 'validating');
    expect(selectEntries(read, identity).entries).toHaveLength(1);
  });

  it('are patched one field each, if they still are where they were', () => {
    const { entries } = configuration({}, [entry('a'), 'nonsense', entry('b')]);
    expect(entriesPatch(entries, 'clientConfig/caBundle', 'eA==')).toEqual([
      { op: 'test', path: '/webhooks/0/name', value: 'a' },
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'eA==' },
      { op: 'test', path: '/webhooks/2/name', value: 'b' },
      { op: 'add', path: '/webhooks/2/clientConfig/caBundle', value: 'eA==' },
    ]);
  });
});

describe('somebody who overwrites', () => {
  it('is answered at once twice, then ever later, at most a minute', () => {
    const overwrites = new Overwrites();
    const waits = Array.from({ length: 12 }, () => overwrites.note(0) / 1000);
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    expect(overwrites.count).toBe(12);
  });

  it('is forgiven after ten quiet minutes', () => {
    const overwrites = new Overwrites();
    for (let time = 0; time < 5; time += 1) overwrites.note(time);
    expect(overwrites.note(10 * 60_000 + 4)).toBe(8_000);
    expect(overwrites.note(20 * 60_000 + 5)).toBe(0);
  });
});

describe('the probe', () => {
  it.each([
    [new Error('admission webhook "x" denied the request: rejecting'), true, undefined],
    [new ApiError('the API server answered with status 404', { status: 404 }), true, /not installed/],
    [new Error('the server could not find the requested resource'), true, /not installed/],
    [new Error('admission webhook "y" does not support dry run'), true, /another webhook/],
  ])('is content with %s', (error, ready, warning) => {
    const verdict = verdictOf(error);
    expect(verdict.ready).toBe(ready);
    if (warning === undefined) expect(verdict).toEqual({ ready: true });
    else expect(verdict).toMatchObject({ warning: expect.stringMatching(warning) });
  });

  it.each([
    new ApiError('namespaces "istio-system" not found', { status: 404, reason: 'NotFound' }),
    new Error('failed calling webhook'),
    'x',
  ])('is not content with %s', (error) => {
    const reason = expect.stringMatching(/^dummy invalid rejected for the wrong reason: /);
    expect(verdictOf(error)).toEqual({ ready: false, reason });
  });
});
