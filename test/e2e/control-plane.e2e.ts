import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';

describe('the test control plane', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await startControlPlane();
  }, 1_800_000);
  afterAll(async () => {
    await cluster.stop();
  });

  it('is of the version that kubectl is of', async () => {
    const { stdout } = await cluster.kubectl('version', '-o', 'json');
    const version = JSON.parse(stdout) as Record<'clientVersion' | 'serverVersion', { gitVersion: string }>;
    expect(version.serverVersion.gitVersion).toBe('v1.35.4');
    expect(version.clientVersion.gitVersion).toBe('v1.35.4');
  });

  it('makes the pods of a Deployment', async () => {
    const labels = { app: 'web' };
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    });
    await cluster.waitFor('two pods', async () => {
      return (await cluster.get<{ items: unknown[] }>('pods', '-l', 'app=web')).items.length === 2;
    });
  });

  it('survives a restart of its API server', async () => {
    await cluster.stopApiServer();
    expect((await cluster.kubectl('get', 'namespaces')).code).not.toBe(0);
    await cluster.startApiServer();
    expect((await cluster.get<{ items: unknown[] }>('namespaces')).items.length).toBeGreaterThan(3);
  });
});
