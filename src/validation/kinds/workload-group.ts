/** WorkloadGroup (networking.istio.io). */
import { quote } from '../../go/quote.ts';
import type { HTTPHealthCheckConfig, ReadinessProbe } from '../../protobuf/istio-types.ts';
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { problem, Result } from '../result.ts';
import { checkProbeHeaderName } from '../rules/header-names.ts';
import { checkLabels } from '../rules/labels.ts';
import { checkPort } from '../rules/ports.ts';

export const workloadGroup = defineKind({
  group: 'networking.istio.io',
  kind: 'WorkloadGroup',
  message: 'istio.networking.v1alpha3.WorkloadGroup',
  validate(spec, _metadata, result) {
    if (spec.template === undefined) {
      result.error(specPath.at('template'), problem('template-required', 'template is required'));
      return;
    }
    const labels = new Result();
    checkLabels(labels, specPath.at('metadata').at('labels'), spec.metadata?.labels ?? {});
    const [invalid] = labels.errors;
    if (invalid !== undefined) {
      result.error(invalid.path, problem(invalid.code, `invalid labels: ${labels.render()}`));
      return;
    }
    if (spec.probe !== undefined) checkProbe(result, specPath.at('probe'), spec.probe);
  },
});

const counters = [
  'periodSeconds',
  'initialDelaySeconds',
  'timeoutSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function checkProbe(result: Result, path: FieldPath, probe: ReadinessProbe): void {
  for (const field of counters) {
    if (probe[field] >= 0) continue;
    result.error(path.at(field), problem('limit-negative', `${field} must be non-negative`));
  }
  const { httpGet, tcpSocket, exec, grpc } = probe;
  if (httpGet !== undefined) {
    checkHttpGet(result, path.at('httpGet'), httpGet);
  } else if (tcpSocket !== undefined) {
    result.error(path.at('tcpSocket').at('port'), checkPort(tcpSocket.port));
  } else if (exec !== undefined) {
    if (exec.command.length > 0) return;
    result.error(path.at('exec').at('command'), problem('probe-command', 'exec.command is required'));
  } else {
    // The texts are Go's names of the types that Istio's check does not know; gRPC is one of them.
    const method = grpc === undefined ? '<nil>' : '*v1alpha3.ReadinessProbe_Grpc';
    const place = grpc === undefined ? path : path.at('grpc');
    result.error(place, problem('probe-method', `unknown health check method ${method}`));
  }
}

function checkHttpGet(result: Result, path: FieldPath, { port, scheme, httpHeaders }: HTTPHealthCheckConfig): void {
  result.error(path.at('port'), checkPort(port));
  if (scheme !== '' && scheme !== 'HTTPS' && scheme !== 'HTTP') {
    const schemes = ['HTTPS', 'HTTP'].map(quote).join(', ');
    result.error(path.at('scheme'), problem('probe-scheme', `httpGet.scheme must be one of ${schemes}`));
  }
  httpHeaders.forEach(({ name }, index) => {
    result.error(path.at('httpHeaders').at(index).at('name'), checkProbeHeaderName(name));
  });
}
