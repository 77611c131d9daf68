/**
 * A real Kubernetes control plane on 127.0.0.1 for end-to-end tests: etcd, kube-apiserver and kube-controller-manager as processes.
 *
 * There is no scheduler, kubelet, kube-proxy or cluster DNS: pods are created and stay Pending, and webhooks are reached through Services
 * of type ExternalName that point at localhost, which is the path the API server takes in production.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inThreeAttempts } from '../../support/attempts.ts';
import { freePort } from '../../support/free-port.ts';
import { buildControlPlane, type ControlPlanePrograms } from './build.ts';

const run = promisify(execFile);

/** What a kubectl call printed. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends a kubectl that hangs; deleting a namespace takes the longest. */
const kubectlTimeout = 300_000;

const tokens = { admin: 'admin-token', controllerManager: 'kcm-token' };

const controllers = [
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'namespace-controller',
  'root-ca-certificate-publisher-controller',
  'deployment-controller',
  'replicaset-controller',
  'replicationcontroller-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'cronjob-controller',
  'garbage-collector-controller',
];

/** A running control plane; {@link startControlPlane} makes one. */
export class ControlPlane {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** A kubeconfig of a user in group system:masters. */
  readonly kubeconfig: string;
  readonly folder: string;
  readonly #programs: ControlPlanePrograms;
  readonly #ports: { etcd: number; peer: number; apiServer: number };
  readonly #running = new Map<string, ChildProcess>();
  readonly #apiServerFlags: readonly string[];

  constructor(
    folder: string,
    programs: ControlPlanePrograms,
    ports: { etcd: number; peer: number; apiServer: number },
    apiServerFlags: readonly string[],
  ) {
    this.folder = folder;
    this.#programs = programs;
    this.#ports = ports;
    this.#apiServerFlags = apiServerFlags;
    this.url = `https://127.0.0.1:${ports.apiServer}`;
    this.kubeconfig = join(folder, 'admin.kubeconfig');
  }

