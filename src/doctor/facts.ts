/** What is looked at: objects of the cluster as the API server gives them, and what was seen when the webhook was called. */
import type { LabelSelector, Labels } from '../kubernetes/index.ts';

/** Either kind of webhook configuration, what is used of it. */
export interface WebhookConfiguration {
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly name: string;
  readonly labels: Labels;
  readonly webhooks: readonly Webhook[];
}

/** One entry of a configuration. */
export interface Webhook {
  readonly name: string;
  readonly service?: ServiceReference;
  readonly url?: string;
  /** Base64 of PEM; empty when it is not set. */
  readonly caBundle: string;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly timeoutSeconds: number;
  /** Number of match conditions, which are not evaluated. */
  readonly conditions: readonly string[];
}

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** A service and what is behind it. */
export interface ServiceFacts {
  readonly namespace: string;
  readonly name: string;
  readonly exists: boolean;
  /** Undefined where the service has none by its kind, or they may not be read. */
  readonly readyEndpoints?: number;
}

/** What a TLS connection to a webhook, with its caBundle as the only trust, gave. */
export interface ServedFacts {
  readonly service: ServiceReference;
  readonly caBundle: string;
  /** Why there was no connection from here. */
  readonly unreachable?: string;
  /** Why the certificate is not trusted: the code of OpenSSL or Node. */
  readonly distrust?: string;
  readonly notAfter?: Date;
}

export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Labels;
}

/** A permission that the server needs. */
export interface Permission {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Undefined: any object. */
  readonly name?: string;
  /** Undefined: of the cluster. */
  readonly namespace?: string;
}

/** Whose installation is examined. */
export interface Installation {
  readonly namespace: string;
  /** Empty counts as `default`. */
  readonly revision: string;
  readonly serviceName: string;
}

/** All that the rules look at. */
export interface Facts {
  readonly now: Date;
  readonly installation: Installation;
  readonly configurations: readonly WebhookConfiguration[];
  readonly namespaces: readonly NamespaceFacts[];
  readonly services: readonly ServiceFacts[];
  readonly served: readonly ServedFacts[];
  readonly permissions: {
    /** Who was asked about. */
    readonly subject: string;
    readonly missing: readonly Permission[];
  };
}

/** Whether an entry leads to the installation examined. */
export function isOurs({ service }: Webhook, { namespace, serviceName }: Installation): boolean {
  return service?.namespace === namespace && service.name === serviceName;
}

/** The entry that warns when workloads are applied; it injects nothing. */
const workloadsEntry = 'workloads.sidecar-injector.istio.io';

/** Whether an entry is that of an injector, by the name that Istio's tools go by. */
export function isInjector({ name }: Webhook): boolean {
  return name.endsWith('sidecar-injector.istio.io') && name !== workloadsEntry;
}

/** Whether an entry is that of Istio's configuration validation. */
export function isValidator({ name }: Webhook): boolean {
  return name.endsWith('validation.istio.io');
}

export function findService(facts: Facts, { namespace, name }: ServiceReference): ServiceFacts | undefined {
  return facts.services.find((service) => service.namespace === namespace && service.name === name);
}
