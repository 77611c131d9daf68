/** Messages as the template function `protoToJSON` writes them. */
import { messagesEqual, messageType, messageTypeOf, withFields, writeMessage } from '../protobuf/index.ts';
import type { ProxyConfig } from './defaults.ts';
import { defaultProxyConfig } from './defaults.ts';

/** Left out where they have their built-in value: the agent has the same defaults. Other fields are always written. */
const OMITTED_DEFAULTS = [
  'configPath',
  'binaryPath',
  'controlPlaneAuthPolicy',
  'serviceCluster',
  'drainDuration',
  'terminationDrainDuration',
  'discoveryAddress',
  'envoyMetricsService',
  'envoyAccessLogService',
  'tracing',
  'proxyAdminPort',
  'statNameLength',
  'statusPort',
] as const satisfies readonly (keyof ProxyConfig)[];

const proxyConfigType = messageType('istio.mesh.v1alpha1.ProxyConfig');

/** Messages do not change once they are made, and most pods share one of a few. */
const written = new WeakMap<object, string>();

/** One line of protobuf JSON; nothing gives `{}`, and of a ProxyConfig only what differs from the built-in defaults is written. */
export function protoToJson(message: object | null | undefined): string {
  if (message == null) return '{}';
  let text = written.get(message);
  if (text === undefined) {
    text = writeMessage(messageTypeOf(message) === proxyConfigType ? withoutDefaults(message as ProxyConfig) : message);
    written.set(message, text);
  }
  return text;
}

function withoutDefaults(config: ProxyConfig): ProxyConfig {
  const omitted = OMITTED_DEFAULTS.filter((name) => messagesEqual(config[name], defaultProxyConfig[name]));
  return withFields(config, Object.fromEntries(omitted.map((name) => [name, undefined])));
}
