/** Ports of a sidecar's listeners, as ingress and egress have them in common. */
import type { SidecarPort } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkPortName, checkProtocol } from '../../rules/ports.ts';

/** Checks everything of a port but its number. */
export function checkPortNameAndProtocol(result: Result, path: FieldPath, port: SidecarPort): void {
  if (port.targetPort > 0) {
    const message = 'targetPort has no impact on Sidecars';
    result.error(path.at('targetPort'), problem('listener-target-port', message));
  }
  if (port.name !== '') result.error(path.at('name'), checkPortName(port.name));
  result.error(path.at('protocol'), checkProtocol(port.protocol));
}
