import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { SecureVersion } from 'node:tls';
import type { ServingCertificate } from './certificates.ts';
import type { Logger } from './logger.ts';
import {
  connectionsCheckingInterval,
  handshakeTimeout,
  headersTimeout,
  http2Limits,
  keepAliveProbeDelay,
  keepAliveTimeout,
  maxHeaderBytes,
  maxHeaders,
  requestTimeout,
  stallTimeout,
} from './limits.ts';

/** What a compliance policy (`COMPLIANCE_POLICY`) allows; the values are those of Istio. */
export interface TlsPolicy {
  readonly minVersion: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly ciphers?: string;
  readonly ecdhCurve?: string;
}

const defaultPolicy: TlsPolicy = { minVersion: 'TLSv1.2' };

const policies: Readonly<Record<string, TlsPolicy>> = {
  '': defaultPolicy,
  'fips-140-2': {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-GCM-SHA384',
    ].join(':'),
    ecdhCurve: 'P-256',
  },
  pqc: {
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384',
    ecdhCurve: 'X25519MLKEM768',
  },
};

/** The TLS settings of a `COMPLIANCE_POLICY`. As in Istio, one that is not known restricts nothing and is warned of. */
export function tlsPolicy(name: string, logger: Pick<Logger, 'warn'>): TlsPolicy {
  const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (policy === undefined) logger.warn(`Unknown compliance policy ${name}: TLS is not restricted`);
  return policy ?? defaultPolicy;
}

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** The limits of an HTTP/1.1 connection. */
const http1Limits = { headersTimeout, requestTimeout, keepAliveTimeout };
/** Apart, since the type declarations of Node do not know them among the options of HTTP/1.1. */
const moreHttp1Limits = { connectionsCheckingInterval, maxHeaderSize: maxHeaderBytes };

/** Dead clients are noticed, and small answers sent at once. */
const socketOptions = { keepAlive: true, keepAliveInitialDelay: keepAliveProbeDelay, noDelay: true };

const { maxConcurrentStreams, ...sessionLimits } = http2Limits;

/**
 * An HTTPS server that speaks HTTP/2 and HTTP/1.1, chosen by ALPN.
 *
 * The time limits are set here since Fastify does not set those of HTTP/1.1 on an HTTP/2 server, whose defaults
 * (5 s keep-alive) would break connections that the API server still counts on.
 */
export function createTlsServer(
  certificate: ServingCertificate,
  policy: TlsPolicy,
  handler: Handler,
): Http2SecureServer {
  const server = createSecureServer(
    {
      ...policy,
      ...socketOptions,
      ...sessionLimits,
      cert: certificate.cert,
      key: certificate.key,
      handshakeTimeout,
      allowHTTP1: true,
      http1Options: { ...http1Limits, ...moreHttp1Limits },
      settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes },
      maxHeaderListPairs: maxHeaders,
    },
    handler,
  );
  // Node 24 takes no http1Options; the properties are read on both.
  Object.assign(server, http1Limits, { maxHeadersCount: maxHeaders });
  // Of connections with a request in flight; idle ones have keepAliveTimeout.
  server.setTimeout(stallTimeout);
  server.on('session', (session) => {
    session.setTimeout(keepAliveTimeout, () => {
      session.close();
    });
  });
  server.on('stream', (stream) => {
    stream.setTimeout(requestTimeout, () => {
      stream.close();
    });
  });
  return server;
}
