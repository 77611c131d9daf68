/** Containers of every kind. */
import { checkEnvironment, checkEnvironmentFrom } from './environment.ts';
import { fieldsOf, listOf, numberOf, part, textOf, type Fields } from './fields.ts';
import { checkHooks, hookFields, type HookContext } from './handlers.ts';
import { checkDevices, checkMounts, type Volumes } from './mounts.ts';
import type { ErrorReport } from './report.ts';
import { checkResources } from './resources.ts';
import { checkSecurityContext } from './security.ts';
import { dnsLabel, portName, portNumber } from './syntax.ts';

/** What of the pod matters to its containers. */
export interface ContainerContext extends HookContext {
  readonly volumes: Volumes;
  /** Names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
  readonly restartPolicy: string;
  readonly sharesUsers: boolean;
  readonly hostNetwork: boolean;
}

/** Lists of containers in a PodSpec. */
export const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function checkContainers(report: ErrorReport, spec: Fields, context: ContainerContext): void {
  const containers = listOf(spec, 'containers');
  if (containers.length === 0) report.required('spec.containers');
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  containers.forEach((container, index) => {
    const path = `spec.containers[${index}]`;
    checkCommon(report, container, path, context);
    checkUnique(report, container, names, path);
    checkHooks(report, container, path, context);
    checkRestartPolicy(report, container, path);
    checkHostPorts(report, container, hostPorts, path, context.hostNetwork);
  });
  listOf(spec, 'initContainers').forEach((container, index) => {
    checkInitContainer(report, container, `spec.initContainers[${index}]`, names, context);
  });
  if (listOf(spec, 'ephemeralContainers').length > 0) {
    report.forbidden('spec.ephemeralContainers', 'cannot be set on create');
  }
}

function checkInitContainer(
  report: ErrorReport,
  container: Fields,
  path: string,
  names: Set<string>,
  context: ContainerContext,
): void {
  checkCommon(report, container, path, context);
  checkUnique(report, container, names, path);
  checkRestartPolicy(report, container, path);
  // One runs after the other.
  checkHostPorts(report, container, new Set(), path, false);
  if (container['restartPolicy'] === 'Always') {
    checkHooks(report, container, path, context);
    return;
  }
  for (const field of hookFields) {
    if (container[field] !== undefined) {
      report.forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always');
    }
  }
}

function checkCommon(report: ErrorReport, container: Fields, path: string, context: ContainerContext): void {
  const name = textOf(container, 'name');
  if (name === '') report.required(`${path}.name`);
  else report.syntax(`${path}.name`, name, dnsLabel);
  const image = textOf(container, 'image');
  if (image === '') report.required(`${path}.image`);
  else if (image.trim() !== image) {
    report.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace');
  }
  const message = textOf(container, 'terminationMessagePolicy') || 'File';
  report.supported(`${path}.terminationMessagePolicy`, message, ['File', 'FallbackToLogsOnError']);
  const pull = textOf(container, 'imagePullPolicy') || 'IfNotPresent';
  report.supported(`${path}.imagePullPolicy`, pull, ['Always', 'IfNotPresent', 'Never']);
  checkPorts(report, container, path);
  checkEnvironment(report, container, path);
  checkEnvironmentFrom(report, container, path);
  checkMounts(report, container, context.volumes, path);
  checkDevices(report, container, context.volumes, path);
  checkResources(report, fieldsOf(container, 'resources'), `${path}.resources`, context.claims);
  checkResizePolicy(report, container, path, context.restartPolicy);
  const security = part(container, 'securityContext');
  if (security !== undefined) {
    checkSecurityContext(report, security, `${path}.securityContext`, context.sharesUsers);
  }
}

function checkUnique(report: ErrorReport, container: Fields, names: Set<string>, path: string): void {
  const name = textOf(container, 'name');
  if (name !== '' && names.has(name)) report.duplicate(`${path}.name`, name);
  names.add(name);
}

function checkPorts(report: ErrorReport, container: Fields, path: string): void {
  const names = new Set<string>();
  listOf(container, 'ports').forEach((port, index) => {
    const at = `${path}.ports[${index}]`;
    const name = textOf(port, 'name');
    const wrong = name === '' ? undefined : portName(name);
    if (wrong !== undefined) report.invalid(`${at}.name`, name, wrong);
    else if (name !== '' && names.has(name)) report.duplicate(`${at}.name`, name);
    names.add(name);
    const number = numberOf(port, 'containerPort') ?? 0;
    if (number === 0) report.required(`${at}.containerPort`);
    checkNumber(report, number, `${at}.containerPort`);
    checkNumber(report, numberOf(port, 'hostPort') ?? 0, `${at}.hostPort`);
    report.supported(`${at}.protocol`, textOf(port, 'protocol') || 'TCP', ['SCTP', 'TCP', 'UDP']);
  });
}

function checkNumber(report: ErrorReport, number: number, path: string): void {
  const wrong = number === 0 ? undefined : portNumber(number);
  if (wrong !== undefined) report.invalid(path, number, wrong);
}

/** A port of the host is taken once; with the host's network every port is one. */
function checkHostPorts(
  report: ErrorReport,
  container: Fields,
  taken: Set<string>,
  path: string,
  hostNetwork: boolean,
): void {
  listOf(container, 'ports').forEach((port, index) => {
    const at = `${path}.ports[${index}].hostPort`;
    const number = numberOf(port, 'containerPort') ?? 0;
    const given = numberOf(port, 'hostPort') ?? 0;
    const hostPort = given === 0 && hostNetwork ? number : given;
    if (hostPort === 0) return;
    if (hostNetwork && hostPort !== number) {
      report.invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true');
    }
    const key = `${textOf(port, 'protocol') || 'TCP'}/${textOf(port, 'hostIP')}/${hostPort}`;
    if (taken.has(key)) report.duplicate(at, key);
    taken.add(key);
  });
}

function checkRestartPolicy(report: ErrorReport, container: Fields, path: string): void {
  const policy = container['restartPolicy'];
  if (typeof policy === 'string') {
    report.supported(`${path}.restartPolicy`, policy, ['Always', 'Never', 'OnFailure']);
  } else if (listOf(container, 'restartPolicyRules').length > 0) {
    report.required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
  }
}

function checkResizePolicy(report: ErrorReport, container: Fields, path: string, podRestart: string): void {
  const resources = new Set<string>();
  listOf(container, 'resizePolicy').forEach((policy, index) => {
    const at = `${path}.resizePolicy[${index}]`;
    const resource = textOf(policy, 'resourceName');
    if (resources.has(resource)) report.duplicate(at, resource);
    resources.add(resource);
    report.supported(`${at}.resourceName`, resource, ['cpu', 'memory']);
    const restart = textOf(policy, 'restartPolicy');
    report.supported(`${at}.restartPolicy`, restart, ['NotRequired', 'RestartContainer']);
    if (podRestart === 'Never' && restart !== 'NotRequired') {
      report.invalid(`${at}.restartPolicy`, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
    }
  });
}
