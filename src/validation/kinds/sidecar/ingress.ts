/** What a sidecar listens on for its workload. */
import { quote } from '../../../go/quote.ts';
import { AddrError, splitHostPort } from '../../../go/net.ts';
import type { HostPort } from '../../../go/net.ts';
import { atoi } from '../../../go/strconv.ts';
import type { IstioIngressListener, ServerTLSSettings, SidecarPort } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkIpAddress } from '../../rules/addresses.ts';
import { checkConnectionPool } from '../../rules/connection-pools.ts';
import { checkPort, isHttp, isTls, parseProtocol } from '../../rules/ports.ts';
import { checkServerTls } from '../../rules/server-tls.ts';
import { checkUnixSocket, isUnixSocket } from '../../rules/unix-sockets.ts';
import { checkPortNameAndProtocol } from './ports.ts';

/** Addresses that a default endpoint may name: those of the workload itself. */
const ownAddresses: ReadonlySet<string> = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Checks the list of ingress listeners. */
export function checkIngress(result: Result, path: FieldPath, listeners: readonly IstioIngressListener[]): void {
  const numbers = new Set<number>();
  listeners.forEach((listener, index) => {
    const place = path.at(index);
    if (listener.port === undefined) {
      const message = 'sidecar: port is required for ingress listeners';
      result.error(place.at('port'), problem('listener-port', message));
      return;
    }
    checkListener(result, place, listener, listener.port, numbers);
  });
}

function checkListener(
  result: Result,
  path: FieldPath,
  listener: IstioIngressListener,
  port: SidecarPort,
  numbers: Set<number>,
): void {
  const portPath = path.at('port');
  checkPortNameAndProtocol(result, portPath, port);
  result.error(portPath.at('number'), checkPort(port.number));
  if (listener.bind !== '') result.error(path.at('bind'), checkIpAddress(listener.bind));
  if (numbers.has(port.number)) {
    const message = 'sidecar: ports on IP bound listeners must be unique';
    result.error(portPath.at('number'), problem('listener-duplicate', message));
  }
  numbers.add(port.number);
  if (listener.defaultEndpoint !== '') {
    checkDefaultEndpoint(result, path.at('defaultEndpoint'), listener.defaultEndpoint);
  }
  if (listener.tls !== undefined) checkTls(result, path.at('tls'), listener.tls, port);
  if (listener.connectionPool !== undefined) {
    checkConnectionPool(result, path.at('connectionPool'), listener.connectionPool);
  }
  warnOfHttpPool(result, path, listener, port);
}

function checkDefaultEndpoint(result: Result, path: FieldPath, endpoint: string): void {
  if (isUnixSocket(endpoint)) {
    result.error(path, checkUnixSocket(endpoint));
    return;
  }
  const { host, port } = split(result, path, endpoint);
  if (!ownAddresses.has(host)) {
    const message =
      'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset';
    result.error(path, problem('default-endpoint', message));
  }
  const { value, error } = atoi(port);
  if (error !== undefined) {
    const message = `sidecar: defaultEndpoint port (${port}) is not a number: ${error.message}`;
    result.error(path, problem('default-endpoint', message));
  } else {
    result.error(path, checkPort(value));
  }
}

/** Host and port of an endpoint; both empty, and the fault reported, when it has no such form. */
function split(result: Result, path: FieldPath, endpoint: string): HostPort {
  try {
    return splitHostPort(endpoint);
  } catch (error) {
    if (!(error instanceof AddrError)) throw error;
    result.error(path, problem('default-endpoint', error.message));
    return { host: '', port: '' };
  }
}

function checkTls(result: Result, path: FieldPath, tls: ServerTLSSettings, port: SidecarPort): void {
  const unsupported = [
    ['subjectAltNames', 'subjectAltNames is not supported in ingress tls', tls.subjectAltNames.length > 0],
    ['httpsRedirect', 'httpsRedirect is not supported', tls.httpsRedirect],
    ['credentialName', 'credentialName is not currently supported', tls.credentialName !== ''],
    ['credentialNames', 'credentialNames is not currently supported', tls.credentialNames.length > 0],
    ['tlsCertificates', 'tls_certificates is not currently supported', tls.tlsCertificates.length > 0],
  ] as const;
  for (const [field, message, isSet] of unsupported) {
    if (isSet) result.error(path.at(field), problem('ingress-tls', `sidecar: ${message}`));
  }
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    const message = `configuration is invalid: cannot set mode to ${tls.mode} in sidecar ingress tls`;
    result.error(path.at('mode'), problem('ingress-tls', message));
  }
  if (!isTls(parseProtocol(port.protocol))) {
    const message = 'server cannot have TLS settings for non HTTPS/TLS ports';
    result.error(path, problem('ingress-tls', message));
  }
  checkServerTls(result, path, tls);
}

function warnOfHttpPool(
  result: Result,
  path: FieldPath,
  { connectionPool }: IstioIngressListener,
  port: SidecarPort,
): void {
  if (connectionPool?.http === undefined || isHttp(parseProtocol(port.protocol))) return;
  const message = `sidecar: HTTP connection pool settings are configured for port ${port.number} (${quote(port.name)}) but its protocol is not HTTP (${port.protocol}); only TCP settings will apply`;
  result.warn(path.at('connectionPool').at('http'), problem('http-pool-ignored', message));
}
