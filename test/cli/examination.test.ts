import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsTable, removalText, summaryOf } from '../../src/cli/examination/report.ts';
import { examineServed } from '../../src/cli/examination/services.ts';
import { finding } from '../../src/doctor/index.ts';
import { makeCertificate } from '../e2e/support/certificate.ts';
import { run } from './support.ts';

const plain = pc.createColors(false);

describe('the certificate that a service shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-served-'));
  const other = mkdtempSync(join(tmpdir(), 'outrigger-other-'));
  const service = { namespace: 'istio-system', name: 'outrigger', port: 443 };
  const certificate = makeCertificate(folder, ['outrigger']);
  let server: Server;
  beforeAll(async () => {
    server = createServer({ cert: certificate.pem, key: readFileSync(certificate.keyFile) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    for (const path of [folder, other]) rmSync(path, { recursive: true, force: true });
  });
  const address = () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const bundle = (pem: Buffer): string => pem.toString('base64');

  it('is trusted by the caBundle that signed it, and has a last day', async () => {
    const { distrust, unreachable, notAfter } = await examineServed(service, bundle(certificate.pem), address());
    expect({ distrust, unreachable }).toEqual({ distrust: undefined, unreachable: undefined });
    expect(Number(notAfter)).toBeGreaterThan(Date.now());
  });

  it('is not trusted by another one', async () => {
    const { pem } = makeCertificate(other, ['outrigger']);
    expect((await examineServed(service, bundle(pem), address())).distrust).toMatch(/SELF_SIGNED|self.signed|VERIFY/i);
  });

  it('is not trusted without any, whatever the system trusts', async () => {
    expect((await examineServed(service, '', address())).distrust).toBeDefined();
  });

  it('is not trusted under another name', async () => {
    const elsewhere = { ...service, namespace: 'elsewhere' };
    expect((await examineServed(elsewhere, bundle(certificate.pem), address())).distrust).toMatch(/ALTNAME|altnames/);
  });

  it('cannot be seen where nobody listens', async () => {
    const { unreachable } = await examineServed(service, bundle(certificate.pem), { host: '127.0.0.1', port: 1 });
    expect(unreachable).toContain('ECONNREFUSED');
  });
});

describe('the report', () => {
  const findings = [
    finding('NO_ENDPOINTS', 'Service/outrigger', { service: 'a/outrigger', namespace: 'a' }),
    finding('MATCHES_NOTHING', 'x/y', { configuration: 'x/y', label: 'istio.io/rev=z' }),
  ];

  it('is a table with the remedy below each finding', () => {
    expect(findingsTable(findings, plain)).toBe(
      [
        'LEVEL    OBJECT             FINDING',
        'error    Service/outrigger  The service a/outrigger has no ready endpoint.',
        '                            → Look at its pods: kubectl get pods --namespace a',
        'info     x/y                No namespace is selected by x/y.',
        '                            → Label one: kubectl label namespace NAME istio.io/rev=z; or delete it when it is no longer used.',
        '',
      ].join('\n'),
    );
  });

  it('is empty without findings', () => {
    expect(findingsTable([], plain)).toBe('');
  });

  it('counts them', () => {
    expect(summaryOf(findings)).toBe('1 error, 0 warnings, 1 note');
  });

  it('shows a plan step by step', () => {
    const steps = [{ title: 'Stop it', reason: 'Because.', commands: ['kubectl delete service x'] }];
    expect(removalText({ dependents: [{ object: 'Namespace/a', message: 'is injected' }], steps }, plain)).toBe(
      'What depends on it\n  Namespace/a is injected\n\n1. Stop it\n   Because.\n   kubectl delete service x\n',
    );
    expect(removalText({ dependents: [], steps: [] }, plain)).toContain('Nothing of this installation was found.');
  });
});

describe('the command line', () => {
  it('refuses an address that is none', async () => {
    const { code, stderr } = await run(['doctor', '--connect', 'nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('HOST:PORT');
  });

  it('uninstalls nothing', async () => {
    const { code, stderr } = await run(['uninstall']);
    expect(code).toBe(2);
    expect(stderr).toContain('add --plan');
  });

  it.each(['doctor', 'uninstall'])('%s tells in one sentence that the API server is not there', async (command) => {
    const { code, stderr } = await run([
      command,
      ...(command === 'uninstall' ? ['--plan'] : []),
      '--kubeconfig',
      '/nowhere',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*\/nowhere/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
