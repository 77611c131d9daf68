import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownCertificate } from '../../src/server/own-certificates.ts';

/** A serving certificate, as the Secret that it lies in. */
export interface CertificateSet {
  readonly files: { readonly 'tls.crt': string; readonly 'tls.key': string };
  /** SHA-256, as Node writes it. */
  readonly fingerprint: string;
  readonly ca: string;
}

/** Makes certificates, each of a CA of its own, in folders below one. */
export async function makeCertificates(folder: string, count: number): Promise<CertificateSet[]> {
  const sets: CertificateSet[] = [];
  for (let index = 0; index < count; index += 1) {
    const own = join(folder, `certificate-${index}`);
    const { cert, key } = await ownCertificate(own, new Date());
    sets.push({
      files: { 'tls.crt': cert, 'tls.key': key },
      fingerprint: new X509Certificate(cert).fingerprint256,
      ca: readFileSync(join(own, 'ca.crt'), 'utf8'),
    });
  }
  return sets;
}

/** Ways to break the files of a certificate; each must be refused, and the last good one stay. */
export const certificateFaults: Readonly<
  Record<string, (one: CertificateSet, other: CertificateSet) => Readonly<Record<string, string>>>
> = {
  'the key of another': (one, other) => ({ 'tls.crt': one.files['tls.crt'], 'tls.key': other.files['tls.key'] }),
  'half a certificate': (one) => ({ ...one.files, 'tls.crt': one.files['tls.crt'].slice(0, 200) }),
  'no key': (one) => ({ 'tls.crt': one.files['tls.crt'] }),
};
