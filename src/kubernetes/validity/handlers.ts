/**
 * Probes and lifecycle hooks. Absent fields have the defaults that the API server writes before it looks; `stopSignal` is pruned, unless an
 * alpha feature is enabled.
 */
import { fieldsOf, listOf, numberOf, part, textOf, textsOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import { headerName, portName, portNumber } from './syntax.ts';

const DEFAULT_GRACE_PERIOD = 30;

/** What of the pod matters to hooks. */
export interface HookContext {
  /** `terminationGracePeriodSeconds` */
  readonly gracePeriod: number | undefined;
}

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const secondsAndCounts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** Names of the fields that an init container has only when it is a sidecar. */
export const hookFields: readonly string[] = ['lifecycle', ...probes];

/** Checks the probes and hooks of a container that runs as long as its pod. */
export function checkHooks(report: ErrorReport, container: Fields, path: string, context: HookContext): void {
  const lifecycle = part(container, 'lifecycle');
  if (lifecycle !== undefined) checkLifecycle(report, lifecycle, `${path}.lifecycle`, context);
  for (const name of probes) {
    const probe = part(container, name);
    if (probe !== undefined) checkProbe(report, probe, name, `${path}.${name}`);
  }
}

function checkProbe(report: ErrorReport, probe: Fields, name: (typeof probes)[number], path: string): void {
  checkHandler(report, probe, ['exec', 'httpGet', 'tcpSocket', 'grpc'], path);
  for (const field of secondsAndCounts) {
    const value = numberOf(probe, field) ?? 0;
    if (value < 0) report.invalid(`${path}.${field}`, value, 'must be greater than or equal to 0');
  }
  const threshold = numberOf(probe, 'successThreshold') ?? 0;
  if (name !== 'readinessProbe' && threshold > 1) report.invalid(`${path}.successThreshold`, threshold, 'must be 1');
  const grace = numberOf(probe, 'terminationGracePeriodSeconds');
  if (grace === undefined) return;
  const at = `${path}.terminationGracePeriodSeconds`;
  if (name === 'readinessProbe') report.invalid(at, grace, 'must not be set for readinessProbes');
  if (grace <= 0) report.invalid(at, grace, 'must be greater than 0');
}

function checkLifecycle(report: ErrorReport, lifecycle: Fields, path: string, context: HookContext): void {
  for (const hook of ['postStart', 'preStop']) {
    const handler = part(lifecycle, hook);
    if (handler === undefined) continue;
    checkHandler(report, handler, ['exec', 'httpGet', 'tcpSocket', 'sleep'], `${path}.${hook}`);
    const seconds = numberOf(fieldsOf(handler, 'sleep'), 'seconds') ?? 0;
    const { gracePeriod = DEFAULT_GRACE_PERIOD } = context;
    if (seconds < 0 || seconds > gracePeriod) {
      const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
      report.invalid(`${path}.${hook}.sleep`, seconds, detail);
    }
  }
}

function checkHandler(report: ErrorReport, handler: Fields, kinds: readonly string[], path: string): void {
  const given = kinds.filter((kind) => part(handler, kind) !== undefined);
  const [kind] = given;
  if (kind === undefined) report.required(path, 'must specify a handler type');
  else checkAction(report, kind, fieldsOf(handler, kind), `${path}.${kind}`);
  for (const other of given.slice(1)) report.forbidden(`${path}.${other}`, 'may not specify more than 1 handler type');
}

function checkAction(report: ErrorReport, kind: string, action: Fields, path: string): void {
  switch (kind) {
    case 'exec':
      if (textsOf(action, 'command').length === 0) report.required(`${path}.command`);
      break;
    case 'httpGet':
      checkPort(report, action['port'], `${path}.port`);
      report.supported(`${path}.scheme`, textOf(action, 'scheme') || 'HTTP', ['HTTP', 'HTTPS']);
      for (const header of listOf(action, 'httpHeaders')) {
        report.syntax(`${path}.httpHeaders`, textOf(header, 'name'), headerName);
      }
      break;
    case 'tcpSocket':
    case 'grpc':
      checkPort(report, action['port'], `${path}.port`);
  }
}

function checkPort(report: ErrorReport, port: unknown, path: string): void {
  if (typeof port === 'string') {
    report.syntax(path, port, portName);
    return;
  }
  const number = typeof port === 'number' ? port : 0;
  const wrong = portNumber(number);
  if (wrong !== undefined) report.invalid(path, number, wrong);
}
