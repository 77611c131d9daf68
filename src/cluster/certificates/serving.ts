import { isTrustedChain } from './chain.ts';
import { pemOf } from './pem.ts';
import type { Material } from './check-material.ts';
import type { Trust } from './trust.ts';

/** What a server shows, and what clients should trust. */
export interface ServingTimes {
  /** How long a new certificate waits at most for clients to trust it, in milliseconds. */
  readonly patience: number;
  /** How long a CA that was replaced stays in the bundle, for replicas that are slower, in milliseconds. */
  readonly overlap: number;
}

/**
 * Which certificate is shown: a new one only when the API servers trust it, so that no handshake fails, whoever made it and however
 * suddenly. Until then, and for a while after, clients are to trust both CAs.
 */
export class Serving {
  readonly #trust: Trust;
  readonly #times: ServingTimes;
  readonly #now: () => Date;
  #current: Material | undefined;
  #candidate: { material: Material; since: number } | undefined;
  #left: { material: Material; until: number } | undefined;

  constructor(trust: Trust, times: ServingTimes, now: () => Date) {
    this.#trust = trust;
    this.#times = times;
    this.#now = now;
  }

  /** What is shown. */
  get current(): Material | undefined {
    return this.#current;
  }

  /** Whether a certificate waits to be trusted. */
  get waits(): boolean {
    return this.#candidate !== undefined;
  }

  /** What clients should trust, PEM; empty while, or when, that is not known. */
  get caBundle(): string {
    const left = this.#left !== undefined && this.#left.until > this.#now().getTime() ? this.#left.material : undefined;
    const materials = [left, this.#current, this.#candidate?.material];
    const all = materials.flatMap((material) => material?.authorities ?? []);
    return pemOf(all.filter(({ validTo }) => new Date(validTo) > this.#now()));
  }

  /** There is new material. {@link advance} says when it is shown. */
  offer(material: Material): void {
    const shown = this.#current;
    if (shown?.cert === material.cert && shown.key === material.key) {
      this.#current = material;
      this.#candidate = undefined;
    } else {
      this.#candidate = { material, since: this.#now().getTime() };
    }
  }

  /** Shows what waits if it can be shown now; says whether, and why. */
  advance(): 'unchanged' | 'first' | 'trusted' | 'expired' | 'impatient' {
    if (this.#candidate === undefined) return 'unchanged';
    const { material, since } = this.#candidate;
    const now = this.#now().getTime();
    const old = this.#current;
    const why =
      old === undefined
        ? 'first'
        : this.#trust.trustsChain(material.chain)
          ? 'trusted'
          : old.notAfter.getTime() <= now
            ? 'expired'
            : now - since >= this.#times.patience
              ? 'impatient'
              : 'unchanged';
    if (why === 'unchanged') return why;
    this.#current = material;
    this.#candidate = undefined;
    // A replica that is slower still shows the old one.
    const slowerFail = old !== undefined && !isTrustedChain(old.chain, material.authorities);
    if (slowerFail) this.#left = { material: old, until: now + this.#times.overlap };
    return why;
  }
}
