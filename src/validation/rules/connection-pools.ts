/** Connection pool settings of DestinationRules and Sidecars. Only errors come out of here. */
import type {
  ConnectionPoolSettings,
  ConnectionPoolSettings_HTTPSettings,
  ConnectionPoolSettings_TCPSettings,
} from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkDuration, truncatesToZeroMillis } from './durations.ts';

/** Checks a connection pool. */
export function checkConnectionPool(result: Result, path: FieldPath, pool: ConnectionPoolSettings): void {
  const { http, tcp } = pool;
  if (http === undefined && tcp === undefined) {
    result.error(path, problem('connection-pool-empty', 'connection pool must have at least one field'));
  }
  if (http !== undefined) checkHttp(result, path.at('http'), http);
  if (tcp !== undefined) checkTcp(result, path.at('tcp'), tcp);
}

function checkHttp(result: Result, path: FieldPath, http: ConnectionPoolSettings_HTTPSettings): void {
  const limits = [
    ['http1MaxPendingRequests', 'http1 max pending requests'],
    ['http2MaxRequests', 'http2 max requests'],
    ['maxRequestsPerConnection', 'max requests per connection'],
    ['maxRetries', 'max retries'],
  ] as const;
  for (const [field, name] of limits) checkLimit(result, path.at(field), http[field], name);
  result.error(path.at('idleTimeout'), checkDuration(http.idleTimeout));
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    const message = 'use client protocol must not be true when H2UpgradePolicy is UPGRADE';
    result.error(path.at('useClientProtocol'), problem('h2-upgrade-conflict', message));
  }
  checkLimit(result, path.at('maxConcurrentStreams'), http.maxConcurrentStreams, 'max concurrent streams');
}

function checkTcp(result: Result, path: FieldPath, tcp: ConnectionPoolSettings_TCPSettings): void {
  checkLimit(result, path.at('maxConnections'), tcp.maxConnections, 'max connections');
  result.error(path.at('connectTimeout'), checkDuration(tcp.connectTimeout));
  result.error(path.at('maxConnectionDuration'), checkDuration(tcp.maxConnectionDuration));
  // Zero switches the timeout off.
  if (tcp.idleTimeout !== undefined && !truncatesToZeroMillis(tcp.idleTimeout)) {
    result.error(path.at('idleTimeout'), checkDuration(tcp.idleTimeout));
  }
  if (tcp.tcpKeepalive === undefined) return;
  result.error(path.at('tcpKeepalive').at('time'), checkDuration(tcp.tcpKeepalive.time));
  result.error(path.at('tcpKeepalive').at('interval'), checkDuration(tcp.tcpKeepalive.interval));
}

function checkLimit(result: Result, path: FieldPath, limit: number, name: string): void {
  if (limit < 0) result.error(path, problem('limit-negative', `${name} must be non-negative`));
}
