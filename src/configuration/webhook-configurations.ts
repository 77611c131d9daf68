/** MutatingWebhookConfigurations, as far as they say which pods are sent to an injector. */
import { DecodeError, decodeTyped, type LabelSelector } from '../kubernetes/index.ts';
import { isRecord, recordsIn, type JsonRecord } from '../yaml/index.ts';

/** One entry of a MutatingWebhookConfiguration that sends pods to an injector. */
export interface InjectionWebhook {
  /** Name of the entry. */
  readonly name: string;
  /** Name of the object it stands in. */
  readonly configuration: string;
  /** Revision of the injector it belongs to (label `istio.io/rev` of the object); `undefined` when it names none. */
  readonly revision?: string;
  /** An empty selector matches everything. */
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
  /** Names of its matchConditions; these are CEL and not evaluated. */
  readonly matchConditions: readonly string[];
}

/**
 * The injection entries of a MutatingWebhookConfiguration: those that are called at a path `/inject…` when pods are created.
 * @param object decoded JSON; parts of the wrong type count as absent
 */
export function injectionWebhooksOf(object: JsonRecord): InjectionWebhook[] {
  const metadata = recordAt(object, 'metadata');
  const revision = recordAt(metadata, 'labels')['istio.io/rev'];
  return listAt(object, 'webhooks')
    .filter((entry) => isInjection(entry) && coversPodCreation(entry))
    .map((entry) => ({
      name: textAt(entry, 'name'),
      configuration: textAt(metadata, 'name'),
      ...(typeof revision === 'string' && { revision }),
      namespaceSelector: selectorAt(entry, 'namespaceSelector'),
      objectSelector: selectorAt(entry, 'objectSelector'),
      matchConditions: listAt(entry, 'matchConditions').map((condition) => textAt(condition, 'name')),
    }));
}

function selectorAt(entry: JsonRecord, key: string): LabelSelector {
  try {
    return decodeTyped('v1.LabelSelector', recordAt(entry, key)) as LabelSelector;
  } catch (error) {
    if (error instanceof DecodeError) return {};
    throw error;
  }
}

function isInjection(entry: JsonRecord): boolean {
  const client = recordAt(entry, 'clientConfig');
  const path = textAt(recordAt(client, 'service'), 'path') || textAt(client, 'url').replace(/^https:\/\/[^/]*/, '');
  return /^\/inject(?:\/|$)/.test(path);
}

function coversPodCreation(entry: JsonRecord): boolean {
  return listAt(entry, 'rules').some(
    (rule) => has(rule, 'operations', 'CREATE') && has(rule, 'apiGroups', '') && has(rule, 'resources', 'pods'),
  );
}

function has(rule: JsonRecord, key: string, value: string): boolean {
  const list = own(rule, key);
  return Array.isArray(list) && (list.includes(value) || list.includes('*'));
}

const own = (record: JsonRecord, key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined);

/** Read-only: absent maps are one shared empty one without prototype. */
const nothing = Object.freeze(Object.create(null) as JsonRecord);

function recordAt(record: JsonRecord, key: string): JsonRecord {
  const value = own(record, key);
  return isRecord(value) ? value : nothing;
}

function listAt(record: JsonRecord, key: string): JsonRecord[] {
  return recordsIn(own(record, key));
}

function textAt(record: JsonRecord, key: string): string {
  const value = own(record, key);
  return typeof value === 'string' ? value : '';
}
