/** Pods as a real API server keeps them: nothing of what it adds is a finding, and a change of the configuration is. Only reads. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtInValues } from '../../src/server/built-in-configuration.ts';
import { launch, run, type Process } from '../cli/support.ts';
import { repositoryRoot } from '../support/shared.ts';
import { freePort } from '../support/free-port.ts';
import { makeCertificate } from './support/certificate.ts';
import { AuditLog } from './support/audit-log.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { injectionWebhook } from './support/injection-webhook.ts';

const folder = mkdtempSync(join(tmpdir(), 'outrigger-audit-'));
const account = 'system:serviceaccount:istio-system:auditor';
const auditLog = new AuditLog(folder, [{ level: 'Metadata', users: [account] }]);
let cluster: ControlPlane;
let outrigger: Process;
let kubeconfig: string;

const metadata = (name: string, namespace?: string, more: object = {}) => ({
  name,
  ...(namespace && { namespace }),
  ...more,
});
const namespaceOf = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: metadata(name, undefined, { labels }),
});

const probes = {
  readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
  livenessProbe: { tcpSocket: { port: 8080 } },
  startupProbe: { grpc: { port: 9090 } },
  lifecycle: { preStop: { httpGet: { path: '/stop', port: 8080 } } },
};

/** Pod specs whose injections differ: probes, ports, own settings of the proxy, volumes, several containers. */
const specs: Readonly<Record<string, { readonly spec: object; readonly annotations?: object }>> = {
  plain: { spec: { containers: [{ name: 'app', image: 'app' }] } },
  probed: {
    spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ name: 'http', containerPort: 8080 }], ...probes }] },
  },
  scraped: {
    spec: { containers: [{ name: 'app', image: 'app:1', resources: { limits: { cpu: '2' } } }] },
    annotations: { 'prometheus.io/port': '9100', 'prometheus.io/scrape': 'true' },
  },
  overridden: {
    spec: {
      containers: [
        { name: 'app', image: 'app:1' },
        { name: 'istio-proxy', image: 'auto', env: [{ name: 'OWN', value: '1' }] },
      ],
      volumes: [{ name: 'data', configMap: { name: 'c' } }, { name: 'scratch' }],
      imagePullSecrets: [{ name: 'own' }],
    },
    annotations: {
      'sidecar.istio.io/proxyCPU': '200m',
      'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true',
    },
  },
  classic: {
    spec: {
      initContainers: [{ name: 'setup', image: 'setup:1' }],
      containers: [
        { name: 'app', image: 'app:1' },
        { name: 'log', image: 'log:1' },
      ],
    },
    annotations: { 'sidecar.istio.io/nativeSidecar': 'false' },
  },
};

function workloads(namespace: string): object[] {
  const template = (name: string) => ({
    metadata: { labels: { app: name }, annotations: specs[name]?.annotations ?? {} },
    spec: specs[name]?.spec,
  });
  const selector = (name: string) => ({ selector: { matchLabels: { app: name } } });
  const names = Object.keys(specs);
  return [
    ...names.map((name) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(name, namespace),
      spec: { ...selector(name), template: template(name), strategy: { type: 'Recreate' } },
    })),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata('db', namespace),
      spec: { ...selector('probed'), serviceName: 'db', template: template('probed') },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata('bare', namespace, { labels: { app: 'bare' } }),
      spec: specs['probed']?.spec,
    },
  ];
}

beforeAll(async () => {
  cluster = await startControlPlane(auditLog.flags);
  await cluster.apply(
    namespaceOf('istio-system'),
    namespaceOf('shop', { 'istio-injection': 'enabled' }),
    namespaceOf('plain'),
  );
  for (const name of ['shop', 'plain', 'istio-system']) {
    await cluster.waitForServiceAccount(name);
  }
  await cluster.apply(...permissions(), limits, budget);
  const { stdout } = await cluster.kubectl('create', 'token', 'auditor', '-n', 'istio-system');
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfigFor(stdout.trim()));
  const certificate = makeCertificate(folder, ['outrigger']);
  const port = await freePort();
  outrigger = launch(
    [
      ...['serve', '--kubeconfig', cluster.kubeconfig, '--address', '127.0.0.1', '--port', String(port)],
      ...[
        '--monitoring-port',
        '0',
        '--tls-cert-file',
        certificate.certFile,
        '--tls-private-key-file',
        certificate.keyFile,
      ],
    ],
    { INJECTION_WEBHOOK_CONFIG_NAME: '', VALIDATION_WEBHOOK_CONFIG_NAME: '' },
  );
  await outrigger.firstLine;
  await cluster.apply(...injectionWebhook(certificate.pem.toString('base64'), port));
  await cluster.waitFor('the webhook', async () => {
    const { stdout: pod } = await cluster.kubectl(
      'run',
      'p',
      '-n',
      'shop',
      '--image=app:1',
      '--dry-run=server',
      '-o',
      'json',
    );
    return pod.includes('istio-proxy');
  });
  await cluster.apply(...workloads('shop'), ...workloads('plain'));
  await cluster.waitFor('all pods', async () => {
    const { items } = await cluster.get<{ items: unknown[] }>('pods', '-A');
    return items.length >= 2 * (Object.keys(specs).length + 2);
  });
});
afterAll(async () => {
  outrigger.child.kill('SIGTERM');
  await outrigger.exited;
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The role of the documentation, for a service account of its own. */
function permissions(): object[] {
  const [, role = ''] =
    /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(repositoryRoot, 'docs/audit.md'), 'utf8')) ?? [];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('auditor', 'istio-system') },
    parse(role) as object,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: metadata('auditor'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'outrigger-audit' },
      subjects: [{ kind: 'ServiceAccount', name: 'auditor', namespace: 'istio-system' }],
    },
  ];
}

