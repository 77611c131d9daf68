/**
 * The container image, as far as it can be had without image tools: the files of its final stage on a read-only root, as its user, with
 * nothing to write to but what the manifests mount, and with the service account of a pod.
 */
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { assemble, emptyDir, obstacle, readStages, runContainer, valueOf, type Container } from './support/image.ts';
import { renderChart, type ManifestObject } from './support/manifests.ts';
import { containerArgs, reachProcess } from './support/process.ts';

interface PodSpec {
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly containers: readonly {
    readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
}

const reason = obstacle();
if (reason !== undefined) {
  process.stderr.write(`\n> the container is left out: this machine cannot make namespaces (${reason})\n`);
  if (process.env['CI'] === 'true') throw new Error(`CI must run the container: ${reason}`);
}

describe.skipIf(reason !== undefined)('the container', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-image-'));
  const [buildStage, finalStage] = readStages();
  const app = join(folder, 'app');
  const namespace = 'istio-system';
  let cluster: ControlPlane;
  let objects: ManifestObject[] = [];
  let pod: PodSpec;
  let container: Container;

  beforeAll(async () => {
    if (buildStage === undefined || finalStage === undefined) throw new Error('the Dockerfile has two stages');
    await assemble(buildStage, join(folder, 'build'), new Map());
    await assemble(finalStage, app, new Map([[buildStage.name, join(folder, 'build')]]));
    cluster = await startControlPlane();
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    objects = await renderChart({ certificates: { certificateLifetime: '60s', caLifetime: '600s' } });
    await cluster.apply(...objects);
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
    });
    pod = (objects.find(({ kind }) => kind === 'Deployment') as unknown as { spec: { template: { spec: PodSpec } } })
      .spec.template.spec;
    container = await asPod();
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the kubelet would do with the Deployment of the chart. */
  async function asPod(): Promise<Container> {
    const { runAsUser: user, runAsGroup: group } = pod.securityContext;
    const account = join(folder, 'serviceaccount');
    mkdirSync(account);
    const { stdout: token } = await cluster.kubectl('create', 'token', 'outrigger', '-n', namespace);
    const kubeconfig = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as {
      clusters: { cluster: { 'certificate-authority': string } }[];
    };
    const ca = kubeconfig.clusters[0]?.cluster['certificate-authority'] ?? '';
    writeFileSync(join(account, 'token'), token.trim());
    copyFileSync(ca, join(account, 'ca.crt'));
    writeFileSync(join(account, 'namespace'), namespace);
    const emptyDirs = pod.volumes.filter(({ emptyDir: volume }) => volume !== undefined).map(({ name }) => name);
    const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts);
    expect(mounted.map(({ name }) => name)).toEqual(emptyDirs);
    const { hostname, port } = new URL(cluster.url);
    return {
      app,
      workdir: valueOf(finalStage as never, 'WORKDIR'),
      user,
      group,
      scratch: join(folder, 'container'),
      mounts: [
        { source: account, target: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
        ...mounted.map(({ name, mountPath }) => ({
          source: emptyDir(join(folder, 'volumes', name), user, group),
          target: mountPath,
          readOnly: false,
        })),
      ],
      env: {
        NODE_ENV: 'production',
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
        POD_NAMESPACE: namespace,
        POD_NAME: 'outrigger-0',
      },
    };
  }

  async function sh(command: string): Promise<{ code: number; text: string }> {
    const child = runContainer(container, ['sh', '-c', command]);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, text };
  }

