/** What a sidecar lets its workload reach. */
import type { CaptureMode, IstioEgressListener, SidecarPort } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkIpAddress } from '../../rules/addresses.ts';
import { checkSidecarHost } from '../../rules/namespaced-hosts.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkUnixSocket, isUnixSocket } from '../../rules/unix-sockets.ts';
import { checkPortNameAndProtocol } from './ports.ts';

/** Checks the list of egress listeners of a Sidecar in `namespace`. */
export function checkEgress(
  result: Result,
  path: FieldPath,
  listeners: readonly IstioEgressListener[],
  namespace: string,
): void {
  const sockets = new Set<string>();
  const numbers = new Set<number>();
  listeners.forEach(({ port, bind, captureMode, hosts }, index) => {
    const place = path.at(index);
    if (port === undefined) {
      checkIsLast(result, place, index, listeners.length);
    } else {
      checkBinding(result, place, port, bind, captureMode);
      checkUnique(result, place, port, bind, sockets, numbers);
    }
    checkHosts(result, place.at('hosts'), hosts, namespace);
  });
}

/** A listener without port takes everything that is left, so none can follow it. */
function checkIsLast(result: Result, path: FieldPath, index: number, count: number): void {
  if (index === count - 1) return;
  const message = 'sidecar: the egress listener with empty port should be the last listener in the list';
  result.error(path.at('port'), problem('egress-catch-all', message));
}

function checkBinding(
  result: Result,
  path: FieldPath,
  port: SidecarPort,
  bind: string,
  captureMode: CaptureMode,
): void {
  checkPortNameAndProtocol(result, path.at('port'), port);
  if (port.number > 0) {
    result.error(path.at('port').at('number'), checkPort(port.number));
    if (bind !== '') result.error(path.at('bind'), checkIpAddress(bind));
    return;
  }
  if (isUnixSocket(bind)) {
    result.error(path.at('bind'), checkUnixSocket(bind));
  } else {
    const message = 'sidecar: ports with 0 value must have a unix domain socket bind address';
    result.error(path.at('bind'), problem('listener-bind', message));
  }
  if (captureMode !== 'DEFAULT' && captureMode !== 'NONE') {
    const message = 'sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners';
    result.error(path.at('captureMode'), problem('listener-capture-mode', message));
  }
}

function checkUnique(
  result: Result,
  path: FieldPath,
  port: SidecarPort,
  bind: string,
  sockets: Set<string>,
  numbers: Set<number>,
): void {
  if (port.number === 0) {
    if (sockets.has(bind)) {
      const message = 'sidecar: unix domain socket values for listeners must be unique';
      result.error(path.at('bind'), problem('listener-duplicate', message));
    }
    sockets.add(bind);
    return;
  }
  if (numbers.has(port.number)) {
    const message = 'sidecar: ports on IP bound listeners must be unique';
    result.error(path.at('port').at('number'), problem('listener-duplicate', message));
  }
  numbers.add(port.number);
}

function checkHosts(result: Result, path: FieldPath, hosts: readonly string[], ownNamespace: string): void {
  if (hosts.length === 0) {
    const message = 'sidecar: egress listener must contain at least one host';
    result.error(path, problem('egress-hosts', message));
    return;
  }
  const listed = new Map<string, Set<string>>();
  hosts.forEach((host, index) => {
    if (isRepeated(listed, host, ownNamespace)) {
      result.warn(path.at(index), problem('egress-host-duplicate', `duplicated egress host: ${host}`));
    }
    checkSidecarHost(result, path.at(index), host);
  });
  if (listed.get('*')?.has('*') === true && listed.size > 1) {
    const message = '`*/*` host select all resources, no other hosts can be added';
    result.warn(path, problem('egress-host-duplicate', message));
  }
}

/** Whether a host of the list was covered already, or covers one; remembers it. */
function isRepeated(listed: Map<string, Set<string>>, host: string, ownNamespace: string): boolean {
  const slash = host.indexOf('/');
  if (slash < 0) return false;
  const named = host.slice(0, slash);
  const namespace = named === '.' ? ownNamespace : named;
  const service = host.slice(slash + 1);
  const services = listed.get(namespace) ?? new Set();
  listed.set(namespace, services);
  const repeated = service === '*' ? services.size > 0 : services.has(service) || services.has('*');
  services.add(service);
  return repeated;
}