/** Amounts that the injected containers do not name. */
const limits = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: metadata('limits', 'shop'),
  spec: {
    limits: [
      { type: 'Container', default: { 'ephemeral-storage': '1Gi' }, defaultRequest: { 'ephemeral-storage': '100Mi' } },
    ],
  },
};

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadata('plain', 'shop'),
  spec: { selector: { matchLabels: { app: 'plain' } }, minAvailable: 1 },
};

const audit = (...args: string[]): ReturnType<typeof run> => run(['audit', '--kubeconfig', kubeconfig, ...args]);

function newValues(): string {
  const path = join(folder, 'new');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'values.yaml'), builtInValues().text.replace(/hub: \S+/, 'hub: new.example/istio'));
  writeFileSync(join(path, 'mesh.yaml'), '{}');
  return path;
}

interface Report {
  readonly pods: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly verdict: string;
    readonly workloads: readonly { readonly kind: string; readonly name: string }[];
  }[];
  readonly plan: {
    readonly waves: readonly unknown[][];
    readonly blocked: readonly { readonly name: string; readonly reason: string }[];
  };
}

describe('an audit of a cluster', () => {
  const injected = Object.keys(specs).length + 2;

  it('finds nothing in what the API server, LimitRanges and controllers add', async () => {
    const { code, stdout, stderr } = await audit();
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(new RegExp(`current +${String(injected)} `))]);
  });

  it('finds nothing in a dump of the pods alone, but for what only their owners know', async () => {
    const file = join(folder, 'pods.json');
    writeFileSync(file, (await cluster.kubectl('get', 'pods,namespaces', '-A', '-o', 'json')).stdout);
    const { code, stdout } = await run(['audit', '-c', 'built-in', '--pods', file]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`current +${String(injected)} `))]);
    const yaml = join(folder, 'pods.yaml');
    writeFileSync(yaml, (await cluster.kubectl('get', 'pods,namespaces', '-A', '-o', 'yaml')).stdout);
    expect((await run(['audit', '-c', 'built-in', '--pods', yaml])).stdout).toBe(stdout.replace(file, yaml));
  });

  it('finds every injected pod after a change, and plans what can be restarted', async () => {
    const { code, stdout } = await audit('-c', newValues(), '--plan', '-o', 'json');
    const report = JSON.parse(stdout) as Report;
    expect([code, report.verdicts['stale']]).toEqual([1, injected]);
    expect(report.plan.waves.flat()).toHaveLength(injected - 2);
    expect(report.plan.blocked.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'plain: its restart makes 1 pod unavailable, and PodDisruptionBudget shop/plain allows 0 now',
      'bare: nobody makes this pod again: delete it and create it anew',
    ]);
  });

  it('agrees with a preview of the same change', async () => {
    const args = ['--from', 'cluster', '--to', newValues(), '--workloads', 'cluster', '-o', 'json'];
    const { code, stdout, stderr } = await run(['diff', '--kubeconfig', kubeconfig, ...args]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Error: \d+ of \d+ pods change\n$/)]);
    const { results } = JSON.parse(stdout) as { results: Record<string, number> };
    expect(results).toMatchObject({ changed: injected, unchanged: injected });
  });

  it('finds pods that were made while injection was off', async () => {
    await cluster.kubectl('label', 'namespace', 'plain', 'istio-injection=enabled');
    const { stdout } = await audit('-o', 'json');
    expect((JSON.parse(stdout) as Report).verdicts).toMatchObject({ missing: injected, current: injected });
    await cluster.kubectl('label', 'namespace', 'shop', 'istio-injection=disabled', '--overwrite');
    expect((JSON.parse((await audit('-o', 'json')).stdout) as Report).verdicts).toMatchObject({
      superfluous: injected,
    });
  });

  it("takes the environment of the control plane's Deployment for that of the cluster", async () => {
    await cluster.kubectl('create', 'deployment', 'istiod', '-n', 'istio-system', '--image=istiod', '--replicas=0');
    await cluster.kubectl('set', 'env', 'deployment/istiod', '-n', 'istio-system', 'ENABLE_NATIVE_SIDECARS=false');
    const args = ['--from', 'cluster', '--to', 'built-in', '--workloads', 'cluster', '-o', 'json'];
    const { stdout } = await run(['diff', '--kubeconfig', kubeconfig, ...args]);
    const { notes } = JSON.parse(stdout) as { notes: readonly string[] };
    expect(notes).toContain('The control planes differ in ENABLE_NATIVE_SIDECARS: "false" before, not set after.');
  });

  it('only ever gets and lists', () => {
    const verbs = auditLog.events().map(({ verb }) => verb);
    expect([...new Set(verbs)].sort()).toEqual(['get', 'list']);
  });
});
