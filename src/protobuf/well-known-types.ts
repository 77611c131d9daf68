/** Which of google's well-known types have a JSON form of their own. */
import type { MessageType } from './descriptor.ts';
import { findMessageType } from './descriptor.ts';

const WRAPPERS: ReadonlySet<string> = new Set(
  ['Bool', 'Bytes', 'Double', 'Float', 'Int32', 'Int64', 'String', 'UInt32', 'UInt64'].map(
    (kind) => `google.protobuf.${kind}Value`,
  ),
);

const WELL_KNOWN: ReadonlySet<string> = new Set([
  ...WRAPPERS,
  ...['Any', 'Duration', 'Empty', 'ListValue', 'Struct', 'Timestamp', 'Value'].map((name) => `google.protobuf.${name}`),
]);

/** Whether messages of the type are bare scalars in JSON. */
export function isWrapper(type: MessageType): boolean {
  return WRAPPERS.has(type.name);
}

/** Whether an Any holds a message of the type under the key `value`. */
export function isWellKnown(type: MessageType): boolean {
  return WELL_KNOWN.has(type.name);
}

/** The type that the `@type` of an Any names, if Istio links it (Go's `protoregistry.FindMessageByURL`). */
export function findTypeByUrl(url: string): MessageType | undefined {
  return findMessageType(url.slice(url.lastIndexOf('/') + 1));
}
