import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issueAuthority, issueServingCertificate, type Validity } from '../cluster/certificates/issue.ts';
import { readServingCertificate, type ServingCertificate } from './certificates.ts';
import { systemCode } from './startup-error.ts';

/** Names that the certificate of a standalone server is good for: this machine, and the service names of a cluster. */
const dnsNames = [
  'localhost',
  'outrigger',
  'outrigger.istio-system',
  'outrigger.istio-system.svc',
  'outrigger.istio-system.svc.cluster.local',
];
const ipAddresses = ['127.0.0.1', '::1'];

const day = 24 * 60 * 60 * 1000;
const caLifetime = 3650 * day;
const certificateLifetime = 365 * day;

/** Certificates that expire sooner are replaced at start. */
const renewBefore = 30 * day;

/** Names as in a Kubernetes TLS secret. */
const fileNames = { caCert: 'ca.crt', caKey: 'ca.key', cert: 'tls.crt', key: 'tls.key' } as const;

type Pems = Record<keyof typeof fileNames, string>;

/**
 * The certificate of a standalone server: that of `folder`, which is filled at the first start and when its
 * certificate is near its end. The folder appears as a whole, so that servers started at once agree on one CA.
 *
 * Where nothing can be written (a read-only file system) the certificate lives in memory only.
 */
export async function ownCertificate(folder: string, now: Date): Promise<ServingCertificate> {
  const existing = readOwn(folder, now);
  if (existing !== undefined) return existing;
  const pems = await issueCertificates(now);
  try {
    writeFolder(folder, pems, now);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOENT'].includes(systemCode(error))) throw error;
  }
  return (
    readOwn(folder, now) ?? { cert: pems.cert, key: pems.key, notAfter: new Date(now.getTime() + certificateLifetime) }
  );
}

/** The certificate in `folder`, or nothing when it is missing, damaged or near its end. */
function readOwn(folder: string, now: Date): ServingCertificate | undefined {
  const path = (name: keyof Pems): string => join(folder, fileNames[name]);
  try {
    const soon = new Date(now.getTime() + renewBefore);
    const certificate = readServingCertificate({ certFile: path('cert'), keyFile: path('key') }, soon);
    const ca = new X509Certificate(readFileSync(path('caCert')));
    if (!new X509Certificate(certificate.cert).verify(ca.publicKey)) return undefined;
    return { ...certificate, caFile: path('caCert') };
  } catch {
    return undefined;
  }
}

function writeFolder(folder: string, pems: Pems, now: Date): void {
  makeFolder(dirname(folder));
  const staging = mkdtempSync(`${folder}-`);
  const replaced = `${staging}-replaced`;
  try {
    for (const [name, file] of Object.entries(fileNames)) {
      writeFileSync(join(staging, file), pems[name as keyof Pems], { mode: file.endsWith('.key') ? 0o600 : 0o644 });
    }
    if (existsSync(folder) && readOwn(folder, now) === undefined) renameSync(folder, replaced);
    renameSync(staging, folder);
  } catch (error) {
    // Another server was faster; its certificates are as good.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(error))) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(replaced, { recursive: true, force: true });
  }
}

/** Makes a folder in one that is there, unless another server that starts was faster. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Makes a CA and a serving certificate signed by it. */
async function issueCertificates(now: Date): Promise<Pems> {
  // Clocks of machines differ a little.
  const notBefore = new Date(now.getTime() - day);
  const until = (lifetime: number): Validity => ({ notBefore, notAfter: new Date(now.getTime() + lifetime) });
  const ca = await issueAuthority('Outrigger standalone CA', until(caLifetime));
  const { cert, key } = await issueServingCertificate(ca, { dnsNames, ipAddresses }, until(certificateLifetime));
  return { caCert: ca.cert, caKey: ca.key, cert, key };
}
