/** The limits of the HTTPS port, each with the reason for its number. Times are in milliseconds. */

/** Longest request body: Istio's limit, twice what etcd can store as one object with its old version. */
export const maxBodyBytes = 6 * 1024 * 1024;

/** How long a client may take to send the request headers: that of Istio's webhook server. */
export const headersTimeout = 30_000;

/** How long a client may take to send the whole request. The API server gives up on a webhook after 30 s at the latest. */
export const requestTimeout = 60_000;

/**
 * How long an idle connection stays open. The API server keeps idle connections for 90 s; were ours shorter, it
 * would now and then send a review into a connection that we are just closing, and a pod would be refused.
 */
export const keepAliveTimeout = 120_000;

/** Requests at the same time in one HTTP/2 connection: the default of Go's server. */
export const maxConcurrentStreams = 250;

/** How often connections are checked against the limits above. */
export const connectionsCheckingInterval = 5_000;

/** How long requests in flight may take after SIGTERM: the API server's default timeout of a webhook call. */
export const drainTimeout = 10_000;

/** Longest text of an error in a log line: an error may quote the body it could not read. */
export const maxLoggedErrorLength = 512;

/** Most text of the log that waits to be written, in UTF-16 units: some 30,000 lines; one that nobody reads has no bound. */
export const maxLogBuffer = 8 * 1024 * 1024;
