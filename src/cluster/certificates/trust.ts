import type { X509Certificate } from 'node:crypto';
import { isTrustedChain } from './chain.ts';
import { certificatesOf } from './pem.ts';

/**
 * What the API servers trust: the certificates that the `caBundle` of every webhook entry of ours has, and since when.
 *
 * An API server takes a change of a webhook configuration over a little after we see it, so a certificate counts only after a while.
 */
export class Trust {
  readonly #settle: number;
  readonly #now: () => Date;
  /** Undefined: there is nobody to trust us (no webhook configuration, or none of our concern). */
  #anchors: Map<string, { certificate: X509Certificate; since: number }> | undefined;

  /** @param settle in milliseconds */
  constructor(settle: number, now: () => Date) {
    this.#settle = settle;
    this.#now = now;
  }

  /** Takes the bundles as they are now in the cluster; PEM, one of each entry. */
  update(bundles: readonly string[]): void {
    if (bundles.length === 0) {
      this.#anchors = undefined;
      return;
    }
    const [first = [], ...others] = [...new Set(bundles)].map(readBundle);
    const before = this.#anchors;
    const now = this.#now().getTime();
    this.#anchors = new Map(
      first
        .filter(({ fingerprint256 }) =>
          others.every((list) => list.some((one) => one.fingerprint256 === fingerprint256)),
        )
        .map((certificate) => {
          const since = before?.get(certificate.fingerprint256)?.since ?? now;
          return [certificate.fingerprint256, { certificate, since }];
        }),
    );
  }

  /** Whether every API server trusts what the certificate signs. */
  trusts(certificate: X509Certificate): boolean {
    return (
      this.#anchors === undefined || this.#settled().some((one) => one.fingerprint256 === certificate.fingerprint256)
    );
  }

  /** Whether every API server accepts a server that shows this chain, leaf first. */
  trustsChain(chain: readonly X509Certificate[]): boolean {
    return this.#anchors === undefined || isTrustedChain(chain, this.#settled());
  }

  #settled(): X509Certificate[] {
    const latest = this.#now().getTime() - this.#settle;
    return [...(this.#anchors?.values() ?? [])]
      .filter(({ since }) => since <= latest)
      .map(({ certificate }) => certificate);
  }
}

function readBundle(bundle: string): X509Certificate[] {
  try {
    return certificatesOf(bundle);
  } catch {
    return [];
  }
}
