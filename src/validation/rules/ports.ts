/** Port numbers, port names and protocol names. */
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';
import { isDnsLabel } from './domains.ts';

/** Checks that a port number lies in 1..65535. */
export function checkPort(port: number | bigint): Problem | undefined {
  if (port >= 1 && port <= 65535) return undefined;
  return problem('port-range', `port number ${port} must be in the range 1..65535`);
}

/** Checks that a port name is a DNS label. */
export function checkPortName(name: string): Problem | undefined {
  return isDnsLabel(name) ? undefined : problem('port-name', `invalid port name: ${name}`);
}

/** Checks that a protocol name is empty or known, in any case. */
export function checkProtocol(name: string): Problem | undefined {
  if (name === '' || parseProtocol(name) !== 'unsupported') return undefined;
  return problem('protocol-name', `unsupported protocol: ${name}`);
}

/** Protocols as Istio knows them (`pkg/config/protocol`), in lower case. */
export type Protocol =
  | 'tcp'
  | 'udp'
  | 'grpc'
  | 'grpc-web'
  | 'http'
  | 'http_proxy'
  | 'http2'
  | 'https'
  | 'tls'
  | 'mongo'
  | 'redis'
  | 'mysql'
  | 'unsupported';

const known: ReadonlySet<string> = new Set<Protocol>([
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
]);

/** Reads a protocol name in any case; `unsupported` for an empty or unknown one. */
export function parseProtocol(name: string): Protocol {
  const lower = name.toLowerCase();
  return known.has(lower) ? (lower as Protocol) : 'unsupported';
}

const httpClass: ReadonlySet<Protocol> = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const tlsClass: ReadonlySet<Protocol> = new Set(['https', 'tls']);
const tcpClass: ReadonlySet<Protocol> = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql']);

/** Whether the protocol carries plain HTTP requests. */
export const isHttp = (protocol: Protocol): boolean => httpClass.has(protocol);

/** Whether the protocol is encrypted with TLS. */
export const isTls = (protocol: Protocol): boolean => tlsClass.has(protocol);

/** Whether Istio treats the protocol as a TCP stream. */
export const isTcp = (protocol: Protocol): boolean => tcpClass.has(protocol);
