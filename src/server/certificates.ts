import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileError, StartupError } from './startup-error.ts';

/** A serving certificate (with its chain) and its private key, both PEM, checked to fit each other. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
  /** When it expires. */
  readonly notAfter: Date;
  /** The file of the CA certificate that signed it, when we made it ourselves. */
  readonly caFile?: string;
}

/** Where a certificate and its key are kept. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads a certificate and its key.
 * @throws {StartupError} when a file cannot be read, is no PEM of its kind, they do not fit, or the certificate expired
 */
export function readServingCertificate(files: CertificateFiles, now: Date): ServingCertificate {
  const { certFile, keyFile } = files;
  const cert = readPem('serving certificate', certFile);
  const key = readPem('private key', keyFile);
  const leaf = parseCertificate(cert, certFile);
  if (!leaf.checkPrivateKey(parseKey(key, keyFile))) {
    throw new StartupError('KEY_MISMATCH', `the private key ${keyFile} does not belong to the certificate ${certFile}`);
  }
  const notAfter = new Date(leaf.validTo);
  if (notAfter <= now) {
    const when = notAfter.toISOString();
    throw new StartupError('CERTIFICATE_EXPIRED', `the serving certificate ${certFile} expired on ${when}`);
  }
  return { cert, key, notAfter };
}

function readPem(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(what, file, error);
  }
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new StartupError('CERTIFICATE_INVALID', `${file} is not a certificate in PEM form`, { cause: error });
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new StartupError('KEY_INVALID', `${file} is not an unencrypted private key in PEM form`, { cause: error });
  }
}
