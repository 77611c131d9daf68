/** Whether the API server trusts what our service serves, and for how long. */
import { X509Certificate } from 'node:crypto';
import { isOurs, type Facts, type Webhook } from '../facts.ts';
import { finding, type Finding } from '../findings.ts';

const day = 24 * 60 * 60 * 1000;
/** Before that a CA or certificate should have been renewed, in milliseconds. */
const caNotice = 30 * day;
const certificateNotice = 3 * day;

export function findDistrust(facts: Facts): Finding[] {
  const bundles = facts.configurations.flatMap(({ kind, name, webhooks }) =>
    webhooks
      .filter((webhook) => isOurs(webhook, facts.installation))
      .flatMap((webhook) => aboutBundle(webhook, `${kind}/${name}`, facts.now)),
  );
  return [...unique(bundles), ...unique(facts.served.flatMap((served) => aboutServed(facts, served)))];
}

function aboutBundle({ name: webhook, caBundle }: Webhook, configuration: string, now: Date): Finding[] {
  const details = { webhook, configuration };
  if (caBundle === '') return [finding('CA_BUNDLE_MISSING', configuration, details)];
  const certificates = certificatesOf(caBundle);
  if (certificates === undefined) return [finding('CA_BUNDLE_INVALID', configuration, details)];
  const expiring = certificates.map(({ validTo }) => new Date(validTo)).filter((date) => isWithin(date, now, caNotice));
  // While CAs overlap, the old one may run out.
  const first = expiring.length === certificates.length ? expiring[0] : undefined;
  return first === undefined ? [] : [finding('CA_EXPIRES', configuration, { ...details, date: dateText(first) })];
}

/** The certificates of a caBundle; undefined when it is none. */
function certificatesOf(caBundle: string): X509Certificate[] | undefined {
  const text = Buffer.from(caBundle, 'base64').toString('utf8');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length === 0 ? undefined : blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function aboutServed(facts: Facts, served: Facts['served'][number]): Finding[] {
  const { namespace, name } = served.service;
  const object = `Service/${name}`;
  const details = { service: `${namespace}/${name}`, namespace, name };
  if (served.unreachable !== undefined) {
    return [finding('NOT_REACHABLE', object, { ...details, reason: served.unreachable })];
  }
  const { notAfter } = served;
  if (notAfter !== undefined && notAfter <= facts.now) {
    return [finding('CERTIFICATE_EXPIRED', object, { ...details, date: dateText(notAfter) })];
  }
  const findings: Finding[] = [];
  if (served.distrust !== undefined) {
    for (const { kind, name: configuration, webhooks } of facts.configurations) {
      const webhook = webhooks.find(
        (entry) => isOurs(entry, facts.installation) && entry.caBundle === served.caBundle && entry.caBundle !== '',
      );
      if (webhook === undefined) continue;
      const more = {
        webhook: webhook.name,
        configuration: `${kind.toLowerCase()}/${configuration}`,
        reason: served.distrust,
      };
      findings.push(finding('CERTIFICATE_NOT_TRUSTED', `${kind}/${configuration}`, { ...details, ...more }));
    }
  }
  if (notAfter !== undefined && isWithin(notAfter, facts.now, certificateNotice)) {
    findings.push(finding('CERTIFICATE_EXPIRES', object, { ...details, date: dateText(notAfter) }));
  }
  return findings;
}

function isWithin(date: Date, now: Date, notice: number): boolean {
  return date.getTime() - now.getTime() < notice;
}

function dateText(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

/** Each sentence once. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((found) => [`${found.object} ${found.message}`, found])).values()];
}
