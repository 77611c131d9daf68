/** Decoding of specs: protobuf messages for Istio's kinds, Go structs for those of other projects. */
import { quote } from '../go/quote.ts';
import { ProtobufJsonError, readMessage } from '../protobuf/index.ts';
import type { Kind } from './kind.ts';
import { findObjectFault, isObject, jsonType } from './object-faults.ts';
import { specPath } from './path.ts';
import type { FieldPath } from './path.ts';
import { pathInside } from './reader-path.ts';

/** Why a spec does not fit its kind, and where. */
export interface SpecFault {
  /** Go's text. */
  readonly fault: string;
  readonly path: FieldPath;
}

/**
 * The spec as its kind's checks take it, or why it is none.
 *
 * @param strict whether fields that the message does not have are faults
 */
export function decodeSpec(kind: Kind, spec: unknown, strict: boolean): { readonly spec: unknown } | SpecFault {
  if (kind.message === undefined) return findStructFault(kind, spec, strict) ?? { spec };
  try {
    return { spec: readMessage(kind.message, spec, { strict }) };
  } catch (error) {
    if (!(error instanceof ProtobufJsonError)) throw error;
    return { fault: error.message, path: pathInside(specPath, error.path) };
  }
}

/** Of unknown fields only those of the spec itself are found, not those deeper in it. */
function findStructFault({ kind, shape }: Kind, spec: unknown, strict: boolean): SpecFault | undefined {
  if (shape?.type !== 'struct' || spec == null) return undefined;
  if (!isObject(spec)) {
    const fault = `json: cannot unmarshal ${jsonType(spec)} into Go value of type v1.${kind}Spec`;
    return { fault, path: specPath };
  }
  const found = findObjectFault(spec, shape);
  if (found !== undefined) return { fault: found.fault, path: inSpec(found.path) };
  const unknown = strict ? Object.keys(spec).find((key) => !shape.fields.has(key.toLowerCase())) : undefined;
  return unknown === undefined
    ? undefined
    : { fault: `json: unknown field ${quote(unknown)}`, path: specPath.at(unknown) };
}

/** The same path, counted from the object instead of its spec. */
function inSpec(path: FieldPath): FieldPath {
  return path
    .steps()
    .reduce((parent, { key, isMapKey }) => (isMapKey ? parent.entry(String(key)) : parent.at(key)), specPath);
}
