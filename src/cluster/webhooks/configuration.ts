/** Which entries of which webhook configurations are ours, and what to write into them. */
import { isRecord } from '../../yaml/index.ts';
import type { KubernetesObject, PatchOperation, Resource } from '../client.ts';

export type WebhookKind = 'mutating' | 'validating';

/** The two kinds of configuration. */
export const webhookKinds = {
  mutating: { kind: 'MutatingWebhookConfiguration', resource: resourceNamed('mutatingwebhookconfigurations') },
  validating: { kind: 'ValidatingWebhookConfiguration', resource: resourceNamed('validatingwebhookconfigurations') },
} as const satisfies Record<WebhookKind, { kind: string; resource: Resource }>;

function resourceNamed(resource: string): Resource {
  return { group: 'admissionregistration.k8s.io', version: 'v1', resource };
}

/** The label that says which revision a configuration belongs to, also on those of tags. */
export const revisionLabel = 'istio.io/rev';

/** Of a mutating configuration, entries with other names belong to somebody else. */
const injectorSuffix = 'sidecar-injector.istio.io';

/** The validating entry that only warns, at `/workloads`. */
export const advisoryEntry = 'workloads.sidecar-injector.istio.io';

/** The validating entry of the guard of the configuration, at `/config`. */
export const guardEntry = 'guard.outrigger.dev';

/** Entries that must not keep anything out when they are away, whatever `failurePolicy` the others have. */
export const openEntries: readonly string[] = [advisoryEntry, guardEntry];

/** What is kept of a configuration. */
export interface WebhookConfiguration {
  readonly type: WebhookKind;
  readonly name: string;
  readonly resourceVersion: string;
  /** Value of {@link revisionLabel}. */
  readonly revision?: string;
  readonly entries: readonly WebhookEntry[];
}

/** One of its webhooks. */
export interface WebhookEntry {
  readonly index: number;
  readonly name: string;
  /** Whom the API server calls: `SERVICE.NAMESPACE.svc`, or the host of the URL. */
  readonly host: string;
  /** Base64, as the API has it; empty when it is not set. */
  readonly caBundle: string;
  readonly failurePolicy?: string;
  /** The field manager that set the `caBundle`, or else changed the configuration last. */
  readonly manager?: string;
}

/** Reads what is kept; whatever has another form is left out. */
export function readConfiguration(type: WebhookKind, object: KubernetesObject): WebhookConfiguration {
  const { metadata } = object;
  const { webhooks } = object as { webhooks?: unknown };
  return {
    type,
    name: metadata.name,
    resourceVersion: metadata.resourceVersion ?? '',
    revision: metadata.labels?.[revisionLabel],
    entries: (Array.isArray(webhooks) ? webhooks : []).flatMap((webhook: unknown, index) => {
      if (!isRecord(webhook) || typeof webhook['name'] !== 'string') return [];
      const { name, clientConfig, failurePolicy } = webhook;
      const client = isRecord(clientConfig) ? clientConfig : {};
      return {
        index,
        name,
        host: hostOf(client),
        caBundle: typeof client['caBundle'] === 'string' ? client['caBundle'] : '',
        failurePolicy: typeof failurePolicy === 'string' ? failurePolicy : undefined,
        manager: managerOf(metadata.managedFields ?? [], name),
      };
    }),
  };
}

function hostOf({ service, url }: Record<string, unknown>): string {
  if (isRecord(service)) return `${String(service['name'])}.${String(service['namespace'])}.svc`;
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}

type ManagedFieldsList = NonNullable<KubernetesObject['metadata']['managedFields']>;

function managerOf(all: ManagedFieldsList, entry: string): string | undefined {
  const newestFirst = all.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).reverse();
  const path = ['f:webhooks', `k:${JSON.stringify({ name: entry })}`, 'f:clientConfig', 'f:caBundle'];
  const owns = (fields: unknown): boolean =>
    path.reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), fields) !==
    undefined;
  return (newestFirst.find(({ fieldsV1 }) => owns(fieldsV1)) ?? newestFirst[0])?.manager;
}

/** Who we are, as far as it decides which entries are ours. */
export interface Identity {
  /** `default` for the unnamed one. */
  readonly revision: string;
  /** Whether the serving certificate is good for a host. */
  readonly servesHost: (host: string) => boolean;
}

/** The entries of a configuration that are ours; else why there are none. */
export type Selection =
  | { readonly entries: readonly WebhookEntry[]; readonly why?: undefined }
  | { readonly entries: readonly []; readonly why: 'no revision' | 'wrong revision' | 'no entry' | 'other host' };

/**
 * As Istio: the configuration must have our revision, and of a mutating one only entries of injectors count. Beyond Istio: entries by
 * which the API server calls somebody else, such as the istiod whose place we are to take later, are not touched: with our CA the API
 * server could no longer call them.
 */
export function selectEntries(configuration: WebhookConfiguration, identity: Identity): Selection {
  const { type, revision, entries } = configuration;
  if (revision === undefined) return { entries: [], why: 'no revision' };
  if (revision !== identity.revision) return { entries: [], why: 'wrong revision' };
  const named = entries.filter(({ name }) => type === 'validating' || name.endsWith(injectorSuffix));
  if (named.length === 0) return { entries: [], why: 'no entry' };
  const own = named.filter(({ host }) => identity.servesHost(host));
  return own.length === 0 ? { entries: [], why: 'other host' } : { entries: own };
}

/**
 * A patch that sets one field of each entry. It fails as a whole when the entries are no longer where they were.
 *
 * The field manager then owns these fields and nothing else. Server-side apply would make it own the entries as well (their key,
 * `name`), and whoever manages the configuration by server-side apply could not remove an entry any more: what is left of it, its
 * `caBundle`, is no valid webhook, so the API server refuses the removal.
 */
export function entriesPatch(
  entries: readonly WebhookEntry[],
  field: 'clientConfig/caBundle' | 'failurePolicy',
  value: string,
): PatchOperation[] {
  return entries.flatMap(({ index, name }) => [
    { op: 'test', path: `/webhooks/${index}/name`, value: name },
    { op: 'add', path: `/webhooks/${index}/${field}`, value },
  ]);
}
