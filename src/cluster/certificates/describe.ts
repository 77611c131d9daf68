/** Certificates as people want to know them. */
import type { X509Certificate } from 'node:crypto';

/** What there is to say of one certificate. */
export interface CertificateDescription {
  readonly subject: string;
  readonly issuer: string;
  readonly selfSigned: boolean;
  readonly ca: boolean;
  /** Subject alternative names: `DNS:…`, `IP:…`. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly state: 'valid' | 'expired' | 'not yet valid';
  /** `EC prime256v1`, `RSA 2048`, … */
  readonly key: string;
  readonly serialNumber: string;
  readonly sha256: string;
}

export function describeCertificate(certificate: X509Certificate, now: Date): CertificateDescription {
  const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
    ca: certificate.ca,
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .flatMap((name) => (name === '' ? [] : [name.replace('IP Address:', 'IP:')])),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    state: notAfter <= now ? 'expired' : notBefore > now ? 'not yet valid' : 'valid',
    key: keyOf(certificate),
    serialNumber: certificate.serialNumber.toLowerCase(),
    sha256: certificate.fingerprint256.toLowerCase(),
  };
}

function keyOf({ publicKey }: X509Certificate): string {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  const detail = namedCurve ?? modulusLength;
  const type = (publicKey.asymmetricKeyType ?? 'unknown').toUpperCase();
  return detail === undefined ? type : `${type} ${detail}`;
}

const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ');

/** Time left, or passed, in the largest unit that is not too coarse: `89 days`, `5 hours`. */
export function timeBetween(a: Date, b: Date): string {
  const seconds = Math.abs(b.getTime() - a.getTime()) / 1000;
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, size] = units.find(([, length]) => seconds >= 2 * length) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
