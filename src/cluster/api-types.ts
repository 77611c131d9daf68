/** What goes to and comes from the Kubernetes API, and the options of calls. */

/** A resource, of one namespace or (without) of the cluster or all namespaces. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: `configmaps`. */
  readonly resource: string;
  readonly namespace?: string;
}

/** `metav1.ObjectMeta`, what we use of it. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
  readonly ownerReferences?: readonly unknown[];
}

/** Which manager set which fields. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

/** Any object. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** One page of a list. */
export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** An event of a watch. A bookmark's object has a resource version and nothing else. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

export interface CallOptions {
  /** How long the whole call may take, in milliseconds. Default: 30 s. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface SelectOptions {
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Asks for `PartialObjectMetadata`: type and metadata alone. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends CallOptions, SelectOptions {
  /** Most objects of a page. */
  readonly limit?: number;
  /** Token of the page before. */
  readonly continue?: string;
  /** `0`: any state that the server has in memory. Default: the newest. */
  readonly resourceVersion?: string;
}

export interface WatchOptions extends SelectOptions {
  /** Where to begin: that of the list. */
  readonly resourceVersion?: string;
  /** After how many seconds the server ends the watch. */
  readonly timeoutSeconds: number;
  /** After how many milliseconds without a byte the watch ends, since its connection may be dead. */
  readonly idleTimeout: number;
  /** The server has begun the watch. */
  readonly onOpen?: () => void;
  readonly signal?: AbortSignal;
}

export interface WriteOptions extends CallOptions {
  /** Everything but storing it. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields from other managers. */
  readonly force?: boolean;
}

/** An operation of a JSON patch (RFC 6902). A `test` that fails makes the whole patch fail. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}
