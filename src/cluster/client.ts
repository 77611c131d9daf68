/**
 * A thin REST client of the Kubernetes API: typed calls over kept connections, a time limit on each, and errors as data.
 *
 * Objects are what the JSON says, with the type the caller names: fields that matter must be looked at before they are trusted.
 */
import type { IncomingMessage } from 'node:http';
import { ApiConnectionError, ApiError, apiErrorOf } from './api-error.ts';
import type {
  ApplyOptions,
  CallOptions,
  KubernetesObject,
  ListOptions,
  ObjectList,
  PatchOperation,
  Resource,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './api-types.ts';
import type { Credentials } from './credentials.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import { jsonLines } from './json-lines.ts';
import { acceptOf, pathOf, queryOf, selectorsOf, writeQuery } from './resource-path.ts';
import { connectionError, readText, Transport, type TransportCall } from './transport.ts';

export { ApiConnectionError, ApiError, isConflict, isExpired, isNotFound } from './api-error.ts';
export type * from './api-types.ts';

/** How long a call may take, and a watch until it begins, in milliseconds. */
const callTimeout = 30_000;

/** Calls to one API server. Each rejects with an {@link ApiError} (the server refused) or an {@link ApiConnectionError} (no usable answer). */
export class ApiClient {
  readonly #transport: Transport;

  constructor(credentials: Credentials) {
    this.#transport = new Transport(credentials);
  }

  /** `https://HOST:PORT` of the API server. */
  get server(): string {
    return this.#transport.server;
  }

  get<T extends KubernetesObject>(resource: Resource, name: string, options: CallOptions = {}): Promise<T> {
    return this.#object({ method: 'GET', path: pathOf(resource, name) }, options);
  }

  /** One page. */
  async list<T extends KubernetesObject>(resource: Resource, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { limit, continue: token, resourceVersion } = options;
    const query = queryOf({ ...selectorsOf(options), limit, continue: token, resourceVersion });
    const call = { method: 'GET', path: pathOf(resource) + query, headers: acceptOf(options, 'List') } as const;
    const page = await this.#call(call, options);
    if (hasMetadata(page) && Array.isArray(page['items']) && page['items'].every(hasMetadata)) {
      return page as unknown as ObjectList<T>;
    }
    throw new ApiConnectionError('the API server answered with something that is no list of objects');
  }

  /**
   * The changes since a resource version, until the server ends the watch or is silent for too long (then the iterator ends) or
   * something goes wrong (then it throws; `isExpired` says that the version is too old). Leaving the loop closes the connection.
   */
  async *watch<T extends KubernetesObject>(
    resource: Resource,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void> {
    const { resourceVersion, timeoutSeconds, idleTimeout, signal, onOpen } = options;
    const flags = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
    const path = pathOf(resource) + queryOf({ ...selectorsOf(options), ...flags });
    const limit = timeLimit(callTimeout, `the API server ${this.server} did not begin the watch`, signal);
    let response: IncomingMessage | undefined;
    try {
      response = await this.#transport.send({
        method: 'GET',
        path,
        headers: acceptOf(options, ''),
        signal: limit.signal,
      });
      limit.restart(idleTimeout, new SilentWatch());
      response.on('data', limit.refresh);
      if (response.statusCode !== 200) throw await refusalOf(response);
      onOpen?.();
      for await (const event of jsonLines(response)) yield checkedEvent<T>(event);
    } catch (error) {
      if (limit.signal.reason instanceof SilentWatch) return;
      throw error instanceof ApiError ? error : connectionError(error, limit.signal, 'the watch broke');
    } finally {
      limit.clear();
      response?.destroy();
    }
  }

  create<T extends KubernetesObject>(resource: Resource, object: T, options: WriteOptions = {}): Promise<T> {
    const path = pathOf(resource) + writeQuery(options);
    return this.#object({ method: 'POST', path, body: jsonBody(object) }, options);
  }

  /** Replaces an object; with its `metadata.resourceVersion` only when nobody changed it since. */
  update<T extends KubernetesObject>(resource: Resource, object: T, options: WriteOptions = {}): Promise<T> {
    const path = pathOf(resource, object.metadata.name) + writeQuery(options);
    return this.#object({ method: 'PUT', path, body: jsonBody(object) }, options);
  }

  delete(resource: Resource, name: string, options: WriteOptions = {}): Promise<unknown> {
    return this.#call({ method: 'DELETE', path: pathOf(resource, name) + writeQuery(options) }, options);
  }

  /** Server-side apply: the fields of the object become those of the field manager, its other ones are given up. */
  apply<T extends KubernetesObject>(resource: Resource, object: KubernetesObject, options: ApplyOptions): Promise<T> {
    const path = pathOf(resource, object.metadata.name) + writeQuery(options, options.force);
    const body = { type: 'application/apply-patch+yaml', text: JSON.stringify(object) };
    return this.#object({ method: 'PATCH', path, body }, options);
  }

  /** JSON patch (RFC 6902): the field manager owns what the operations change, and nothing else. */
  patch<T extends KubernetesObject>(
    resource: Resource,
    name: string,
    operations: readonly PatchOperation[],
    options: WriteOptions = {},
  ): Promise<T> {
    const body = { type: 'application/json-patch+json', text: JSON.stringify(operations) };
    return this.#object({ method: 'PATCH', path: pathOf(resource, name) + writeQuery(options), body }, options);
  }

  /** Closes all connections. */
  close(): void {
    this.#transport.close();
  }

  async #object<T extends KubernetesObject>(call: Omit<TransportCall, 'signal'>, options: CallOptions): Promise<T> {
    const object = await this.#call(call, options);
    if (hasMetadata(object)) return object as unknown as T;
    throw new ApiConnectionError('the API server answered with something that is no object');
  }

  async #call(call: Omit<TransportCall, 'signal'>, options: CallOptions): Promise<unknown> {
    const { timeout = callTimeout, signal } = options;
    const limit = timeLimit(timeout, `the API server ${this.server} did not answer`, signal);
    try {
      const response = await this.#transport.send({ ...call, signal: limit.signal });
      if ((response.statusCode ?? 500) >= 300) throw await refusalOf(response);
      return JSON.parse(await readText(response)) as unknown;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw connectionError(error, limit.signal, `the answer of the API server ${this.server} cannot be used`);
    } finally {
      limit.clear();
    }
  }
}