  /** Starts the entry point with the arguments of the manifests, on free ports. */
  function serve(): {
    readonly child: ReturnType<typeof runContainer>;
    readonly log: () => string;
    readonly line: Promise<{ https: string; monitoring: string }>;
  } {
    const entry = JSON.parse(valueOf(finalStage as never, 'ENTRYPOINT')) as string[];
    const ports = ['--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'];
    const child = runContainer(container, [...entry, ...containerArgs(objects), ...ports]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const line = new Promise<{ https: string; monitoring: string }>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [first = '', ...rest] = text.split('\n');
        if (rest.length > 0) resolve(JSON.parse(first) as { https: string; monitoring: string });
      });
      child.once('exit', (code) => {
        reject(new Error(`ended with ${String(code)}: ${log}`));
      });
    });
    return { child, log: () => log, line };
  }

  const serial = (port: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port, servername: `outrigger.${namespace}.svc`, rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });

  it('has the user and the files of the Dockerfile, and the security context of the manifests', () => {
    const { user, group } = container;
    expect(valueOf(finalStage as never, 'USER')).toBe(`${String(user)}:${String(group)}`);
    expect(user).toBeGreaterThan(0);
    expect(pod.containers.map(({ securityContext }) => securityContext.readOnlyRootFilesystem)).toEqual([true]);
    for (const path of ['dist/cli/main.js', 'templates/sidecar.yaml', 'examples', 'node_modules/fastify']) {
      expect([path, existsSync(join(app, path))]).toEqual([path, true]);
    }
    for (const path of ['src', 'test', 'node_modules/vitest', 'node_modules/typescript']) {
      expect([path, existsSync(join(app, path))]).toEqual([path, false]);
    }
  });

  it('can write to what the manifests mount, and nowhere else', async () => {
    const { user, group } = container;
    expect(await sh('id -u; id -g; pwd')).toEqual({ code: 0, text: `${String(user)}\n${String(group)}\n/app\n` });
    for (const path of ['/app/x', '/tmp/x', '/x', '/etc/x', '/usr/x', '/app/certs/x']) {
      const { code, text } = await sh(`touch ${path}`);
      expect([path, code, text]).toEqual([path, 1, expect.stringMatching(/Read-only file system|No such file/)]);
    }
    expect(
      await sh('grep -c "^CapEff:\\s*0*$" /proc/self/status; grep -c "^NoNewPrivs:\\s*1$" /proc/self/status'),
    ).toEqual({
      code: 0,
      text: '1\n1\n',
    });
    const { code } = await sh('touch /var/lib/outrigger/x && rm /var/lib/outrigger/x');
    expect(code).toBe(0);
  });

  it('serves from files alone: the command of the image', async () => {
    const command = JSON.parse(valueOf(finalStage as never, 'CMD')) as string[];
    const entry = JSON.parse(valueOf(finalStage as never, 'ENTRYPOINT')) as string[];
    const child = runContainer({ ...container, mounts: [] }, [
      ...entry,
      ...command,
      '--port',
      '0',
      '--monitoring-port',
      '0',
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { monitoring } = JSON.parse(line.toString()) as { monitoring: string };
    expect((await fetch(new URL('/readyz', monitoring))).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('serves in a cluster: answers, rotates, keeps its state in the volume, and starts from it without the API server', async () => {
    const first = serve();
    const { https, monitoring } = await first.line;
    const port = Number(new URL(https).port);
    await reachProcess(cluster, 'outrigger', port);
    const inject = async (): Promise<boolean> => {
      const run = ['run', 'web', '--image=web', '-n', 'shop', '--dry-run=server', '-o', 'name'];
      return (await cluster.kubectl(...run)).code === 0;
    };
    await cluster.waitFor('injection', inject);
    const before = await serial(port);
    await cluster.waitFor('a rotation', async () => (await serial(port)) !== before);
    expect(await inject()).toBe(true);
    expect((await fetch(new URL('/readyz', monitoring))).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await once(first.child, 'exit')).toEqual([0, null]);
    expect(first.log()).not.toMatch(/EROFS|EACCES|read-only file system/i);

    const state = join(folder, 'volumes/state');
    const { mode, uid } = statSync(join(state, 'last-good.json.certificate'));
    expect([existsSync(join(state, 'last-good.json')), mode & 0o777]).toEqual([true, 0o600]);
    expect(uid).toBe(process.getuid?.() === 0 ? container.user : process.getuid?.());

    await cluster.stopApiServer();
    const second = serve();
    const { monitoring: again } = await second.line;
    await cluster.waitFor('readiness', async () => (await fetch(new URL('/readyz', again))).status === 200);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    expect(second.log()).not.toMatch(/EROFS|EACCES|read-only file system/i);
  });
});
