/** `outrigger doctor` and `outrigger uninstall --plan` against an installation that works, and then against each way of breaking it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Removal } from '../../src/doctor/index.ts';
import { launch, run, type Outcome, type Process } from '../cli/support.ts';
import { makeCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { reachableAt, renderKustomization, type ManifestObject } from './support/manifests.ts';

const injector = 'outrigger-sidecar-injector';
const mutating = ['mutatingwebhookconfiguration', injector];

describe('the doctor', () => {
  let cluster: ControlPlane;
  let outrigger: Process;
  let objects: ManifestObject[];
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-doctor-'));

  beforeAll(async () => {
    cluster = await startControlPlane();
    outrigger = launch([
      ...['serve', '--kubeconfig', cluster.kubeconfig, '--address', '127.0.0.1'],
      ...['--port', '0', '--monitoring-port', '0'],
    ]);
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    objects = reachableAt(await renderKustomization(), Number(new URL((await outrigger.firstLine).https).port));
    await cluster.apply(...objects);
    const labels = { 'istio-injection': 'enabled' };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
    await cluster.waitFor('the caBundles', async () => (await findings()).every(({ level }) => level === 'info'));
  });
  afterAll(async () => {
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function doctor(...args: string[]): Promise<Outcome> {
    return run(['doctor', '--kubeconfig', cluster.kubeconfig, ...args]);
  }

  async function findings(...args: string[]): Promise<Finding[]> {
    const { stdout, stderr } = await doctor('-o', 'json', ...args);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Finding[];
  }

  const problems = async (...args: string[]): Promise<string[]> =>
    (await findings(...args)).filter(({ level }) => level !== 'info').map(({ id }) => id);

  /** Runs what a test wants with objects changed, and puts them back. */
  async function whileChanged(change: () => Promise<unknown>, look: () => Promise<void>): Promise<void> {
    try {
      await change();
      await look();
    } finally {
      await cluster.apply(...objects);
      await cluster.waitFor('health', async () => (await problems()).length === 0);
    }
  }

  it('finds no problem in an installation that works, and ends with 0', async () => {
    const { code, stdout, stderr } = await doctor();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^No problems: 0 errors, 0 warnings/m);
    expect(stdout).toContain('could have Fail now');
    expect(code).toBe(0);
  });

  it('ends with 1 and a table when there is one', async () => {
    await whileChanged(
      () => cluster.kubectl('label', 'namespace', 'shop', '--overwrite', 'istio-injection-', 'istio.io/rev=nobody'),
      async () => {
        const { code, stdout, stderr } = await doctor();
        expect(code).toBe(1);
        expect(stdout).toMatch(/^LEVEL +OBJECT +FINDING\nerror +Namespace\/shop +Namespace shop asks for injection by/);
        expect(stderr).toMatch(/1 error, 0 warnings/);
        await cluster.kubectl('label', 'namespace', 'shop', 'istio.io/rev-', 'istio-injection=enabled');
      },
    );
  });

  it('sees a certificate that the caBundle does not trust', async () => {
    const { pem } = makeCertificate(folder, ['outrigger']);
    const served = new URL((await outrigger.firstLine).https);
    const look = async (): Promise<void> => {
      const found = await findings('--connect', served.host, '--service-name', 'stale');
      expect(found.map(({ id }) => id)).toContain('CERTIFICATE_NOT_TRUSTED');
    };
    // A configuration of a service that nobody keeps.
    const stale = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'stale', labels: { 'istio.io/rev': 'stale' } },
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          clientConfig: {
            service: { name: 'stale', namespace: 'istio-system' },
            caBundle: pem.toString('base64'),
          },
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          namespaceSelector: { matchLabels: { 'istio.io/rev': 'stale' } },
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        },
      ],
    };
    try {
      await cluster.apply(stale);
      expect(await problems()).toContain('SERVICE_MISSING');
      await look();
    } finally {
      await cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'stale');
    }
  });

  it('sees a second control plane of the same revision', async () => {
    const { webhooks, ...rest } = await cluster.get<{ webhooks: { clientConfig: { service: { name: string } } }[] }>(
      ...mutating,
    );
    const [first] = webhooks;
    const twin = {
      ...rest,
      metadata: { name: 'istio-sidecar-injector', labels: { 'istio.io/rev': 'default' } },
      webhooks: [{ ...first, clientConfig: { service: { name: 'istiod', namespace: 'istio-system' } } }],
    };
    try {
      await cluster.apply(twin);
      expect(await problems()).toEqual(expect.arrayContaining(['REVISION_SHARED', 'SERVICE_MISSING']));
    } finally {
      await cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'istio-sidecar-injector');
    }
  });

  it('sees a webhook that lets pods pass, or holds them for long', async () => {
    const set = (field: string, value: unknown) =>
      cluster.kubectl(
        'patch',
        ...mutating,
        '--type=json',
        '-p',
        JSON.stringify([{ op: 'replace', path: `/webhooks/0/${field}`, value }]),
      );
    await whileChanged(
      () => set('failurePolicy', 'Ignore'),
      async () => {
        expect(await problems()).toEqual(['INJECTION_MAY_BE_SKIPPED']);
      },
    );
    await whileChanged(
      () => set('timeoutSeconds', 30),
      async () => {
        expect(await problems()).toEqual(['TIMEOUT_LONG']);
      },
    );
  });

  it('sees that the service is gone, and that nothing leads to it', async () => {
    await whileChanged(
      () => cluster.kubectl('delete', 'service', 'outrigger', '-n', 'istio-system'),
      async () => {
        expect(await problems()).toContain('SERVICE_MISSING');
      },
    );
    await whileChanged(
      () => cluster.kubectl('delete', ...mutating),
      async () => {
        expect(await problems()).toEqual(expect.arrayContaining(['NO_CONFIGURATION', 'REVISION_WITHOUT_INJECTOR']));
      },
    );
  });

  describe('of the permissions', () => {
    it('misses each one that is taken away', async () => {
      const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
      let taken = 0;
      for (const role of roles) {
        const rules = role['rules'] as { verbs: string[] }[];
        for (const [index, rule] of rules.entries()) {
          for (const verb of rule.verbs) {
            const fewer = rules.map((one, place) =>
              place === index ? { ...one, verbs: one.verbs.filter((other) => other !== verb) } : one,
            );
            await cluster.apply({ ...role, rules: fewer.filter(({ verbs }) => verbs.length > 0) });
            await cluster.waitFor(`the loss of ${verb} in rule ${index} of ${role.kind}`, async () => {
              return (await problems()).includes('PERMISSION_MISSING');
            });
            taken += 1;
          }
        }
        await cluster.apply(role);
      }
      expect(taken).toBeGreaterThan(15);
      await cluster.waitFor('all permissions', async () => (await problems()).length === 0);
    });

    it('says that it may not ask', async () => {
      await cluster.kubectl('create', 'serviceaccount', 'reader', '-n', 'default');
      const registration = 'mutatingwebhookconfigurations,validatingwebhookconfigurations';
      const resources = `namespaces,services,deployments.apps,endpointslices.discovery.k8s.io,${registration}`;
      await cluster.kubectl('create', 'clusterrole', 'reader', '--verb=get,list', `--resource=${resources}`);
      const binding = ['--clusterrole=reader', '--serviceaccount=default:reader'];
      await cluster.kubectl('create', 'clusterrolebinding', 'reader', ...binding);
      const { stdout: token } = await cluster.kubectl('create', 'token', 'reader');
      const kubeconfig = join(folder, 'reader');
      writeFileSync(kubeconfig, cluster.kubeconfigFor(token.trim()));
      // The API server takes over what the role grants a moment later.
      await cluster.waitFor('the finding', async () =>
        (await findings('--kubeconfig', kubeconfig)).some(({ id }) => id === 'PERMISSIONS_UNKNOWN'),
      );
    });
  });

  it('tells in one sentence that there is no cluster', async () => {
    const { code, stderr } = await run(['doctor', '--kubeconfig', join(folder, 'none')]);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  describe('uninstall --plan', () => {
    it('names what depends on it and removes everything in an order that blocks nothing', async () => {
      await cluster.kubectl('run', 'web', '--image=web', '-n', 'shop');
      const { stdout } = await run(['uninstall', '--plan', '-o', 'json', '--kubeconfig', cluster.kubeconfig]);
      const { dependents, steps } = JSON.parse(stdout) as Removal;
      expect(dependents.map(({ object }) => object)).toContain('Namespace/shop');
      expect(dependents.map(({ message }) => message).join()).toContain('1 running pod ');
      for (const command of steps.flatMap(({ commands }) => commands)) {
        const { stderr } = await cluster.kubectl(...command.split(' ').slice(1));
        expect(stderr).toBe('');
      }
      for (const { kind, metadata } of objects.filter((object) => object.kind !== 'Namespace')) {
        const place = metadata.namespace === undefined ? [] : ['-n', metadata.namespace];
        expect((await cluster.kubectl('get', kind, metadata.name, ...place)).stderr).toContain('NotFound');
      }
    });

    it('removes nothing itself', async () => {
      const { code, stderr } = await run(['uninstall', '--kubeconfig', cluster.kubeconfig]);
      expect(code).toBe(2);
      expect(stderr).toContain('add --plan');
    });
  });
});
