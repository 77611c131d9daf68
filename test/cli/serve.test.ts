import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { beginRequest, callHttps } from '../server/support/client.ts';
import { configurationFolder, podReview, sampleReview } from '../server/support/fixtures.ts';
import { testCertificate } from '../server/support/certificate.ts';
import { launch, run, start, type Process } from './support.ts';

const json = { 'content-type': 'application/json' };
const folder = configurationFolder();
const files = [
  ['--inject-config', join(folder, 'config.yaml')],
  ['--inject-values', join(folder, 'values.yaml')],
  ['--mesh-config', join(folder, 'mesh.yaml')],
  ['--objects', join(folder, 'objects.yaml')],
].flat();
const freePorts = ['--port', '0', '--monitoring-port', '0'];

const launched: Process[] = [];
afterAll(() => {
  for (const { child } of launched) child.kill('SIGKILL');
});

async function launchServer(...flags: string[]): Promise<Process & { https: string; monitoring: string }> {
  const { folder: certificates } = await testCertificate();
  const tls = [
    '--tls-cert-file',
    join(certificates, 'tls.crt'),
    '--tls-private-key-file',
    join(certificates, 'tls.key'),
  ];
  const process = launch(['serve', '--standalone', ...freePorts, ...tls, ...files, ...flags]);
  launched.push(process);
  return { ...process, ...(await process.firstLine) };
}

/** Waits until the server has had a signal. */
const isDraining = ({ monitoring }: { monitoring: string }): Promise<void> =>
  expect.poll(async () => (await fetch(`${monitoring}/readyz`)).status).toBe(503);

describe('outrigger serve, as a process', () => {
  it('says where it listens, answers, and ends at SIGTERM with 0 after finishing what is in flight', async () => {
    const server = await launchServer('--revision', 'canary');
    expect(server.https).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(server.monitoring).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await callHttps(server.https, { headers: json, body: sampleReview })).toMatchObject({ status: 200 });
    expect(await (await fetch(`${server.monitoring}/readyz`)).text()).toBe('ok');

    const slow = await beginRequest(server.https, podReview());
    server.child.kill('SIGTERM');
    await isDraining(server);
    slow.finish();
    const { code, signal, stdout, stderr } = await server.exited;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    await expect.poll(slow.answer).toContain('"allowed":true');
    expect(stdout).toBe(
      `${JSON.stringify({ event: 'listening', https: server.https, monitoring: server.monitoring })}\n`,
    );
    const messages = stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(messages[0]).toBe('configuration loaded');
    expect(messages.slice(-3)).toEqual(['draining', 'Process sidecar injection request', 'stopped']);
  });

  it('ends at once at the second signal', async () => {
    const server = await launchServer();
    await beginRequest(server.https, podReview());
    server.child.kill('SIGINT');
    await isDraining(server);
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 128 + 15 });
  });

  it('survives hostile requests', async () => {
    const server = await launchServer();
    const deep = '['.repeat(200_000);
    const bodies = [
      '{',
      'null',
      deep,
      `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"object":${deep}`,
      '\u0000',
      'a: &a [*a]',
    ];
    for (const body of bodies) {
      const answer = await callHttps(server.https, { headers: json, body });
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('"allowed":false');
    }
    expect(await callHttps(server.https, { headers: json, body: podReview() })).toMatchObject({ status: 200 });
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0 });
  });

  it('ends with 1 and one sentence when a port is in use', async () => {
    const occupied = createServer();
    await new Promise<void>((resolve) => occupied.listen(0, '127.0.0.1', resolve));
    const { port } = occupied.address() as AddressInfo;
    const process = launch(['serve', '--standalone', '--monitoring-port', '0', '--port', String(port), ...files]);
    const { code, stdout, stderr } = await process.exited;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      `Error: cannot listen for the webhooks on 127.0.0.1:${port}: the port is already in use (see --port)\n`,
    );
    expect(stderr).not.toContain('    at ');
    occupied.close();
  });
});

describe('outrigger serve, in this process', () => {
  it('reports input it refuses with exit code 1', async () => {
    const { code, stdout, stderr } = await run([
      'serve',
      '--standalone',
      ...freePorts,
      '--inject-config',
      '/nowhere/config.yaml',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'Error: cannot read the injector configuration /nowhere/config.yaml: no such file or directory\n',
    );
  });

  it('shows on a terminal how to try it, with the certificate it made', async () => {
    const running = start(['serve', '--standalone', ...freePorts, ...files], '', true);
    await expect.poll(running.stdout).toContain('curl');
    process.emit('SIGTERM');
    const { code, stdout, stderr } = await running.done;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Try it:\n {2}curl -s --cacert \S*certs\/standalone\/ca\.crt -H 'Content-Type: application\/json' --data @\S*examples\/review\.json https:\/\/127\.0\.0\.1:\d+\/inject\n/,
    );
    expect(stderr).toContain('configuration loaded');
    expect(() => JSON.parse(stderr.split('\n')[0] ?? '') as unknown).toThrow();
  });
});
