/** A Secret, as the API has it, and a watch of one. */
import type { ApiClient, KubernetesObject, Resource } from '../client.ts';
import { Reflector } from '../reflector.ts';
import type { SecretTexts } from './self-signed-state.ts';

/** `v1 Secret`, what we use of it. */
export interface Secret extends KubernetesObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>> | null;
}

/** Where a Secret is. */
export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
}

export function secretResource(namespace: string): Resource {
  return { group: '', version: 'v1', resource: 'secrets', namespace };
}

/** The texts of a Secret. */
export function textsOf({ data }: Secret): SecretTexts {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]));
}

/** Texts as the data of a Secret. */
export function dataOf(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text).toString('base64')]));
}

/** What a {@link watchSecret} calls. */
export interface SecretWatchEvents {
  readonly onChange: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** A watch of one Secret, limited to it by name, so that a Role for this Secret alone is enough. */
export function watchSecret(client: ApiClient, { namespace, name }: SecretPlace, events: SecretWatchEvents) {
  const reflector = new Reflector<Secret>(client, {
    resource: secretResource(namespace),
    name: `secret ${namespace}/${name}`,
    fieldSelector: `metadata.name=${name}`,
    keep: (object) => object as Secret,
    onChange: events.onChange,
    onHeard: () => undefined,
    onFailure: events.onFailure,
    // Nothing can be served without it.
    times: { firstRetry: 200, longestRetry: 5_000 },
  });
  void reflector.run();
  return {
    /** Whether it is known if the Secret exists. */
    isSynced: () => reflector.synced,
    secret: () => reflector.items.get(`${namespace}/${name}`),
    stop: () => {
      reflector.stop();
    },
  };
}
