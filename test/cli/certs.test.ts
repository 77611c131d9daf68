import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeYamlMap } from '../../src/yaml/index.ts';
import { ScriptedApiServer } from '../cluster/support/scripted-api-server.ts';
import { run } from './support.ts';

let folder = '';
const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(name), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outrigger-certs-'));
  expect((await run(['certs', 'create', '--directory', folder])).code).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('outrigger certs create', () => {
  it('writes a CA and a certificate signed by it; only their owner can read the keys', () => {
    const [cert, ca] = [new X509Certificate(read('tls.crt')), new X509Certificate(read('ca.crt'))];
    expect(cert.verify(ca.publicKey)).toBe(true);
    expect(cert.checkHost('outrigger.istio-system.svc')).toBeDefined();
    expect(['ca.key', 'tls.key'].map((name) => statSync(path(name)).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('does not replace files unless told to', async () => {
    const before = read('tls.crt');
    const refused = await run(['certs', 'create', '-d', folder]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${path('tls.crt')} exists: use --force to replace it`);
    expect(read('tls.crt')).toBe(before);
    expect((await run(['certs', 'create', '-d', folder, '--force'])).code).toBe(0);
    expect(read('tls.crt')).not.toBe(before);
  });

  it('prints a Secret for kubectl, for the service and the lifetimes asked for', async () => {
    const flags = ['--revision', 'canary', '-n', 'mesh', '--dns-name', 'a.example.com', '--dns-name', 'b.example.com'];
    const { code, stdout } = await run(['certs', 'create', ...flags, '--certificate-lifetime', '48h']);
    expect(code).toBe(0);
    const secret = decodeYamlMap(stdout) as { type: string; metadata: object; data: Record<string, string> };
    expect(secret).toMatchObject({
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'outrigger-certificates-canary', namespace: 'mesh' },
    });
    expect(Object.keys(secret.data)).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    const cert = new X509Certificate(Buffer.from(secret.data['tls.crt'] ?? '', 'base64'));
    for (const name of ['outrigger-canary.mesh.svc', 'a.example.com', 'b.example.com']) {
      expect(cert.checkHost(name)).toBeDefined();
    }
    const hours = (new Date(cert.validTo).getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(47);
    expect(hours).toBeLessThan(49);
  });

  it('wants a CA that lasts as long as the certificate', async () => {
    expect((await run(['certs', 'create', '--ca-lifetime', '1h'])).code).toBe(2);
    expect((await run(['certs', 'create', '--ca-lifetime', 'x'])).code).toBe(2);
  });
});

describe('outrigger certs inspect', () => {
  it('shows what is in the files and that they work together', async () => {
    const { code, stdout } = await run([
      'certs',
      'inspect',
      path('tls.crt'),
      '--key',
      path('tls.key'),
      '--ca',
      path('ca.crt'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/subject {2}CN=outrigger\n/);
    expect(stdout).toMatch(/issuer {3}itself\n/);
    expect(stdout).toMatch(/(89|90) days left/);
    expect(stdout).toMatch(/EC prime256v1/);
    expect(stdout).toMatch(/The API server can call outrigger\.istio-system\.svc with it\.\n$/);
    expect(stdout).not.toContain('PRIVATE');
  });

  it('says what does not, and gives that as data, too', async () => {
    const args = ['certs', 'inspect', path('tls.crt'), '--key', path('ca.key')];
    const text = await run(args);
    expect(text.code).toBe(1);
    expect(text.stderr).toContain('does not belong to the certificate');
    const { code, stdout } = await run([...args, '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      host: 'outrigger.istio-system.svc',
      certificates: [{ place: path('tls.crt'), subject: 'CN=outrigger', ca: false, state: 'valid' }],
      problem: { code: 'KEY_MISMATCH' },
    });
    const other = await run([
      'certs',
      'inspect',
      path('tls.crt'),
      '--key',
      path('tls.key'),
      '--service-name',
      'istiod',
    ]);
    expect(other.stderr).toContain('is not for istiod.istio-system.svc');
  });

  it('reads stdin, and does without a key', async () => {
    const { code, stdout } = await run(['certs', 'inspect', '-'], read('tls.crt') + read('ca.crt'));
    expect(code).toBe(0);
    expect(stdout.match(/^stdin$/gm)).toHaveLength(2);
    expect(stdout).toContain('Give --key');
    expect((await run(['certs', 'inspect', '-'], 'x')).stderr).toContain('stdin is not in PEM form');
  });

  it('names files that cannot be read, and flags that contradict each other', async () => {
    expect(await run(['certs', 'inspect', '/nowhere'])).toMatchObject({ code: 1 });
    expect(await run(['certs', 'inspect', '--key', path('tls.key')])).toMatchObject({ code: 2 });
    expect(await run(['certs', 'inspect', path('tls.crt'), '--secret', 'x'])).toMatchObject({ code: 2 });
  });

  it('reads the Secret of the cluster', async () => {
    const api = await ScriptedApiServer.start();
    const collection = '/api/v1/namespaces/istio-system/secrets';
    const data = Object.fromEntries(
      ['tls.crt', 'tls.key', 'ca.crt'].map((name) => [name, Buffer.from(read(name)).toString('base64')]),
    );
    api.put(collection, { metadata: { name: 'outrigger-certificates', namespace: 'istio-system' }, data } as never);
    const { ca } = await api.credentials.forRequest();
    const kubeconfig = {
      clusters: [
        {
          name: 'a',
          cluster: {
            server: api.credentials.server.href,
            'certificate-authority-data': Buffer.from(String(ca)).toString('base64'),
          },
        },
      ],
      users: [{ name: 'a', user: { token: 'x' } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    };
    writeFileSync(path('kubeconfig'), JSON.stringify(kubeconfig));
    const flags = ['--kubeconfig', path('kubeconfig')];
    const { code, stdout, stderr } = await run(['certs', 'inspect', ...flags]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('tls.crt of Secret istio-system/outrigger-certificates');
    expect(await run(['certs', 'inspect', ...flags, '--secret', 'missing'])).toMatchObject({ code: 1 });
    await api.stop();
  });
});
