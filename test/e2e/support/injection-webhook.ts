/** The Service by which the API server reaches this machine, and the webhook for labelled namespaces. */
export function injectionWebhook(caBundle: string, port: number): unknown[] {
  const service = { name: 'outrigger', namespace: 'istio-system', port, path: '/inject' };
  const entry = {
    name: 'namespace.sidecar-injector.istio.io',
    clientConfig: { service, caBundle },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'outrigger', namespace: 'istio-system' },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'istio-sidecar-injector', labels: { 'istio.io/rev': 'default' } },
      webhooks: [entry],
    },
  ];
}
