/**
 * The well-known types whose TypeScript form differs from their protobuf fields (see ARCHITECTURE.md "Messages");
 * all other messages are described in the generated `istio-types.ts`.
 */

/** google.protobuf.Duration; both parts have the same sign. */
export interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

/** google.protobuf.Timestamp: seconds since 1970-01-01T00:00:00Z, and 0 ≤ nanos < 10⁹. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** google.protobuf.Value: plain JSON. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** google.protobuf.Struct: a plain JSON object. */
export type Struct = Readonly<Record<string, Value>>;

/** google.protobuf.ListValue: a plain JSON array. */
export type ListValue = readonly Value[];

/** google.protobuf.Any with its content decoded; Go keeps the same content as bytes. */
export interface Any {
  readonly typeUrl: string;
  readonly message?: object;
}

/** A message without fields. */
export type NoFields = Readonly<Record<string, never>>;
