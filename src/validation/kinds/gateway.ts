/** Gateway (networking.istio.io). */
import { quote } from '../../go/quote.ts';
import { messageText } from '../../protobuf/index.ts';
import type { Server, ServerTLSSettings } from '../../protobuf/istio-types.ts';
import { defineKind } from '../kind.ts';
import { metadataPath, specPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkIpAddress } from '../rules/addresses.ts';
import { isDnsLabel } from '../rules/domains.ts';
import { checkGatewayHost } from '../rules/namespaced-hosts.ts';
import { checkPort, isHttp, isTls, parseProtocol } from '../rules/ports.ts';
import { checkServerTls } from '../rules/server-tls.ts';
import { checkUnixSocket, isUnixSocket } from '../rules/unix-sockets.ts';

/** Set to `gateway` by Istio's Gateway API translation on the objects that it makes. */
const gatewaySemantics = 'internal.istio.io/gateway-semantics';

export const gateway = defineKind({
  group: 'networking.istio.io',
  kind: 'Gateway',
  message: 'istio.networking.v1alpha3.Gateway',
  validate(spec, metadata, result) {
    const isTranslated = metadata.annotations[gatewaySemantics] === 'gateway';
    if (!isTranslated && !isDnsLabel(metadata.name)) {
      const message = `invalid gateway name: ${quote(metadata.name)}`;
      result.error(metadataPath.at('name'), problem('gateway-name', message));
    }
    const path = specPath.at('servers');
    if (spec.servers.length === 0) {
      result.error(path, problem('server-required', 'gateway must have at least one server'));
    }
    spec.servers.forEach((server, index) => {
      checkServer(result, path.at(index), server, isTranslated);
    });
    checkAcrossServers(result, path, spec.servers);
  },
});

function checkServer(result: Result, path: FieldPath, server: Server, isTranslated: boolean): void {
  if (server.hosts.length === 0) {
    result.error(path.at('hosts'), problem('host-required', 'server config must contain at least one host'));
  }
  server.hosts.forEach((host, index) => {
    checkGatewayHost(result, path.at('hosts').at(index), host, isTranslated);
  });
  const errorsBefore = result.errors.length;
  checkServerPort(result, path.at('port'), server);
  const isPortFine = result.errors.length === errorsBefore;
  checkBind(result, path, server);
  if (server.tls !== undefined) checkServerTls(result, path.at('tls'), server.tls);
  if (isPortFine) checkTlsForProtocol(result, path.at('tls'), server);
}

function checkServerPort(result: Result, path: FieldPath, { port, bind }: Server): void {
  if (port === undefined) {
    result.error(path, problem('port-required', 'port is required'));
    return;
  }
  if (parseProtocol(port.protocol) === 'unsupported') {
    const message = `invalid protocol ${quote(port.protocol)}, supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`;
    result.error(path.at('protocol'), problem('protocol-name', message));
  }
  if (port.number > 0 || !isUnixSocket(bind)) result.error(path.at('number'), checkPort(port.number));
  if (port.targetPort > 0) {
    const message = 'targetPort has no impact on Gateways';
    result.error(path.at('targetPort'), problem('target-port-ignored', message));
  }
  if (port.name === '') {
    result.error(path.at('name'), problem('port-name', `port name must be set: ${messageText(port)}`));
  }
}

function checkBind(result: Result, path: FieldPath, { bind, port }: Server): void {
  if (isUnixSocket(bind)) {
    result.error(path.at('bind'), checkUnixSocket(bind));
    if (port !== undefined && port.number !== 0) {
      const message = `port number must be 0 for unix domain socket: ${messageText(port)}`;
      result.error(path.at('port').at('number'), problem('unix-socket-port', message));
    }
  } else if (bind !== '') {
    result.error(path.at('bind'), checkIpAddress(bind));
  }
}

function checkTlsForProtocol(result: Result, path: FieldPath, { port, tls }: Server): void {
  const protocol = parseProtocol(port?.protocol ?? '');
  if (isTls(protocol)) {
    if (tls !== undefined) return;
    const message = 'server must have TLS settings for HTTPS/TLS protocols';
    result.error(path, problem('server-tls-required', message));
  } else if (tls !== undefined && isHttp(protocol)) {
    if (!terminatesTls(tls)) return;
    const message = 'server cannot have TLS settings for plain text HTTP ports';
    result.error(path, problem('server-tls-unexpected', message));
  } else if (tls !== undefined) {
    const message = 'server cannot have TLS settings for non HTTPS/TLS ports';
    result.error(path, problem('server-tls-unexpected', message));
  }
}

/** Unset settings mean passthrough, which a plain HTTP port may have for the sake of `httpsRedirect`. */
function terminatesTls(tls: ServerTLSSettings): boolean {
  const passes = tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH';
  return !passes || tls.caCertificates !== '' || tls.privateKey !== '' || tls.serverCertificate !== '';
}

function checkAcrossServers(result: Result, path: FieldPath, servers: readonly Server[]): void {
  const names = new Set<string>();
  servers.forEach(({ port, tls }, index) => {
    if (port === undefined) return;
    if (names.has(port.name)) {
      const message = `port names in servers must be unique: duplicate name ${port.name}`;
      result.error(path.at(index).at('port').at('name'), problem('port-name-duplicate', message));
    }
    names.add(port.name);
    if (tls?.httpsRedirect === true && !isHttp(parseProtocol(port.protocol))) {
      const message = 'tls.httpsRedirect should only be used with http servers';
      result.warn(path.at(index).at('tls').at('httpsRedirect'), problem('https-redirect', message));
    }
  });
}
