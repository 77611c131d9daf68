/** Security contexts of pods and containers. */
import { fieldsOf, listOf, numberOf, part, textOf, textsOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import { descendingPath, userId } from './syntax.ts';

/** Checks that of a container; `sharesUsers` unless the pod has `hostUsers: false`. */
export function checkSecurityContext(report: ErrorReport, context: Fields, path: string, sharesUsers: boolean): void {
  checkIds(report, context, ['runAsUser', 'runAsGroup'], path);
  const procMount = context['procMount'];
  if (typeof procMount === 'string') {
    report.supported(`${path}.procMount`, procMount, ['Default', 'Unmasked']);
    if (sharesUsers && procMount === 'Unmasked') {
      report.invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`');
    }
  }
  if (context['allowPrivilegeEscalation'] === false) {
    const cannot = 'cannot set `allowPrivilegeEscalation` to false and';
    if (context['privileged'] === true) report.invalid(path, 'securityContext', `${cannot} \`privileged\` to true`);
    if (textsOf(fieldsOf(context, 'capabilities'), 'add').includes('CAP_SYS_ADMIN')) {
      report.invalid(path, 'securityContext', `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`);
    }
  }
  checkProfiles(report, context, path);
}

/** Checks that of a pod. */
export function checkPodSecurityContext(report: ErrorReport, spec: Fields, path: string): void {
  const context = fieldsOf(spec, 'securityContext');
  const at = `${path}.securityContext`;
  checkIds(report, context, ['runAsUser', 'runAsGroup', 'fsGroup'], at);
  const groups = context['supplementalGroups'];
  (Array.isArray(groups) ? (groups as readonly unknown[]) : []).forEach((group, index) => {
    const wrong = userId(Number(group));
    if (wrong !== undefined) report.invalid(`${at}.supplementalGroups[${index}]`, group, wrong);
  });
  if (spec['shareProcessNamespace'] === true && spec['hostPID'] === true) {
    report.invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  }
  checkSysctls(report, spec, context, `${at}.sysctls`);
  supportedIfGiven(report, context, 'fsGroupChangePolicy', ['Always', 'OnRootMismatch'], at);
  supportedIfGiven(report, context, 'supplementalGroupsPolicy', ['Merge', 'Strict'], at);
  supportedIfGiven(report, context, 'seLinuxChangePolicy', ['MountOption', 'Recursive'], at);
  checkProfiles(report, context, at);
}

function supportedIfGiven(
  report: ErrorReport,
  fields: Fields,
  name: string,
  values: readonly string[],
  path: string,
): void {
  const value = fields[name];
  if (typeof value === 'string') report.supported(`${path}.${name}`, value, values);
}

function checkIds(report: ErrorReport, context: Fields, names: readonly string[], path: string): void {
  for (const name of names) {
    const id = numberOf(context, name);
    const wrong = id === undefined ? undefined : userId(id);
    if (wrong !== undefined) report.invalid(`${path}.${name}`, id, wrong);
  }
}

const sysctlName = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;
const MAX_SYSCTL_NAME = 253;

function checkSysctls(report: ErrorReport, spec: Fields, context: Fields, path: string): void {
  const names = new Set<string>();
  listOf(context, 'sysctls').forEach((sysctl, index) => {
    const at = `${path}[${index}].name`;
    const name = textOf(sysctl, 'name');
    if (name === '') report.required(at);
    else if (name.length > MAX_SYSCTL_NAME || !sysctlName.test(name)) {
      report.invalid(at, name, `must have at most ${MAX_SYSCTL_NAME} characters and match regex ${sysctlName.source}`);
    } else if (names.has(name)) report.duplicate(at, name);
    names.add(name);
    const dotted = name.replaceAll('/', '.');
    if (spec['hostNetwork'] === true && dotted.startsWith('net.')) {
      report.invalid(at, name, "may not be specified when 'hostNetwork' is true");
    }
    if (spec['hostIPC'] === true && /^(?:kernel\.(?:sem$|msg|shm)|fs\.mqueue\.)/.test(dotted)) {
      report.invalid(at, name, "may not be specified when 'hostIPC' is true");
    }
  });
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function checkProfiles(report: ErrorReport, context: Fields, path: string): void {
  for (const name of ['seccompProfile', 'appArmorProfile']) {
    const profile = part(context, name);
    if (profile === undefined) continue;
    const at = `${path}.${name}`;
    const type = textOf(profile, 'type');
    if (type === '') report.required(`${at}.type`, `type is required when ${name} is set`);
    else report.supported(`${at}.type`, type, profileTypes);
    const local = profile['localhostProfile'];
    if (type !== 'Localhost') {
      if (local !== undefined) {
        report.invalid(`${at}.localhostProfile`, local, 'can only be set when type is Localhost');
      }
    } else if (typeof local !== 'string' || (local === '' && name === 'appArmorProfile')) {
      report.required(`${at}.localhostProfile`, 'must be set when type is Localhost');
    } else if (name === 'seccompProfile') report.syntax(`${at}.localhostProfile`, local, descendingPath);
    else if (local.trim() !== local) {
      report.invalid(`${at}.localhostProfile`, local, 'must not be padded with whitespace');
    }
  }
}

const linuxOfPod = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
];
const linuxOfContainer = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];
const linuxOfSpec = ['hostUsers', 'shareProcessNamespace'];

/** Checks that nothing belongs to another operating system than the pod's. */
export function checkOperatingSystem(report: ErrorReport, spec: Fields, containers: readonly string[]): void {
  const os = part(spec, 'os');
  if (os === undefined) return;
  const name = textOf(os, 'name');
  if (name === '') {
    report.required('spec.os.name');
    return;
  }
  report.supported('spec.os', name, ['linux', 'windows']);
  const forbid = (fields: Fields, names: readonly string[], path: string): void => {
    for (const field of names) {
      if (fields[field] !== undefined) report.forbidden(`${path}.${field}`, `cannot be set for a ${name} pod`);
    }
  };
  const isWindows = name === 'windows';
  if (isWindows) {
    forbid(spec, linuxOfSpec, 'spec');
    for (const flag of ['hostPID', 'hostIPC']) if (spec[flag] === true) forbid(spec, [flag], 'spec');
  }
  forbid(fieldsOf(spec, 'securityContext'), isWindows ? linuxOfPod : ['windowsOptions'], 'spec.securityContext');
  for (const list of containers) {
    listOf(spec, list).forEach((container, index) => {
      const context = fieldsOf(container, 'securityContext');
      forbid(context, isWindows ? linuxOfContainer : ['windowsOptions'], `spec.${list}[${index}].securityContext`);
    });
  }
}
