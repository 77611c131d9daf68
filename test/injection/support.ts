/** Small pods for tests, in the form in which the injector has them. */
import { decodePod, type Pod } from '../../src/kubernetes/index.ts';

/** A pod with one container `app`, changed by what is given. */
export function pod(metadata: object = {}, spec: object = {}): Pod {
  return deepFreeze(
    decodePod({
      metadata: { name: 'web', namespace: 'shop', ...metadata },
      spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
    }),
  );
}

/** A pod with the proxy as its second container. */
export const podWithProxy = (metadata: object = {}, spec: object = {}): Pod =>
  pod(metadata, { containers: [{ name: 'app' }, { name: 'istio-proxy' }], ...spec });

/** Freezes a value and all in it, so that a test fails when anything changes it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Names of a list of containers. */
export const names = (list: readonly { name: string }[] | null | undefined): string[] =>
  (list ?? []).map(({ name }) => name);
