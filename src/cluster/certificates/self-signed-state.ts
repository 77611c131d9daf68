/** What the Secret of our own certificates holds, and how it is written there. */
import type { X509Certificate } from 'node:crypto';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CertificateError } from './certificate-error.ts';
import { certificatesOf, pemBlocks, pemOf } from './pem.ts';
import type { Material } from './check-material.ts';

/** A CA of ours. */
export interface Authority {
  readonly certificate: X509Certificate;
  /** PKCS#8, PEM; a CA that will sign no more has none. */
  readonly key?: string;
}

/** The certificates that all replicas share. */
export interface SelfSignedState {
  /** The CAs that clients trust, oldest first. Not all of them sign (still, or already). */
  readonly authorities: readonly Authority[];
  /** The serving certificate, PEM. */
  readonly cert: string;
  /** Its key, PKCS#8, PEM. */
  readonly key: string;
  readonly leaf: X509Certificate;
}

/** Keys of the Secret: those of `kubernetes.io/tls`, and as cert-manager names the CA. */
export const secretKeys = { cert: 'tls.crt', key: 'tls.key', ca: 'ca.crt', caKey: 'ca.key' } as const;

/** Texts of the Secret, decoded from base64. */
export type SecretTexts = Readonly<Partial<Record<string, string>>>;

/** A certificate is dated back by so much, in milliseconds, since clocks of machines differ. */
export const backdate = 5 * 60_000;

/** When a certificate of ours was made. */
export function issuedAt(certificate: X509Certificate): Date {
  return new Date(new Date(certificate.validFrom).getTime() + backdate);
}

/**
 * Reads the Secret; nothing when it has none of the keys (somebody made it empty for us).
 * @throws {CertificateError} when something is missing or damaged; `where` names the Secret
 */
export function readSelfSignedState(texts: SecretTexts, where: string): SelfSignedState | undefined {
  const [cert, key, ca, caKey] = [secretKeys.cert, secretKeys.key, secretKeys.ca, secretKeys.caKey].map(
    (name) => (Object.hasOwn(texts, name) ? texts[name] : undefined) ?? '',
  ) as [string, string, string, string];
  if ([cert, key, ca, caKey].every((text) => text.trim() === '')) return undefined;
  const damaged = (name: string, cause?: unknown): CertificateError =>
    new CertificateError('CERTIFICATE_INVALID', `${name} of ${where} is missing or damaged`, { cause });

  const [leaf] = attempt(
    () => certificatesOf(cert),
    () => damaged(secretKeys.cert),
  );
  if (leaf === undefined) throw damaged(secretKeys.cert);
  const keyObject = attempt(
    () => createPrivateKey(key),
    () => damaged(secretKeys.key),
  );
  if (!leaf.checkPrivateKey(keyObject)) throw damaged(secretKeys.key);
  const certificates = attempt(
    () => certificatesOf(ca),
    () => damaged(secretKeys.ca),
  );
  const keys = attempt(
    () => pemBlocks(caKey).map((block) => createPrivateKey(block.text)),
    () => damaged(secretKeys.caKey),
  );
  const authorities = certificates.map((certificate) => {
    const own = keys.find((candidate) => canSign(candidate) && certificate.checkPrivateKey(candidate));
    return own === undefined ? { certificate } : { certificate, key: exported(own) };
  });
  if (!authorities.some(({ certificate }) => leaf.checkIssued(certificate) && leaf.verify(certificate.publicKey))) {
    throw damaged(secretKeys.ca);
  }
  return { authorities, cert: pemOf([leaf]), key: exported(keyObject), leaf };
}

/** The texts to write into the Secret. */
export function writeSelfSignedState({ authorities, cert, key }: SelfSignedState): Record<string, string> {
  return {
    [secretKeys.cert]: cert,
    [secretKeys.key]: key,
    [secretKeys.ca]: pemOf(authorities.map(({ certificate }) => certificate)),
    [secretKeys.caKey]: authorities.map((authority) => authority.key ?? '').join(''),
  };
}

/** The same in the form that the server and the webhook configurations take. */
export function materialOf({ authorities, cert, key, leaf }: SelfSignedState): Material {
  const certificates = authorities.map(({ certificate }) => certificate);
  return {
    cert,
    key,
    caBundle: pemOf(certificates),
    chain: [leaf],
    authorities: certificates,
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
  };
}

/** Only P-256, as we make them. */
function canSign(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function exported(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The error has no cause, since that might show a part of a key. */
function attempt<T>(read: () => T, failure: () => CertificateError): T {
  try {
    return read();
  } catch {
    throw failure();
  }
}
