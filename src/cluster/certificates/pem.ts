/** PEM texts (RFC 7468): `-----BEGIN LABEL-----` to `-----END LABEL-----`, with any text around the blocks. */
import { X509Certificate } from 'node:crypto';

/** One block of a PEM text. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  readonly label: string;
  /** The block itself, from its first to its last dash. */
  readonly text: string;
}

const begin = '-----BEGIN ';
const dashes = '-----';

/** The blocks of a text, in order. A block without an end, and what follows it, is none. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let at = text.indexOf(begin);
  while (at !== -1) {
    const labelEnd = text.indexOf(dashes, at + begin.length);
    if (labelEnd === -1) break;
    const label = text.slice(at + begin.length, labelEnd);
    const end = `-----END ${label}-----`;
    const endAt = text.indexOf(end, labelEnd);
    if (endAt === -1) break;
    blocks.push({ label, text: text.slice(at, endAt + end.length) });
    at = text.indexOf(begin, endAt + end.length);
  }
  return blocks;
}

/**
 * The certificates of a text, in order; blocks of other kinds are passed over, as Go's `AppendCertsFromPEM` does.
 * @throws whatever `node:crypto` says of a block that is no certificate
 */
export function certificatesOf(text: string): X509Certificate[] {
  return pemBlocks(text)
    .filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE')
    .map((block) => new X509Certificate(block.text));
}

/** Certificates as a PEM text, each once, in the same bytes whatever they were read from. */
export function pemOf(certificates: readonly X509Certificate[]): string {
  const texts = new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate.toString()]));
  return [...texts.values()].map((text) => `${text.trimEnd()}\n`).join('');
}

/** Whether a list has the certificate. */
export function includesCertificate(certificates: readonly X509Certificate[], wanted: X509Certificate): boolean {
  return certificates.some(({ fingerprint256 }) => fingerprint256 === wanted.fingerprint256);
}