const jsonBody = (object: unknown): TransportCall['body'] => ({
  type: 'application/json',
  text: JSON.stringify(object),
});

async function refusalOf(response: IncomingMessage): Promise<ApiError> {
  const text = await readText(response);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy's page, or nothing: the status says enough.
  }
  return apiErrorOf(body, response.statusCode ?? 500, response.headers['retry-after']);
}

const eventTypes: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

function checkedEvent<T>(event: unknown): WatchEvent<T> {
  const { type, object } = isRecord(event) ? event : {};
  if (type === 'ERROR') throw apiErrorOf(object, 500);
  if (!eventTypes.has(type) || !hasMetadata(object)) {
    throw new ApiConnectionError('the API server sent a watch event of an unknown form');
  }
  return { type: type as WatchEvent<T>['type'], object: object as T };
}

/** The one thing that every object has, and on which its readers count. */
function hasMetadata(object: unknown): object is JsonRecord {
  return isRecord(object) && isRecord(object['metadata']);
}

/** Nothing came for so long that the connection may be dead; or nothing happened, since no server promises bookmarks. */
class SilentWatch extends Error {}

/** A signal that ends a call after a time, or with the caller's signal. */
function timeLimit(milliseconds: number, what: string, signal?: AbortSignal) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const restart = (time: number, reason: Error): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      controller.abort(reason);
    }, time);
  };
  restart(milliseconds, new ApiConnectionError(`${what} (${milliseconds / 1000} s)`));
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    restart,
    refresh: () => timer?.refresh(),
    clear: () => {
      clearTimeout(timer);
    },
  };
}
