import type { Http2SecureServer } from 'node:http2';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readServingCertificate, type CertificateFiles, type ServingCertificate } from './certificates.ts';
import type { Logger } from './logger.ts';
import { ownCertificate } from './own-certificates.ts';
import type { TlsPolicy } from './tls.ts';
import { watchFiles } from './watch-files.ts';

/** Where the certificates of standalone servers are kept: `certs/` of the package. */
export const certificateFolder = join(fileURLToPath(new URL('../../certs/', import.meta.url)), 'standalone');

/** How often a certificate of our own is looked at for its end. */
const renewalCheck = 12 * 60 * 60 * 1000;

/** Where the serving certificate comes from: the user's files, or one of our own in `folder`. */
export type CertificateSource = { readonly files: CertificateFiles } | { readonly folder: string };

/** Reads, or makes, the serving certificate. */
export async function obtainCertificate(source: CertificateSource): Promise<ServingCertificate> {
  return 'files' in source
    ? readServingCertificate(source.files, new Date())
    : ownCertificate(source.folder, new Date());
}

/**
 * Puts a new certificate into use when the files change, or when our own is near its end. A bad one is logged, and the
 * old one stays. Open connections keep theirs.
 */
export function keepCertificateFresh(
  server: Http2SecureServer,
  source: CertificateSource,
  policy: TlsPolicy,
  first: ServingCertificate,
  logger: Logger,
  onTaken: (certificate: ServingCertificate) => void,
): { close: () => void } {
  let current = first;
  async function refresh(): Promise<void> {
    try {
      const candidate = await obtainCertificate(source);
      if (candidate.cert === current.cert && candidate.key === current.key) return;
      server.setSecureContext({ ...policy, cert: candidate.cert, key: candidate.key });
      current = candidate;
      onTaken(candidate);
      logger.info({ notAfter: candidate.notAfter.toISOString() }, 'serving certificate replaced');
    } catch (error) {
      logger.error(`serving certificate not replaced: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if ('files' in source) return watchFiles([source.files.certFile, source.files.keyFile], () => void refresh());
  const timer = setInterval(() => void refresh(), renewalCheck);
  timer.unref();
  return {
    close: () => {
      clearInterval(timer);
    },
  };
}
