/** The checks of a proxy configuration, in Istio's order (`agent.ValidateMeshConfigProxyConfig`). */
import { ErrorCollector } from '../go/multierror.ts';
import { quote } from '../go/quote.ts';
import type { Duration, MeshTracing, PrivateKeyProvider } from '../protobuf/index.ts';
import { FieldPath } from '../validation/path.ts';
import { Result } from '../validation/result.ts';
import { checkClientTls } from '../validation/rules/client-tls.ts';
import { checkDuration } from '../validation/rules/durations.ts';
import { checkPort } from '../validation/rules/ports.ts';
import { findAddressError } from './addresses.ts';
import type { ProxyConfig } from './defaults.ts';

export interface ProxyConfigFindings {
  /** Print as a list even when there is only one. */
  readonly errors: ErrorCollector;
  readonly warnings: readonly string[];
}

/** Checks a complete proxy configuration. */
export function validateProxyConfig(config: ProxyConfig): ProxyConfigFindings {
  const errors = new ErrorCollector();
  const add = (message: string | undefined, lead = ''): void => {
    errors.addListed(message === undefined ? undefined : lead + message);
  };
  if (config.configPath === '') add('config path must be set');
  if (config.binaryPath === '') add('binary path must be set');
  add(findClusterNameError(config));
  add(findDrainDurationError(config.drainDuration ?? { seconds: 0, nanos: 0 }));
  if (config.discoveryAddress === '') add('discovery address must be set to the proxy discovery service');
  else add(findAddressError(config.discoveryAddress), 'invalid discovery address: ');
  for (const message of findTracingErrors(config.tracing)) add(message);
  for (const [name, address] of serviceAddresses(config)) {
    if (address !== '') add(findAddressError(address), `invalid ${name} address ${quote(address)}: `);
  }
  add(checkPort(config.proxyAdminPort)?.message, 'invalid proxy admin port: ');
  add(findAuthPolicyError(config), 'invalid authentication policy: ');
  add(checkPort(config.statusPort)?.message, 'invalid status port: ');
  for (const message of findKeyProviderErrors(config.privateKeyProvider)) {
    add(message, 'invalid private key provider configuration: ');
  }
  return { errors, warnings: findWarnings(config) };
}

function findClusterNameError({ serviceCluster, tracingServiceName }: ProxyConfig): string | undefined {
  if (serviceCluster === '') return 'service cluster must be specified';
  if (serviceCluster !== undefined || tracingServiceName !== undefined) return undefined;
  return 'oneof service cluster or tracing service name must be specified';
}

function findDrainDurationError(duration: Duration): string | undefined {
  const problem = checkDuration(duration);
  if (problem !== undefined) return `invalid drain duration: ${problem.message}`;
  return duration.nanos === 0 ? undefined : 'drain time only supports durations to seconds precision';
}

function findTracingErrors(tracing: MeshTracing | undefined): string[] {
  if (tracing === undefined) return [];
  const { lightstep, zipkin, datadog, tlsSettings } = tracing;
  const errors: string[] = [];
  const add = (lead: string, message: string | undefined): void => {
    if (message !== undefined) errors.push(`${lead}: ${message}`);
  };
  if (lightstep !== undefined) {
    if (lightstep.address === '') add('invalid lightstep config', 'address is required');
    add('invalid lightstep config: invalid lightstep address', findAddressError(lightstep.address));
    if (lightstep.accessToken === '') add('invalid lightstep config', 'access token is required');
  }
  if (zipkin !== undefined) add('invalid zipkin config', findCollectorError(zipkin.address));
  if (datadog !== undefined) add('invalid datadog config', findCollectorError(datadog.address));
  if (tlsSettings !== undefined) {
    const result = new Result();
    checkClientTls(result, FieldPath.root('tlsSettings'), tlsSettings, '');
    for (const { message } of result.errors) add('invalid tracing TLS config', message);
  }
  return errors;
}

/** The agent puts the node's address for `$(HOST_IP)`. */
function findCollectorError(address: string): string | undefined {
  return findAddressError(address.replace('$(HOST_IP)', '127.0.0.1'));
}

function serviceAddresses(config: ProxyConfig): [name: string, address: string][] {
  return [
    ['statsd udp', config.statsdUdpAddress],
    ['envoy metrics service', config.envoyMetricsServiceAddress],
    ['envoy metrics service', config.envoyMetricsService?.address ?? ''],
    ['envoy access log service', config.envoyAccessLogService?.address ?? ''],
  ];
}

function findAuthPolicyError({ controlPlaneAuthPolicy: policy }: ProxyConfig): string | undefined {
  if (policy === 'NONE' || policy === 'MUTUAL_TLS') return undefined;
  return `unrecognized control plane auth policy ${quote(String(policy))}`;
}

function findKeyProviderErrors(provider: PrivateKeyProvider | undefined): string[] {
  if (provider === undefined) return [];
  const chosen = provider.cryptomb ?? provider.qat;
  if (chosen === undefined) return ['private key provider configuration is required', 'unknown private key provider'];
  const { pollDelay } = chosen;
  if (pollDelay === undefined) return ['pollDelay is required'];
  return pollDelay.seconds === 0 && pollDelay.nanos === 0 ? ['pollDelay must be non zero'] : [];
}

const AUTO_ALLOCATE = 'ISTIO_META_DNS_AUTO_ALLOCATE';

function findWarnings({ proxyMetadata }: ProxyConfig): string[] {
  if (!Object.hasOwn(proxyMetadata, AUTO_ALLOCATE)) return [];
  const page = 'https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#dns-auto-allocation-v2';
  return [`'${AUTO_ALLOCATE}' is deprecated; review ${page} for information about replacement functionality`];
}
