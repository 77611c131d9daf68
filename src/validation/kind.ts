/** What a validator of a kind is, independent of the kinds there are. */
import type { MessageTypes } from '../protobuf/istio-types.ts';
import type { Shape } from './object-faults.ts';
import type { Result } from './result.ts';

/** The metadata that validation looks at. The keys of the maps are the user's: look up fixed names, or with `Object.hasOwn`. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A kind of Istio resource: how its spec is decoded and checked. */
export interface Kind<Spec = unknown> {
  readonly group: string;
  readonly kind: string;
  /** Full protobuf name of the spec’s message; absent for kinds of other projects whose spec is not looked at. */
  readonly message?: keyof MessageTypes;
  /** The Go struct of a spec that is no protobuf message; only its fields are looked at. */
  readonly shape?: Shape;
  /** Adds everything wrong with the spec to `result`; paths start at `specPath`. The shared metadata checks have run. */
  validate(spec: Spec, metadata: ObjectMetadata, result: Result): void;
}

/**
 * Declares a kind. The registry holds kinds of all specs, so the spec's type is forgotten here, and only here: the
 * reader decodes the spec as `message`, which makes it of that message's type.
 */
export function defineKind<Name extends keyof MessageTypes>(
  kind: Kind<MessageTypes[Name]> & { readonly message: Name },
): Kind {
  return {
    ...kind,
    validate: (spec, metadata, result) => kind.validate(spec as MessageTypes[Name], metadata, result),
  };
}
