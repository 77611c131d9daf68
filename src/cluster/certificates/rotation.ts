/**
 * When our own certificates are renewed, and how, so that no handshake fails in between.
 *
 * The serving certificate is renewed when two thirds of its life have passed, in one write of the Secret that also moves the CAs on:
 *
 * ```
 * write       1         2         3         4
 * CA bundle   A         A B       A B       B         (what clients trust)
 * signs       A         A         B         B
 * ```
 *
 * A CA is thus in the bundle for the life of one serving certificate before it signs, and stays until the last certificate it signed
 * is gone. Replicas and API servers may be behind by one write, and every pairing of what they have still works. Where CAs live no
 * longer than two serving certificates, each write does all three steps for three CAs.
 */
import type { X509Certificate } from 'node:crypto';
import { issueAuthority, issueServingCertificate, type ServingNames, type SigningAuthority } from './issue.ts';
import { certificatesOf, pemOf } from './pem.ts';
import { backdate, issuedAt, type Authority, type SelfSignedState } from './self-signed-state.ts';

/** How long certificates last, in milliseconds. */
export interface Lifetimes {
  readonly ca: number;
  readonly certificate: number;
}

/** What decides about a renewal beside the state. */
export interface RotationContext {
  readonly now: Date;
  readonly lifetimes: Lifetimes;
  readonly names: ServingNames;
  /** Whether all webhook configurations have had the CA long enough for every API server to know it. */
  readonly isTrusted: (authority: X509Certificate) => boolean;
}

/** What the next state is made of. */
export interface RotationPlan {
  /** For the log. */
  readonly reason: 'first' | 'due' | 'names' | 'expired';
  /** CAs that stay, oldest first. */
  readonly kept: readonly Authority[];
  /** Which of them signs; `new` where none can. */
  readonly signer: Authority | 'new';
  /** Whether a CA is added that is to sign next time. */
  readonly addsSuccessor: boolean;
}

/** When the serving certificate is to be renewed. */
export function renewalTime(leaf: X509Certificate, lifetime: number): Date {
  const issued = issuedAt(leaf).getTime();
  const life = Math.min(new Date(leaf.validTo).getTime() - issued, lifetime);
  return new Date(issued + (life * 2) / 3);
}

/** What is to be done now; nothing while the state is good. */
export function planRotation(state: SelfSignedState | undefined, context: RotationContext): RotationPlan | undefined {
  if (state === undefined) return { reason: 'first', kept: [], signer: 'new', addsSuccessor: false };
  const { now, lifetimes } = context;
  const reason = reasonToRenew(state, context);
  if (reason === undefined) return undefined;

  const kept = withoutRetired(state, now, lifetimes.certificate);
  const signer = chooseSigner(kept, context) ?? 'new';
  // At the next renewal the signer must outlive a whole certificate again, else its successor must be known by then.
  const needed = now.getTime() + 2 * lifetimes.certificate;
  const newest = kept.at(-1);
  const addsSuccessor = signer !== 'new' && signer === newest && expiry(signer) < needed;
  return { reason, kept, signer, addsSuccessor };
}

function reasonToRenew({ leaf }: SelfSignedState, context: RotationContext): RotationPlan['reason'] | undefined {
  const { now, lifetimes, names } = context;
  if (new Date(leaf.validTo) <= now) return 'expired';
  if (renewalTime(leaf, lifetimes.certificate) <= now) return 'due';
  const lacksName = names.dnsNames.some((name) => leaf.checkHost(name, { subject: 'never' }) === undefined);
  return lacksName ? 'names' : undefined;
}

/**
 * A CA is retired when the certificate in use was signed by a later one and has been in use for half of its life, for then every
 * certificate of the earlier one has been replaced.
 */
function withoutRetired({ authorities, leaf }: SelfSignedState, now: Date, lifetime: number): Authority[] {
  const signedBy = authorities.findIndex(({ certificate }) => leaf.verify(certificate.publicKey));
  const settled = now.getTime() - issuedAt(leaf).getTime() >= lifetime / 2;
  return authorities.filter((authority, place) => (place >= signedBy || !settled) && expiry(authority) > now.getTime());
}

/** The newest CA that clients trust and that outlives a certificate; else the one that does best. */
function chooseSigner(authorities: readonly Authority[], context: RotationContext): Authority | undefined {
  const { now, lifetimes, isTrusted } = context;
  const outlives = (share: number) => (authority: Authority) =>
    expiry(authority) >= now.getTime() + lifetimes.certificate * share;
  const usable = authorities.filter(({ key }) => key !== undefined).reverse();
  const trusted = usable.filter(({ certificate }) => isTrusted(certificate));
  // A tenth of a life is too short to go on renewing with; then a CA that clients may not know yet is better than none.
  return trusted.find(outlives(1)) ?? trusted.find(outlives(0.1)) ?? usable.find(outlives(0.1));
}

const expiry = ({ certificate }: Authority): number => new Date(certificate.validTo).getTime();

/** Makes what a plan says. */
export async function carryOut(plan: RotationPlan, context: RotationContext): Promise<SelfSignedState> {
  const { now, lifetimes, names } = context;
  const added = plan.signer === 'new' || plan.addsSuccessor ? [await newAuthority(now, lifetimes.ca)] : [];
  const authorities = [...plan.kept, ...added];
  const signer = plan.signer === 'new' ? added[0] : plan.signer;
  if (signer?.key === undefined) throw new Error('the plan names a CA that cannot sign');
  const end = Math.min(now.getTime() + lifetimes.certificate, expiry(signer));
  const issued = await issueServingCertificate(signingAuthority(signer, signer.key), names, validity(now, end));
  const [leaf] = certificatesOf(issued.cert);
  if (leaf === undefined) throw new Error('the certificate that was made cannot be read');
  return { authorities: authorities.map((one) => withoutNeedlessKey(one, authorities, signer)), ...issued, leaf };
}

async function newAuthority(now: Date, lifetime: number): Promise<Authority> {
  const issued = await issueAuthority('Outrigger CA', validity(now, now.getTime() + lifetime));
  const [certificate] = certificatesOf(issued.cert);
  if (certificate === undefined) throw new Error('the CA that was made cannot be read');
  return { certificate, key: issued.key };
}

/** X.509 knows whole seconds; the end is rounded up. */
function validity(now: Date, end: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - backdate), notAfter: new Date(Math.ceil(end / 1000) * 1000) };
}

const signingAuthority = ({ certificate }: Authority, key: string): SigningAuthority => ({
  cert: pemOf([certificate]),
  key,
});

/** A CA before the signer never signs again, so its key is given up. */
function withoutNeedlessKey(authority: Authority, all: readonly Authority[], signer: Authority): Authority {
  return all.indexOf(authority) < all.indexOf(signer) ? { certificate: authority.certificate } : authority;
}
