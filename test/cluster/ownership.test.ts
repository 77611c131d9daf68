import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../src/cluster/client.ts';
import { startOwnership, type Ownership } from '../../src/cluster/ownership.ts';
import { recordingLog } from './support/log.ts';
import { ScriptedApiServer } from './support/scripted-api-server.ts';

const mutating = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const namespaces = '/api/v1/namespaces';

/** Ends what hangs. */
const patience = { timeout: 60_000 };

/** A configuration that leads to a service of the namespace. */
const configuration = (name: string, namespace: string, ownerReferences?: readonly object[]) => ({
  metadata: { name, ...(ownerReferences && { ownerReferences }) },
  webhooks: [
    { name: 'a', clientConfig: { service: { name: 'outrigger', namespace } } },
    { clientConfig: { url: 'x' } },
  ],
});
const owner = { apiVersion: 'v1', kind: 'Namespace', name: 'istio-system', uid: 'u1' };

describe('the owner of webhook configurations', () => {
  let server: ScriptedApiServer;
  let client: ApiClient;
  let ownership: Ownership | undefined;
  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    client = new ApiClient(server.credentials);
    server.define(mutating);
    server.define(namespaces);
    server.put(namespaces, { metadata: { name: 'istio-system', uid: 'u1' } as { name: string } });
  });
  afterEach(async () => {
    ownership?.stop();
    client.close();
    await server.stop();
  });

  function start(leads = true): string[] {
    const { log, lines } = recordingLog();
    const place = { namespace: 'istio-system', serviceName: 'outrigger', kinds: ['mutating'] as const };
    ownership = startOwnership({ client, ...place, leads: () => leads, log });
    ownership.changed();
    return lines;
  }
  const ownersOf = (name: string): unknown =>
    (server.get(mutating, name)?.metadata as { ownerReferences?: unknown } | undefined)?.ownerReferences;

  it('becomes our namespace, beside those that it has', async () => {
    const other = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u2' };
    server.put(mutating, configuration('ours', 'istio-system'));
    server.put(mutating, configuration('owned', 'istio-system', [other]));
    start();
    await vi.waitFor(() => {
      expect(ownersOf('ours')).toEqual([owner]);
      expect(ownersOf('owned')).toEqual([other, owner]);
    }, patience);
  });

  it('is set once', async () => {
    server.put(mutating, configuration('tied', 'istio-system', [owner]));
    server.put(mutating, configuration('ours', 'istio-system'));
    start();
    await vi.waitFor(() => {
      expect(ownersOf('ours')).toEqual([owner]);
    }, patience);
    expect(ownersOf('tied')).toEqual([owner]);
    expect(server.requests.filter((path) => path.startsWith(`${mutating}/tied`))).toEqual([]);
  });

  it('is not touched where the configuration leads elsewhere, and asked for by label', async () => {
    server.put(mutating, configuration('theirs', 'elsewhere'));
    start();
    await vi.waitFor(() => {
      expect(server.requests.some((path) => path.startsWith(`${mutating}?labelSelector=app.kubernetes.io`))).toBe(true);
    }, patience);
    expect(ownersOf('theirs')).toBeUndefined();
  });

  it('is not set by a replica that does not lead', async () => {
    server.put(mutating, configuration('ours', 'istio-system'));
    start(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.requests).toEqual([]);
  });

  it('is set again when somebody else was faster', async () => {
    server.put(mutating, configuration('ours', 'istio-system'));
    let refusals = 1;
    server.override = ({ path }) =>
      path === `${mutating}/ours` && refusals-- > 0
        ? { status: 422, body: { kind: 'Status', code: 422, reason: 'Invalid', message: 'test failed' } }
        : undefined;
    start();
    await vi.waitFor(() => {
      expect(ownersOf('ours')).toEqual([owner]);
    }, patience);
  });

  it('is missed with one warning when it cannot be set', async () => {
    server.put(mutating, configuration('ours', 'istio-system'));
    server.override = ({ path }) =>
      path === namespaces ? { status: 403, body: { kind: 'Status', code: 403, message: 'not allowed' } } : undefined;
    const lines = start();
    ownership?.changed();
    await vi.waitFor(() => {
      expect(server.requests).toHaveLength(2);
      expect(lines).toHaveLength(1);
    }, patience);
    expect(lines[0]).toMatch(/^warn .*not allowed/);
  });
});
