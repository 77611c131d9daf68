/** Whether the value of a patch is the Envoy message that it is merged into or added as. */
import { messageType, messageTypeOf } from '../../../protobuf/descriptor.ts';
import { ProtobufJsonError } from '../../../protobuf/error.ts';
import type { EnvoyFilter_ApplyTo, Struct } from '../../../protobuf/istio-types.ts';
import { readMessage } from '../../../protobuf/reader.ts';
import type { FieldPath } from '../../path.ts';
import { pathInside } from '../../reader-path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';

/** The Envoy message that a value for each class of objects is; EnvoyFilter's table, loaded with the first of them. */
const valueTypes: ReadonlyMap<EnvoyFilter_ApplyTo, string> = new Map([
  ['CLUSTER', 'envoy.config.cluster.v3.Cluster'],
  ['LISTENER', 'envoy.config.listener.v3.Listener'],
  ['FILTER_CHAIN', 'envoy.config.listener.v3.FilterChain'],
  ['NETWORK_FILTER', 'envoy.config.listener.v3.Filter'],
  ['LISTENER_FILTER', 'envoy.config.listener.v3.ListenerFilter'],
  ['ROUTE_CONFIGURATION', 'envoy.config.route.v3.RouteConfiguration'],
  ['VIRTUAL_HOST', 'envoy.config.route.v3.VirtualHost'],
  ['HTTP_ROUTE', 'envoy.config.route.v3.Route'],
  ['HTTP_FILTER', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter'],
  ['EXTENSION_CONFIG', 'envoy.config.core.v3.TypedExtensionConfig'],
  ['BOOTSTRAP', 'envoy.config.bootstrap.v3.Bootstrap'],
]);

/**
 * Checks a value: unknown fields are only worth a warning, as Envoy may be newer than its API known here; other faults
 * are errors.
 */
export function checkPatchValue(result: Result, path: FieldPath, applyTo: EnvoyFilter_ApplyTo, value: Struct): void {
  const type = valueTypes.get(applyTo);
  if (type === undefined) {
    const message = `Envoy filter: unknown object type for applyTo ${applyTo}`;
    result.error(path, problem('patch-apply-to', message));
    return;
  }
  const strict = read(type, value, true);
  if (!(strict instanceof ProtobufJsonError)) {
    warnOfUntyped(result, path, strict);
    return;
  }
  const lenient = read(type, value, false);
  if (lenient instanceof ProtobufJsonError) {
    result.error(pathInside(path, lenient.path), problem('patch-value', explain(lenient.message)));
  } else {
    const message = `Envoy filter: ${strict.message}`;
    result.warn(pathInside(path, strict.path), problem('patch-unknown-field', message));
  }
}

function warnOfUntyped(result: Result, path: FieldPath, value: object): void {
  const names = namesWithoutTypedConfig(value);
  if (names.length === 0) return;
  const message = `using deprecated types by name without typed_config; ${names.join(', ')}`;
  result.warn(path, problem('patch-typed-config', message));
}

function read(type: string, value: Struct, strict: boolean): object {
  try {
    return readMessage(messageType(type), value, { strict });
  } catch (error) {
    if (error instanceof ProtobufJsonError) return error;
    throw error;
  }
}

function explain(error: string): string {
  const text = `Envoy filter: ${error}`;
  if (!error.includes('could not resolve Any message type')) return text;
  const hint = error.includes('.v2.') ? ' (hint: try using the v3 XDS API)' : '';
  return `referenced type unknown${hint}: ${text}`;
}

/** Names of extensions chosen by name alone: of the message, and of messages in its fields, but not in lists and maps. */
function namesWithoutTypedConfig(message: object): string[] {
  const fields = messageTypeOf(message)?.fields ?? [];
  const values = message as Readonly<Record<string, unknown>>;
  const takesTypedConfig = fields.some(({ jsonName }) => jsonName === 'typedConfig');
  const isTyped = values['typedConfig'] !== undefined || values['configDiscovery'] !== undefined;
  const names = takesTypedConfig && !isTyped ? [String(values['name'] ?? '')] : [];
  for (const { jsonName, cardinality, type } of fields) {
    const value = values[jsonName];
    if (cardinality !== 'singular' || type.kind !== 'message' || value === undefined) continue;
    names.push(...namesWithoutTypedConfig(value as object));
  }
  return names;
}
