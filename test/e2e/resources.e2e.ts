/** Istio's resources on a real API server with Istio's own definitions: the verdicts and texts of the corpus, as kubectl shows them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { launch, type Process } from '../cli/support.ts';
import { describeShared, shared, sharedLines } from '../support/shared.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { renderChart } from './support/manifests.ts';
import { containerArgs, reachProcess, succeed } from './support/process.ts';

interface Case {
  readonly id: string;
  readonly operation: string;
  readonly object: { readonly apiVersion: string; readonly kind: string; readonly metadata?: Metadata };
  readonly crdAllowed?: boolean;
  readonly expect: {
    readonly allowed: boolean;
    readonly message?: string;
    readonly messageMatch?: string;
    readonly warnings?: readonly string[];
    readonly warningsMatch?: string;
  };
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

const kinds = [
  'AuthorizationPolicy',
  'DestinationRule',
  'EnvoyFilter',
  'Gateway',
  'PeerAuthentication',
  'ProxyConfig',
  'RequestAuthentication',
  'ServiceEntry',
  'Sidecar',
  'Telemetry',
  'TrafficExtension',
  'VirtualService',
  'WasmPlugin',
  'WorkloadEntry',
  'WorkloadGroup',
] as const;

/** Whether the case reaches the webhook as it is, and is told apart by its text. */
function isUsable({ operation, object, crdAllowed, expect: { messageMatch } }: Case): boolean {
  const { name, namespace = 'default' } = object.metadata ?? {};
  const isNamed = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name ?? '') && namespace !== '';
  return operation === 'CREATE' && crdAllowed === true && isNamed && (messageMatch ?? 'exact') === 'exact';
}

/** Some of a list, from all over it. */
function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / count);
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list[Math.floor(index * step)] as T);
}

describeShared('resources of Istio', 'crds/istio-crds.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-resources-'));
  let cluster: ControlPlane;
  let client: ApiClient;
  let outrigger: Process;
  const cases = new Map(
    kinds.map((kind) => {
      const usable = sharedLines<Case>(`conformance/validation/${kind}.jsonl`).filter(isUsable);
      const ofVerdict = (allowed: boolean): Case[] => usable.filter((one) => one.expect.allowed === allowed);
      const warned = ofVerdict(true).filter(({ expect: { warnings = [] } }) => warnings.length > 0);
      return [kind, [...spread(ofVerdict(true), 3), ...spread(warned, 1), ...spread(ofVerdict(false), 6)]];
    }),
  );

  beforeAll(async () => {
    cluster = await startControlPlane();
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    await succeed(cluster, 'apply', '--server-side', '-f', shared('crds/istio-crds.yaml'));
    await succeed(cluster, 'wait', 'crd', '--all', '--for=condition=Established', '--timeout=120s');
    const objects = await renderChart();
    await cluster.apply(...objects);
    const kubeconfig = join(folder, 'kubeconfig');
    const { stdout: token } = await cluster.kubectl('create', 'token', 'outrigger', '-n', 'istio-system');
    writeFileSync(kubeconfig, cluster.kubeconfigFor(token.trim()));
    outrigger = launch(
      [
        ...containerArgs(objects).filter((arg) => !arg.startsWith('--last-good-file=')),
        ...['--kubeconfig', kubeconfig, '--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'],
      ],
      { POD_NAMESPACE: 'istio-system' },
    );
    await reachProcess(cluster, 'outrigger', Number(new URL((await outrigger.firstLine).https).port));
    const namespaces = [...cases.values()].flat().map(({ object }) => object.metadata?.namespace ?? 'default');
    for (const name of new Set(namespaces)) {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    const probe = [...(cases.get('Gateway') ?? [])].find((one) => !one.expect.allowed) as Case;
    client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
    await cluster.waitFor('the webhook', async () =>
      /validation\.istio\.io.*denied|is invalid/s.test((await tryOut(probe)).stderr),
    );
  });
  afterAll(async () => {
    client.close();
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function tryOut({ id, object }: Case) {
    const file = join(folder, `${id}.json`);
    writeFileSync(file, JSON.stringify(object));
    return cluster.kubectl('apply', '--dry-run=server', '--validate=false', '-f', file);
  }

  /** The text of a refusal as the API server sends it; kubectl shows the fields it speaks of instead, where it has them. */
  async function refusalOf({ object }: Case): Promise<string> {
    const [group = '', version = ''] = object.apiVersion.split('/');
    const resource = `${object.kind.toLowerCase()}s`.replace(/([^aeiou])ys$/, '$1ies');
    const namespace = object.metadata?.namespace ?? 'default';
    try {
      await client.create({ group, version, resource, namespace }, object as KubernetesObject, { dryRun: true });
      return 'allowed';
    } catch (error) {
      return String(error);
    }
  }

  it.each(kinds)('%s: some that are valid and some that are not', async (kind) => {
    const some = cases.get(kind) ?? [];
    expect(some.some((one) => one.expect.allowed)).toBe(true);
    // What Istio refuses in a ProxyConfig, its definition refuses before.
    expect(some.some((one) => !one.expect.allowed)).toBe(kind !== 'ProxyConfig');
    for (const one of some) {
      const { code, stderr } = await tryOut(one);
      const { allowed, message = '', warnings = [], warningsMatch } = one.expect;
      expect({ id: one.id, allowed: code === 0, stderr }).toMatchObject({ id: one.id, allowed });
      if (allowed && warningsMatch === undefined) {
        for (const warning of warnings) expect(stderr).toContain(`Warning: ${warning}`);
      }
      if (allowed) continue;
      const [, text] = (await refusalOf(one)).split(
        /^ApiError: admission webhook "(?:rev\.)?validation\.istio\.io" denied the request: /,
      );
      expect(text).toBe(message);
      const [, only = ''] = /^configuration is invalid: (.*)$/.exec(message) ?? [];
      expect(stderr).toContain(only);
    }
  });
});
