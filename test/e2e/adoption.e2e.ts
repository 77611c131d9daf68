/**
 * The way of docs/adoption.md, with the very commands of that document, on a real API server. In the place of istiod stands a second
 * process of ours with istiod's names: what matters here is who is called, not how it injects.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Process } from '../cli/support.ts';
import { repositoryRoot } from '../support/shared.ts';
import { buildControlPlane, buildHelm } from './support/build.ts';
import { makeCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { reachableAt, renderChart, withCaBundle } from './support/manifests.ts';
import { containerArgs, reachProcess } from './support/process.ts';

const guide = readFileSync(join(repositoryRoot, 'docs/adoption.md'), 'utf8');

/** The blocks of commands of a section of the guide. */
function commandsOf(heading: string): string[] {
  const [, section = ''] = guide.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  return [...text.matchAll(/```\n([^]*?)```/g)].map(([, block = '']) => block);
}

const port = ({ https }: { https: string }): number => Number(new URL(https).port);

describe('the adoption guide', () => {
  let cluster: ControlPlane;
  let istiod: Process;
  let outrigger: Process;
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-adoption-'));

  beforeAll(async () => {
    cluster = await startControlPlane();
    symlinkSync(await buildHelm(), join(folder, 'helm'));
    symlinkSync((await buildControlPlane()).kubectl, join(folder, 'kubectl'));
    const main = join(repositoryRoot, 'src/cli/main.ts');
    writeFileSync(join(folder, 'outrigger'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(folder, 'outrigger'), 0o755);
    symlinkSync(join(repositoryRoot, 'manifests'), join(folder, 'manifests'));

    const certificate = makeCertificate(folder, ['istiod']);
    const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
    istiod = launch(['serve', '--standalone', '--port', '0', '--monitoring-port', '0', ...tls]);
    const objects = JSON.parse(
      JSON.stringify(withCaBundle(reachableAt(await renderChart(), port(await istiod.firstLine)), certificate.pem))
        .replaceAll('"outrigger-sidecar-injector"', '"istio-sidecar-injector"')
        .replaceAll('"outrigger"', '"istiod"'),
    ) as Awaited<ReturnType<typeof renderChart>>;
    const namespace = (name: string, labels = {}) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
    await cluster.apply(namespace('istio-system'), namespace('shop', { 'istio-injection': 'enabled' }));
    await cluster.apply(...objects.filter(({ kind }) => kind === 'Service' || kind === 'MutatingWebhookConfiguration'));
    const [map] = objects.filter(({ kind }) => kind === 'ConfigMap');
    for (const name of ['istio-sidecar-injector', 'istio']) {
      await cluster.apply({ ...map, metadata: { name, namespace: 'istio-system' } });
    }
    const labels = { app: 'web' };
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    });
  });
  afterAll(async () => {
    for (const process of [istiod, outrigger]) {
      process.child.kill('SIGTERM');
      await process.exited;
    }
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs commands of the guide; pods never run here, so that nobody waits for them. */
  function follow(block: string): string {
    const script = block
      .replaceAll('IMAGE', '--set image.repository=outrigger')
      .replace(/^(kubectl rollout status|outrigger doctor).*\n/gm, '');
    return execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, KUBECONFIG: cluster.kubeconfig },
    });
  }

  /** The revisions that injected a new pod, or nothing. */
  async function revisionOf(...labels: string[]): Promise<string> {
    const flags = labels.length === 0 ? [] : [`--labels=${labels.join()}`];
    const path = '-o=jsonpath={.metadata.annotations.istio\\.io/rev}';
    const { stdout, stderr } = await cluster.kubectl(
      'run',
      'p',
      '--image=p',
      '-n',
      'shop',
      '--dry-run=server',
      path,
      ...flags,
    );
    return stderr === '' ? stdout : stderr;
  }

  async function settlesAt(revision: string): Promise<void> {
    let last = '';
    const found = async (): Promise<boolean> => (last = await revisionOf()) === revision;
    await cluster.waitFor(`pods of revision ${revision}`, found).catch((error: unknown) => {
      throw new Error(`pods are still of revision ${last}`, { cause: error });
    });
  }

  it('begins with an istiod that injects', async () => {
    await settlesAt('default');
  });

  it('1. shows what would be injected', () => {
    const [look = ''] = commandsOf('1. Look');
    expect(follow(look)).toContain('name: istio-proxy');
  });

  it('2. installs a revision that nobody asks for', async () => {
    const [install = ''] = commandsOf('2. Install as a revision');
    follow(install);
    const args = containerArgs(await renderChart({ revision: 'outrigger' })).filter(
      (arg) => !arg.includes('last-good'),
    );
    const ports = ['--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'];
    outrigger = launch([...args, '--kubeconfig', cluster.kubeconfig, ...ports]);
    await reachProcess(cluster, 'outrigger-outrigger', port(await outrigger.firstLine));
    await settlesAt('default');
  });

  it('3. moves a namespace, and back', async () => {
    const [, move = '', back = ''] = commandsOf('3. Move one namespace');
    follow(move);
    await settlesAt('outrigger');
    // kubectl refuses two restarts in the same second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    follow(back);
    await settlesAt('default');
  });

  it('4. takes over, and gives back', async () => {
    const [takeOver = '', back = ''] = commandsOf('4. Take over');
    follow(takeOver);
    await reachProcess(cluster, 'outrigger-outrigger', port(await outrigger.firstLine));
    await settlesAt('outrigger');
    follow(back);
    await settlesAt('default');
    await cluster.waitFor('the other label', async () => (await revisionOf('istio.io/rev=outrigger')) === 'default');
  });

  it('ends with a plan and without a trace', async () => {
    const [remove = ''] = commandsOf('Uninstall');
    expect(follow(remove)).toContain('Take the webhook configurations away');
    const left = await cluster.kubectl(
      'get',
      'mutatingwebhookconfigurations,validatingwebhookconfigurations',
      '-o',
      'name',
    );
    expect(left.stdout.trim()).toBe('mutatingwebhookconfiguration.admissionregistration.k8s.io/istio-sidecar-injector');
    await settlesAt('default');
  });
});
