import { X509Certificate, type webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  if (!existsSync(dirname(folder))) mkdirSync(dirname(folder));
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

/** Makes a CA and a serving certificate signed by it, both P-256. */
async function issueCertificates(now: Date): Promise<Pems> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
    crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keyPem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
    x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  const serialNumber = (): string =>
    `4${Buffer.from(crypto.getRandomValues(new Uint8Array(15)))
      .toString('hex')
      .slice(1)}`;
  // Clocks of machines differ a little.
  const notBefore = new Date(now.getTime() - day);

  const caKeys = await newKeys();
  const caName = 'CN=Outrigger standalone CA';
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: caName,
    notBefore,
    notAfter: new Date(now.getTime() + caLifetime),
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=outrigger',
    issuer: caName,
    notBefore,
    notAfter: new Date(now.getTime() + certificateLifetime),
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...ipAddresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    caCert: `${ca.toString('pem')}\n`,
    caKey: `${await keyPem(caKeys)}\n`,
    cert: `${certificate.toString('pem')}\n`,
    key: `${await keyPem(keys)}\n`,
  };
}
