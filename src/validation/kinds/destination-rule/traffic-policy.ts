/** Traffic policies of a DestinationRule and its subsets. */
import type {
  OutlierDetection,
  TrafficPolicy,
  TrafficPolicy_PortTrafficPolicy,
  TrafficPolicy_TunnelSettings,
} from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkIpAddress } from '../../rules/addresses.ts';
import { checkClientTls } from '../../rules/client-tls.ts';
import { checkConnectionPool } from '../../rules/connection-pools.ts';
import { checkFqdn } from '../../rules/domains.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkPercent } from '../../rules/percentages.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkLoadBalancer } from './load-balancer.ts';

/** Checks a traffic policy of an object in `namespace`. */
export function checkTrafficPolicy(result: Result, path: FieldPath, policy: TrafficPolicy, namespace: string): void {
  const { portLevelSettings, tunnel, proxyProtocol, retryBudget } = policy;
  const isEmpty =
    !hasSettings(policy) &&
    portLevelSettings.length === 0 &&
    tunnel === undefined &&
    proxyProtocol === undefined &&
    retryBudget === undefined;
  if (isEmpty) {
    result.error(path, problem('traffic-policy-empty', 'traffic policy must have at least one field'));
    return;
  }
  if (tunnel !== undefined && proxyProtocol !== undefined) {
    const message = 'tunnel and proxyProtocol must not be set together';
    result.error(path.at('tunnel'), problem('traffic-policy-conflict', message));
    return;
  }
  checkSettings(result, path, policy, namespace);
  result.withoutWarnings(() => {
    portLevelSettings.forEach((settings, index) => {
      checkPortSettings(result, path.at('portLevelSettings').at(index), settings, namespace);
    });
  });
  if (tunnel !== undefined) checkTunnel(result, path.at('tunnel'), tunnel);
  // A number is a version that the API does not declare.
  if (typeof proxyProtocol?.version === 'number') {
    const message = `proxy protocol version is invalid: ${proxyProtocol.version}`;
    result.error(path.at('proxyProtocol').at('version'), problem('proxy-protocol-version', message));
  }
}

/** What may be set for all ports and for a single one. */
type Settings = Pick<TrafficPolicy, 'outlierDetection' | 'connectionPool' | 'loadBalancer' | 'tls'>;

function hasSettings({ outlierDetection, connectionPool, loadBalancer, tls }: Settings): boolean {
  return [outlierDetection, connectionPool, loadBalancer, tls].some((setting) => setting !== undefined);
}

function checkSettings(result: Result, path: FieldPath, settings: Settings, namespace: string): void {
  const { outlierDetection, connectionPool, loadBalancer, tls } = settings;
  if (outlierDetection !== undefined) checkOutlierDetection(result, path.at('outlierDetection'), outlierDetection);
  if (connectionPool !== undefined) checkConnectionPool(result, path.at('connectionPool'), connectionPool);
  if (loadBalancer !== undefined) {
    checkLoadBalancer(result, path.at('loadBalancer'), loadBalancer, outlierDetection !== undefined);
  }
  if (tls !== undefined) checkClientTls(result, path.at('tls'), tls, namespace);
}

function checkPortSettings(
  result: Result,
  path: FieldPath,
  settings: TrafficPolicy_PortTrafficPolicy,
  namespace: string,
): void {
  if (settings.port === undefined) {
    const message = 'portTrafficPolicy must have valid port';
    result.error(path.at('port'), problem('port-required', message));
  }
  if (!hasSettings(settings)) {
    const message = 'port traffic policy must have at least one field';
    result.error(path, problem('traffic-policy-empty', message));
    return;
  }
  checkSettings(result, path, settings, namespace);
}

function checkOutlierDetection(result: Result, path: FieldPath, detection: OutlierDetection): void {
  result.error(path.at('baseEjectionTime'), checkDuration(detection.baseEjectionTime));
  if (detection.consecutiveErrors !== 0) {
    const message =
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead';
    result.warn(path.at('consecutiveErrors'), problem('deprecated-field', message));
  }
  const localFailures = detection.consecutiveLocalOriginFailures?.value ?? 0;
  if (localFailures > 0 && !detection.splitExternalLocalOriginErrors) {
    const message =
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false';
    result.error(path.at('consecutiveLocalOriginFailures'), problem('outlier-detection-conflict', message));
  }
  result.error(path.at('interval'), checkDuration(detection.interval));
  result.error(path.at('maxEjectionPercent'), checkPercent(detection.maxEjectionPercent));
  result.error(path.at('minHealthPercent'), checkPercent(detection.minHealthPercent));
}

function checkTunnel(result: Result, path: FieldPath, tunnel: TrafficPolicy_TunnelSettings): void {
  const { protocol, targetHost, targetPort } = tunnel;
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST') {
    const message = 'tunnel protocol must be "CONNECT" or "POST"';
    result.error(path.at('protocol'), problem('tunnel-protocol', message));
  }
  const noName = checkFqdn(targetHost);
  const noAddress = checkIpAddress(targetHost);
  if (noName !== undefined && noAddress !== undefined) {
    const message = `tunnel target host must be valid FQDN or IP address: ${noName.message}; ${noAddress.message}`;
    result.error(path.at('targetHost'), problem('tunnel-target', message));
  }
  const badPort = checkPort(targetPort);
  if (badPort !== undefined) {
    const message = `tunnel target port is invalid: ${badPort.message}`;
    result.error(path.at('targetPort'), problem('tunnel-target', message));
  }
}
