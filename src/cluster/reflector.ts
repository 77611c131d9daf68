/**
 * Keeps a copy of one resource: list, then watch, for ever (as `cache.Reflector` of k8s.io/client-go).
 *
 * A copy that has been made once is never lost: while the API server is away, or answers nonsense, the last contents stay.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isExpired, isNotFound, ApiError, type ApiClient } from './client.ts';
import type { KubernetesObject, Resource, SelectOptions } from './api-types.ts';

/** How a {@link Reflector} waits; times are in milliseconds. */
export interface ReflectorTimes {
  /** After the first failure; doubled for each further one, and up to twice as long by chance. */
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** How long a resource that does not exist (its CRD is missing) is left alone. */
  readonly missingRetry: number;
  /**
   * After how long without an event or bookmark a new watch is begun, since the connection may be dead. The API server sends a bookmark
   * a minute, but not of a resource of which it saw no event since its start.
   */
  readonly idle: number;
  /** How long the server keeps a watch; up to twice as long by chance, so that replicas do not come back at once. */
  readonly watch: number;
}

/** Those of client-go where it has them, but shorter waits: a changed configuration should not take half a minute. */
export const reflectorTimes: ReflectorTimes = {
  firstRetry: 250,
  longestRetry: 10_000,
  missingRetry: 20_000,
  idle: 90_000,
  watch: 300_000,
};

/** Objects of a page of a list. */
const pageSize = 500;

/** A watch that ends sooner, in milliseconds, counts as a failure: a server that closes them at once must not be asked in a loop. */
const shortestWatch = 1_000;

export interface ReflectorOptions<Kept> extends SelectOptions {
  readonly resource: Resource;
  /** For log and metrics. */
  readonly name: string;
  /** What is kept of an object, which may be anything. */
  readonly keep: (object: KubernetesObject) => Kept;
  /** The resource may not exist in the cluster; it then has no objects. */
  readonly optional?: boolean;
  /** The contents changed, or were complete for the first time. */
  readonly onChange: () => void;
  /** The server was heard: a list, an event or a bookmark. */
  readonly onHeard: () => void;
  /** Called for each failure; after it {@link onHeard} says that all is well again. */
  readonly onFailure: (error: unknown) => void;
  readonly times?: Partial<ReflectorTimes>;
}

export class Reflector<Kept> {
  readonly #client: ApiClient;
  readonly #options: ReflectorOptions<Kept>;
  readonly #times: ReflectorTimes;
  readonly #stop = new AbortController();
  #items = new Map<string, Kept>();
  #synced = false;
  #missing = false;
  /** Where the next watch begins; undefined: list first. */
  #version: string | undefined;
  #failures = 0;

  constructor(client: ApiClient, options: ReflectorOptions<Kept>) {
    this.#client = client;
    this.#options = options;
    this.#times = { ...reflectorTimes, ...options.times };
  }

  get name(): string {
    return this.#options.name;
  }

  /** What is kept, by `NAMESPACE/NAME`, or `NAME` for objects of the cluster. */
  get items(): ReadonlyMap<string, Kept> {
    return this.#items;
  }

  /** Whether the contents were complete once. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Whether the cluster does not know the resource. */
  get missing(): boolean {
    return this.#missing;
  }

  /** Runs until {@link stop}; never rejects. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let wait = 0;
      try {
        if (this.#version === undefined) await this.#list();
        else await this.#watch();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        wait = this.#failed(error);
      }
      if (wait > 0) await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async #list(): Promise<void> {
    const items = new Map<string, Kept>();
    const version = await this.#readPages(items).catch(async (error: unknown) => {
      if (items.size === 0 || !isExpired(error)) throw error;
      // The pages took longer than the server remembers: all at once, as client-go does.
      items.clear();
      return this.#readPages(items, 0);
    });
    this.#options.onHeard();
    this.#missing = false;
    this.#version = version;
    const changed = !this.#synced || !sameItems(this.#items, items);
    this.#items = items;
    this.#synced = true;
    if (changed) this.#options.onChange();
  }

  async #readPages(items: Map<string, Kept>, limit = pageSize): Promise<string | undefined> {
    const { resource, keep } = this.#options;
    let token: string | undefined;
    for (;;) {
      const page = await this.#client.list<KubernetesObject>(resource, {
        ...this.#selection(),
        limit: limit === 0 ? undefined : limit,
        continue: token,
        signal: this.#stop.signal,
      });
      for (const object of page.items) items.set(keyOf(object), keep(object));
      token = page.metadata.continue;
      if (token === undefined || token === '') return page.metadata.resourceVersion;
    }
  }

  async #watch(): Promise<void> {
    const { resource } = this.#options;
    const start = performance.now();
    const events = this.#client.watch<KubernetesObject>(resource, {
      ...this.#selection(),
      resourceVersion: this.#version,
      timeoutSeconds: Math.ceil((this.#times.watch / 1000) * (1 + Math.random())),
      idleTimeout: this.#times.idle,
      signal: this.#stop.signal,
      onOpen: this.#options.onHeard,
    });
    try {
      for await (const { type, object } of events) {
        this.#failures = 0;
        this.#options.onHeard();
        if (type !== 'BOOKMARK') this.#take(type, object);
        this.#version = object.metadata.resourceVersion ?? this.#version;
      }
    } finally {
      if (performance.now() - start >= shortestWatch) this.#failures = 0;
    }
    if (performance.now() - start < shortestWatch) throw new Error('the API server ended the watch at once');
  }

  #take(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void {
    const key = keyOf(object);
    if (type === 'DELETED') {
      if (!this.#items.delete(key)) return;
    } else {
      const kept = this.#options.keep(object);
      if (sameItem(this.#items.get(key), kept)) return;
      this.#items.set(key, kept);
    }
    this.#options.onChange();
  }

  #selection(): SelectOptions {
    const { fieldSelector, labelSelector, metadataOnly } = this.#options;
    return { fieldSelector, labelSelector, metadataOnly };
  }

  /** Notes a failure; the answer is how long to wait. */
  #failed(error: unknown): number {
    if (this.#options.optional === true && this.#version === undefined && isNotFound(error)) return this.#isMissing();
    if (isRefusal(error)) this.#version = undefined;
    // Expired: nothing is wrong, the server has only forgotten so old a version.
    if (!isExpired(error)) this.#options.onFailure(error);
    const { firstRetry, longestRetry } = this.#times;
    const wait = Math.min(firstRetry * 2 ** this.#failures, longestRetry / 2);
    this.#failures += 1;
    const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    return Math.min(Math.max(wait * (1 + Math.random()), asked), longestRetry);
  }

  #isMissing(): number {
    this.#options.onHeard();
    this.#missing = true;
    const changed = !this.#synced || this.#items.size > 0;
    this.#items = new Map();
    this.#synced = true;
    if (changed) this.#options.onChange();
    return this.#times.missingRetry * (1 + Math.random() / 10);
  }
}

/** The server said no to this version of the list; when it is only busy or starting, the watch can go on where it was. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status !== 429 && error.status !== 503;
}

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What is kept is small JSON. */
function sameItem(a: unknown, b: unknown): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function sameItems(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!sameItem(value, b.get(key))) return false;
  return true;
}
