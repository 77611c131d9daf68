/** Whether there is somebody behind each webhook. */
import { findService, isInjector, isOurs, isValidator, type Facts, type ServiceReference } from '../facts.ts';
import { finding, type Finding } from '../findings.ts';

export function findUnreachable(facts: Facts): Finding[] {
  const { configurations, installation } = facts;
  const ours = configurations.filter(({ webhooks }) => webhooks.some((webhook) => isOurs(webhook, installation)));
  const service = `${installation.namespace}/${installation.serviceName}`;
  const none = ours.some(({ webhooks }) => webhooks.some(isInjector))
    ? []
    : [finding('NO_CONFIGURATION', `Service/${installation.serviceName}`, { service })];
  return [
    ...none,
    ...ours.flatMap(deactivated),
    ...servicesOf(facts).flatMap((reference) => aboutService(facts, reference)),
  ];

  function deactivated({ kind, name, webhooks }: (typeof configurations)[number]): Finding[] {
    const never = webhooks.some(
      ({ namespaceSelector }) => namespaceSelector.matchLabels?.['istio.io/deactivated'] === 'never-match',
    );
    return never ? [finding('DEACTIVATED', `${kind}/${name}`, { configuration: `${kind}/${name}` })] : [];
  }
}

/** Each service once that an entry of Istio's leads to. */
function servicesOf({ configurations }: Facts): ServiceReference[] {
  const references = configurations
    .flatMap(({ webhooks }) => webhooks.filter((webhook) => isInjector(webhook) || isValidator(webhook)))
    .flatMap(({ service }) => (service === undefined ? [] : [service]));
  return [...new Map(references.map((reference) => [`${reference.namespace}/${reference.name}`, reference])).values()];
}

function aboutService(facts: Facts, reference: ServiceReference): Finding[] {
  const service = findService(facts, reference);
  const { namespace, name } = reference;
  const users = facts.configurations.filter(({ webhooks }) =>
    webhooks.some((webhook) => webhook.service?.namespace === namespace && webhook.service.name === name),
  );
  const details = { service: `${namespace}/${name}`, namespace };
  if (service === undefined) return [];
  if (!service.exists) {
    return users.map(({ kind, name: configuration }) => {
      const command = `kubectl delete ${kind.toLowerCase()} ${configuration}`;
      return finding('SERVICE_MISSING', `${kind}/${configuration}`, { ...details, command });
    });
  }
  const fails = users.some(({ webhooks }) => webhooks.some(({ failurePolicy }) => failurePolicy === 'Fail'));
  if (service.readyEndpoints === 0) return [finding('NO_ENDPOINTS', `Service/${name}`, details)];
  if (service.readyEndpoints === 1 && fails) return [finding('FEW_ENDPOINTS', `Service/${name}`, details)];
  return [];
}
