/** Names that Envoy's own filters had before they were named after their kind. */

const byKind: Readonly<Record<string, readonly string[]>> = {
  'envoy.filters.http.': [
    'buffer',
    'cors',
    'csrf',
    // Also the old name of the network filter; Istio names one of the two at random.
    'ext_authz',
    'fault',
    'grpc_http1_bridge',
    'grpc_json_transcoder',
    'grpc_web',
    'gzip',
    'health_check',
    'ip_tagging',
    'lua',
    'router',
    'squash',
  ],
  'envoy.filters.network.': [
    'client_ssl_auth',
    'http_connection_manager',
    'mongo_proxy',
    'ratelimit',
    'redis_proxy',
    'tcp_proxy',
  ],
};

const newNames: ReadonlyMap<string, string> = new Map([
  ...Object.entries(byKind).flatMap(([kind, names]) => names.map((name) => [`envoy.${name}`, kind + name] as const)),
  ...['http_inspector', 'original_dst', 'original_src', 'proxy_protocol', 'tls_inspector'].map(
    (name) => [`envoy.listener.${name}`, `envoy.filters.listener.${name}`] as const,
  ),
  ['envoy.http_dynamo_filter', 'envoy.filters.http.dynamo'],
  ['envoy.rate_limit', 'envoy.filters.http.ratelimit'],
]);

/** Today's name of a filter that is known by an old one. */
export function newFilterName(name: string): string | undefined {
  return newNames.get(name);
}