  async start(): Promise<void> {
    this.#writeKeys();
    this.#spawn('etcd', [
      '--data-dir',
      join(this.folder, 'etcd'),
      '--client-url',
      `http://127.0.0.1:${this.#ports.etcd}`,
      '--peer-url',
      `http://127.0.0.1:${this.#ports.peer}`,
    ]);
    await this.startApiServer();
    this.#spawn('kube-controller-manager', [
      `--kubeconfig=${this.#writeKubeconfig('kcm.kubeconfig', tokens.controllerManager)}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${join(this.folder, 'sa.key')}`,
      `--root-ca-file=${this.#certificate()}`,
      `--controllers=${controllers.join(',')}`,
    ]);
    await this.waitForServiceAccount('default');
  }

  /** Starts kube-apiserver, at first or again after {@link stopApiServer}, and waits until it is ready. */
  async startApiServer(): Promise<void> {
    this.#spawn('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${this.#ports.etcd}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${this.#ports.apiServer}`,
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--cert-dir=${join(this.folder, 'apiserver')}`,
      `--token-auth-file=${join(this.folder, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--allow-privileged=true',
      '--service-cluster-ip-range=10.0.0.0/24',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(this.folder, 'sa.pub')}`,
      `--service-account-signing-key-file=${join(this.folder, 'sa.key')}`,
      ...this.#apiServerFlags,
    ]);
    const isDecided = async (): Promise<boolean> => this.#ended() !== undefined || (await this.#apiServerIsReady());
    await this.waitFor('kube-apiserver', isDecided, 300_000);
    const ended = this.#ended();
    if (ended !== undefined) throw new Error(`${ended} ended at its start`);
    this.#writeKubeconfig('admin.kubeconfig', tokens.admin);
  }

  async stopApiServer(): Promise<void> {
    await this.#stop('kube-apiserver');
  }

  /** Runs kubectl as an administrator; never throws for an exit code. */
  async kubectl(...args: string[]): Promise<KubectlResult> {
    return this.kubectlAs(this.kubeconfig, ...args);
  }

  async kubectlAs(kubeconfig: string, ...args: string[]): Promise<KubectlResult> {
    try {
      const { stdout, stderr } = await run(this.#programs.kubectl, ['--kubeconfig', kubeconfig, ...args], {
        maxBuffer: 64 * 1024 * 1024,
        timeout: kubectlTimeout,
      });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const failed = error as { code?: unknown; stdout?: string; stderr?: string };
      return {
        code: typeof failed.code === 'number' ? failed.code : 1,
        stdout: failed.stdout ?? '',
        stderr: failed.stderr ?? String(error),
      };
    }
  }

  /** Applies objects given as JavaScript values; throws with kubectl's words when one is refused. */
  async apply(...objects: readonly unknown[]): Promise<void> {
    const file = join(this.folder, `apply-${Math.random().toString(36).slice(2)}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const result = await this.kubectl('apply', '--server-side', '--force-conflicts', '-f', file);
    if (result.code !== 0) throw new Error(`kubectl apply failed: ${result.stderr}`);
  }

  async get<T>(...args: string[]): Promise<T> {
    const result = await this.kubectl('get', ...args, '-o', 'json');
    if (result.code !== 0) throw new Error(`kubectl get ${args.join(' ')} failed: ${result.stderr}`);
    return JSON.parse(result.stdout) as T;
  }

  /** Polls until `done` says so; the error names what was waited for. The time is there to end what hangs, on slow machines too. */
  async waitFor(what: string, done: () => Promise<boolean>, timeoutMs = 180_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      if (await done().catch(() => false)) return;
      if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}; logs are in ${this.folder}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Waits until pods can be created in a namespace: they need its service account, which a controller makes. */
  waitForServiceAccount(namespace: string): Promise<void> {
    return this.waitFor(
      `the service account of ${namespace}`,
      async () => (await this.kubectl('get', 'serviceaccount', 'default', '-n', namespace)).code === 0,
    );
  }

  /** Stops everything in reverse order and removes the folder. */
  async stop(): Promise<void> {
    for (const name of ['kube-controller-manager', 'kube-apiserver', 'etcd']) await this.#stop(name);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A process that is no more, though nobody stopped it. */
  #ended(): string | undefined {
    for (const [name, { exitCode, signalCode }] of this.#running)
      if (exitCode !== null || signalCode !== null) return name;
    return undefined;
  }

  #spawn(name: string, args: readonly string[]): void {
    const log = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    const child = spawn(this.#programs.kapi, [name, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#running.set(name, child);
  }

  async #stop(name: string): Promise<void> {
    const child = this.#running.get(name);
    this.#running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    // A test need not wait for watches to end.
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(force);
  }

  #certificate(): string {
    return join(this.folder, 'apiserver/apiserver.crt');
  }

  #writeKeys(): void {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(join(this.folder, 'sa.key'), privateKey.export({ type: 'sec1', format: 'pem' }));
    writeFileSync(join(this.folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(
      join(this.folder, 'tokens.csv'),
      `${tokens.admin},admin,u1,"system:masters"\n${tokens.controllerManager},system:kube-controller-manager,u2\n`,
    );
  }

  #writeKubeconfig(name: string, token: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, this.kubeconfigFor(token));
    return path;
  }

  /** Text of a kubeconfig with a bearer token. */
  kubeconfigFor(token: string): string {
    const cluster = { server: this.url, 'certificate-authority': this.#certificate() };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'user', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
      'current-context': 'test',
    });
  }

  #apiServerIsReady(): Promise<boolean> {
    if (!existsSync(this.#certificate())) return Promise.resolve(false);
    return new Promise((resolve) => {
      const call = request(
        `${this.url}/readyz`,
        {
          ca: readFileSync(this.#certificate()),
          headers: { authorization: `Bearer ${tokens.admin}` },
          agent: false,
          timeout: 10_000,
        },
        (response) => {
          response.resume();
          resolve(response.statusCode === 200);
        },
      );
      call.once('error', () => {
        resolve(false);
      });
      call.once('timeout', () => call.destroy());
      call.end();
    });
  }
}

/** Builds what is missing and starts a control plane in a folder of its own. `apiServerFlags` are added to kube-apiserver's. */
export async function startControlPlane(apiServerFlags: readonly string[] = []): Promise<ControlPlane> {
  const programs = await buildControlPlane();
  // Somebody else may have taken a port meanwhile.
  return inThreeAttempts(() => start(programs, apiServerFlags));
}

async function start(programs: ControlPlanePrograms, apiServerFlags: readonly string[]): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-e2e-'));
  const [etcd, peer, apiServer] = [await freePort(), await freePort(), await freePort()];
  const controlPlane = new ControlPlane(folder, programs, { etcd, peer, apiServer }, apiServerFlags);
  // kubectl and Helm keep for hours which resources there are behind an address: another control plane may have had this one.
  process.env['KUBECACHEDIR'] = join(folder, 'discovery');
  try {
    await controlPlane.start();
  } catch (error) {
    for (const name of ['kube-apiserver', 'etcd']) {
      const log = join(folder, `${name}.log`);
      if (existsSync(log)) process.stderr.write(`--- ${name}\n${readFileSync(log, 'utf8').slice(-4000)}\n`);
    }
    await controlPlane.stop();
    throw error;
  }
  return controlPlane;
}
