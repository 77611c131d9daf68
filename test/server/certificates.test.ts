import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readServingCertificate } from '../../src/server/certificates.ts';
import { ownCertificate } from '../../src/server/own-certificates.ts';
import { scratchFolder, testCertificate } from './support/certificate.ts';

const day = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * day);

describe('a serving certificate given as files', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    ({ folder } = await testCertificate());
    writeFileSync(file('text.pem'), 'hello\n');
    mkdirSync(file('folder'));
    const other = await testCertificate();
    cpSync(join(other.folder, 'tls.key'), file('other.key'));
  });

  it('is read with its key and its end', () => {
    const certificate = readServingCertificate({ certFile: file('tls.crt'), keyFile: file('tls.key') }, new Date());
    expect(certificate.cert).toBe(readFileSync(file('tls.crt'), 'utf8'));
    expect(certificate.key).toBe(readFileSync(file('tls.key'), 'utf8'));
    expect(certificate.notAfter.getTime()).toBeGreaterThan(inDays(360).getTime());
  });

  it.each([
    [
      'a missing certificate',
      'none.crt',
      'tls.key',
      'FILE_NOT_READABLE',
      /serving certificate .*none\.crt: no such file/,
    ],
    ['a missing key', 'tls.crt', 'none.key', 'FILE_NOT_READABLE', /private key .*none\.key: no such file/],
    ['a folder', 'folder', 'tls.key', 'FILE_NOT_READABLE', /folder: is a directory, not a file/],
    [
      'a certificate that is none',
      'text.pem',
      'tls.key',
      'CERTIFICATE_INVALID',
      /text\.pem is not a certificate in PEM form/,
    ],
    ['a key that is none', 'tls.crt', 'text.pem', 'KEY_INVALID', /text\.pem is not an unencrypted private key/],
    [
      'a key of another certificate',
      'tls.crt',
      'other.key',
      'KEY_MISMATCH',
      /other\.key does not belong to .*tls\.crt/,
    ],
  ])('is refused with one sentence for %s', (_what, cert, key, code, message) => {
    const read = (): unknown => readServingCertificate({ certFile: file(cert), keyFile: file(key) }, new Date());
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  it('is refused after its end', () => {
    const read = (): unknown =>
      readServingCertificate({ certFile: file('tls.crt'), keyFile: file('tls.key') }, inDays(366));
    expect(read).toThrow(/tls\.crt expired on \d{4}-/);
  });
});

describe("a standalone server's own certificate", () => {
  it('is made with a CA of its own, for this machine and the service names', async () => {
    const folder = join(scratchFolder(), 'certs', 'standalone');
    const own = await ownCertificate(folder, new Date());
    const leaf = new X509Certificate(own.cert);
    const ca = new X509Certificate(readFileSync(own.caFile ?? ''));
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    for (const name of ['localhost', 'outrigger.istio-system.svc']) expect(leaf.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1']) expect(leaf.checkIP(address)).toBeDefined();
    expect(ca.ca).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    expect(statSync(join(folder, 'tls.key')).mode & 0o777).toBe(0o600);
  });

  it('is accepted by openssl', async () => {
    const { folder } = await testCertificate();
    const verify = ['verify', '-x509_strict', '-CAfile', join(folder, 'ca.crt'), join(folder, 'tls.crt')];
    expect(execFileSync('openssl', verify, { encoding: 'utf8' })).toContain('OK');
  });

  it('stays the same at the next start', async () => {
    const first = await testCertificate();
    expect((await ownCertificate(first.folder, new Date())).cert).toBe(first.cert);
  });

  it('is replaced when it is near its end', async () => {
    const first = await testCertificate();
    const next = await ownCertificate(first.folder, inDays(340));
    expect(next.cert).not.toBe(first.cert);
    expect(next.notAfter.getTime()).toBeGreaterThan(inDays(690).getTime());
  });

  it('is replaced when a file is damaged, and when the CA is another', async () => {
    const first = await testCertificate();
    const other = await testCertificate();
    writeFileSync(join(first.folder, 'tls.key'), 'damaged');
    const second = await ownCertificate(first.folder, new Date());
    expect(second.cert).not.toBe(first.cert);
    cpSync(join(other.folder, 'ca.crt'), join(first.folder, 'ca.crt'));
    expect((await ownCertificate(first.folder, new Date())).cert).not.toBe(second.cert);
  });

  it('is agreed upon by servers that start at once', async () => {
    const folder = join(scratchFolder(), 'standalone');
    const made = await Promise.all(Array.from({ length: 4 }, () => ownCertificate(folder, new Date())));
    expect(new Set(made.map(({ cert }) => cert)).size).toBe(1);
    expect(readdirSync(join(folder, '..'))).toEqual(['standalone']);
  });

  it('lives in memory where nothing can be written', async () => {
    // Not even root may make folders in /proc.
    const folder = '/proc/outrigger/standalone';
    const own = await ownCertificate(folder, new Date());
    expect(new X509Certificate(own.cert).checkHost('localhost')).toBe('localhost');
    expect(own.caFile).toBeUndefined();
  });
});
