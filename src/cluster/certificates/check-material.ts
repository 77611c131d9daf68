/** Checks the certificate, key and CA that an administrator (or cert-manager) gives: one clear sentence for what cannot work. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { CertificateError, type CertificateErrorCode } from './certificate-error.ts';
import { isTrustedChain } from './chain.ts';
import { certificatesOf, pemBlocks, pemOf, type PemBlock } from './pem.ts';

/** The texts to check, and what each is called in messages: a file, or a key of a Secret. */
export interface MaterialTexts {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The CA that the API server is to trust. Without one, the top of the chain is taken where that is a CA. */
  readonly ca?: string;
  readonly where: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** A serving certificate that works. */
export interface Material {
  /** The chain, leaf first, PEM. */
  readonly cert: string;
  /** PKCS#8, PEM. */
  readonly key: string;
  /** What a client must trust, PEM; goes into `caBundle`. Empty when it is not known. */
  readonly caBundle: string;
  readonly chain: readonly X509Certificate[];
  readonly authorities: readonly X509Certificate[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * @param name the host name under which the API server calls us, `SERVICE.NAMESPACE.svc`
 * @throws {CertificateError}
 */
export function checkMaterial(texts: MaterialTexts, name: string, now: Date): Material {
  const { where } = texts;
  const chain = readCertificates(texts.cert, 'CERTIFICATE', where.cert);
  const key = readKey(texts.key, where.key);
  const [leaf] = chain;
  checkFit(chain, key, where);
  checkDates(leaf, 'CERTIFICATE', where.cert, now);
  checkUse(leaf, name, where.cert);
  const authorities = readAuthorities(texts, chain, now);
  return {
    cert: pemOf(chain),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    caBundle: pemOf(authorities),
    chain,
    authorities,
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
  };
}

type Certificates = [X509Certificate, ...X509Certificate[]];

function readCertificates(text: string | undefined, what: 'CERTIFICATE' | 'CA', where: string): Certificates {
  const invalid = (why: string, cause?: unknown): CertificateError =>
    new CertificateError(`${what}_INVALID`, `${where} ${why}`, { cause });
  if (text === undefined || text.trim() === '') {
    throw new CertificateError(`${what}_MISSING`, `${where} is empty: put the certificate there, in PEM form`);
  }
  try {
    const [first, ...others] = certificatesOf(text);
    if (first !== undefined) return [first, ...others];
  } catch (error) {
    throw invalid('holds a damaged certificate: write it again, in PEM form', error);
  }
  const labels = pemBlocks(text).map(({ label }) => label);
  throw invalid(
    labels.length > 0
      ? `holds no certificate but ${labels.join(', ')}: put the certificate there`
      : 'is not in PEM form: convert it with `openssl x509 -inform der -out FILE`',
  );
}

function readKey(text: string | undefined, where: string): KeyObject {
  if (text === undefined || text.trim() === '') {
    throw new CertificateError('KEY_MISSING', `${where} is empty: put the private key there, in PEM form`);
  }
  const block = pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    throw new CertificateError(
      'KEY_INVALID',
      `${where} holds no private key in PEM form: put the key of the certificate there`,
    );
  }
  if (isEncrypted(block)) {
    throw new CertificateError(
      'KEY_ENCRYPTED',
      `${where} is encrypted and there is nobody to type its passphrase: decrypt it with \`openssl pkey -in FILE -out FILE\``,
    );
  }
  try {
    return createPrivateKey(block.text);
  } catch {
    // The cause is left out: it might show a part of the key.
    throw new CertificateError('KEY_INVALID', `${where} holds a damaged private key: write it again, in PEM form`);
  }
}

/** PKCS#8 says it in the label, the older forms in a header. */
function isEncrypted({ label, text }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(text);
}

function checkFit(chain: Certificates, key: KeyObject, where: MaterialTexts['where']): void {
  const position = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (position === 0) return;
  if (position > 0) {
    throw new CertificateError(
      'CERTIFICATE_NOT_FIRST',
      `in ${where.cert} the server's own certificate stands at place ${position + 1}: put it first, then the CA that signed it`,
    );
  }
  throw new CertificateError(
    'KEY_MISMATCH',
    `the private key ${where.key} does not belong to the certificate ${where.cert}: give the two that were made together`,
  );
}

const dateCodes = {
  CERTIFICATE: ['CERTIFICATE_EXPIRED', 'CERTIFICATE_NOT_YET_VALID'],
  CA: ['CA_EXPIRED', 'CA_INVALID'],
} as const satisfies Record<string, readonly CertificateErrorCode[]>;

function checkDates(certificate: X509Certificate, what: 'CERTIFICATE' | 'CA', where: string, now: Date): void {
  const [expired, early] = dateCodes[what];
  const name = what === 'CA' ? 'the CA certificate' : 'the certificate';
  if (new Date(certificate.validTo) <= now) {
    const when = new Date(certificate.validTo).toISOString();
    throw new CertificateError(expired, `${name} in ${where} expired on ${when}: renew it`);
  }
  if (new Date(certificate.validFrom) > now) {
    const when = new Date(certificate.validFrom).toISOString();
    throw new CertificateError(early, `${name} in ${where} is not valid before ${when}: wait, or set the clock right`);
  }
}

const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const anyUse = '2.5.29.37.0';

/** Go looks at the subject alternative names alone, never at the common name. */
function checkUse(leaf: X509Certificate, name: string, where: string): void {
  // The declared type does not say that a certificate need not have the extension.
  const uses = leaf.keyUsage as string[] | undefined;
  if (uses !== undefined && !uses.includes(serverAuthentication) && !uses.includes(anyUse)) {
    throw new CertificateError(
      'CERTIFICATE_NOT_FOR_SERVERS',
      `the certificate in ${where} is not for servers: issue it with the extended key usage "server auth"`,
    );
  }
  if (leaf.checkHost(name, { subject: 'never' }) === undefined) {
    const names = leaf.subjectAltName ?? 'no names at all';
    throw new CertificateError(
      'NAME_MISSING',
      `the certificate in ${where} is not for ${name}, under which the API server calls (it has ${names}): ` +
        `issue it with the DNS name ${name}`,
    );
  }
}

function readAuthorities(texts: MaterialTexts, chain: Certificates, now: Date): X509Certificate[] {
  const { ca, where } = texts;
  if (ca === undefined || ca.trim() === '') {
    const top = chain.at(-1);
    return top !== undefined && (top.ca || isSelfSigned(top)) ? [top] : [];
  }
  const all = readCertificates(ca, 'CA', where.ca);
  const valid = all.filter(({ validTo }) => new Date(validTo) > now);
  if (valid.length === 0) checkDates(all[0], 'CA', where.ca, now);
  if (!isTrustedChain(chain, valid)) {
    throw new CertificateError(
      'CHAIN_BROKEN',
      `no CA in ${where.ca} signed the certificate in ${where.cert} (its issuer is ${oneLine(chain[0].issuer)}): ` +
        'add that CA, and the intermediate certificates behind the server certificate',
    );
  }
  return valid;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

const oneLine = (name: string): string => (name === '' ? 'unnamed' : name.replaceAll('\n', ', '));
