import type { X509Certificate } from 'node:crypto';
import { includesCertificate } from './pem.ts';

/** Longer chains do not occur; the limit keeps the search short whatever it is given. */
const maxDepth = 8;

/**
 * Whether a client that trusts `trusted` accepts a server that shows `chain` (leaf first), as Go's `x509.Verify` decides it apart
 * from dates and names: a trusted certificate is an anchor wherever it stands, also when it is the leaf itself.
 */
export function isTrustedChain(chain: readonly X509Certificate[], trusted: readonly X509Certificate[]): boolean {
  const [leaf, ...intermediates] = chain;
  return leaf !== undefined && reaches(leaf, intermediates, trusted, maxDepth);
}

function reaches(
  certificate: X509Certificate,
  intermediates: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  depth: number,
): boolean {
  if (includesCertificate(trusted, certificate)) return true;
  if (depth === 0) return false;
  if (trusted.some((anchor) => isIssuedBy(certificate, anchor))) return true;
  return intermediates
    .filter((other) => other !== certificate && isIssuedBy(certificate, other))
    .some((issuer) =>
      reaches(
        issuer,
        intermediates.filter((other) => other !== issuer),
        trusted,
        depth - 1,
      ),
    );
}

/** Whether `issuer` is a CA and signed the certificate. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
