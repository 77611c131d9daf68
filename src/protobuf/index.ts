/** Protobuf messages from generated descriptors, and their legacy JSON form. */
export { messagesEqual, overlayMessage, withFields } from './copy.ts';
export { enumType, EnumType, findMessageType, messageType, MessageType, messageTypeOf } from './descriptor.ts';
export type { Field, ScalarKind, ValueType } from './descriptor.ts';
export { ProtobufJsonError } from './error.ts';
export type * from './istio-types.ts';
export { JsonNumber, mayHoldUnusualNumbers, parseJson } from './json-number.ts';
export { isSet } from './presence.ts';
export { readMessage, readMessageFromText, readMessageOnto } from './reader.ts';
export type { ReadOptions } from './reader.ts';
export { messageText } from './text.ts';
export { isWellKnown, isWrapper } from './well-known-types.ts';
export { writeMessage } from './writer.ts';
