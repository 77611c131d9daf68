import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { Facts, Webhook, WebhookConfiguration } from '../../src/doctor/index.ts';

export const now = new Date('2026-06-01T12:00:00Z');

/** A certificate that lasts until a time, base64 of its PEM as a caBundle. */
export async function caBundle(notAfter: string): Promise<string> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date(notAfter),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys,
  });
  return Buffer.from(`${certificate.toString('pem')}\n`).toString('base64');
}

export const entry = (change: Partial<Webhook> = {}): Webhook => ({
  name: 'namespace.sidecar-injector.istio.io',
  service: { namespace: 'istio-system', name: 'outrigger', port: 443 },
  caBundle: 'bm9uZQ==',
  namespaceSelector: { matchExpressions: [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }] },
  objectSelector: {},
  failurePolicy: 'Fail',
  timeoutSeconds: 10,
  conditions: ["request.namespace != 'istio-system'", "!(request.namespace in ['kube-system'])"],
  ...change,
});

export const configuration = (change: Partial<WebhookConfiguration> = {}): WebhookConfiguration => ({
  kind: 'MutatingWebhookConfiguration',
  name: 'outrigger-sidecar-injector',
  labels: { 'istio.io/rev': 'default' },
  webhooks: [entry()],
  ...change,
});

/** An installation in which nothing is wrong but its caBundle, which is none. */
export const facts = (change: Partial<Facts> = {}): Facts => ({
  now,
  installation: { namespace: 'istio-system', revision: 'default', serviceName: 'outrigger' },
  configurations: [configuration()],
  namespaces: [
    { name: 'istio-system', labels: {} },
    { name: 'kube-system', labels: {} },
    { name: 'shop', labels: { 'istio-injection': 'enabled' } },
  ],
  services: [{ namespace: 'istio-system', name: 'outrigger', exists: true, readyEndpoints: 3 }],
  served: [],
  permissions: { subject: 'system:serviceaccount:istio-system:outrigger', missing: [] },
  ...change,
});
