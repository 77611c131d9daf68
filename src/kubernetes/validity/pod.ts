/**
 * What the API server would refuse in a Pod: the rules of ValidatePodCreate in k8s.io/kubernetes/pkg/apis/core/validation (1.35), applied
 * to the pod as it is after defaulting. What depends on other objects of the cluster (quotas, service accounts, priority classes,
 * Pod Security) is not looked at. Unknown fields are pruned and not refused, as the API server does.
 */
import { DecodeError } from '../decode-context.ts';
import { decodePod } from '../typed.ts';
import { checkContainers, containerLists } from './containers.ts';
import { fieldsOf, listOf, numberOf, part, textOf, textsOf, type Fields } from './fields.ts';
import { checkLabelMap, checkMetadata, checkPodAnnotations } from './metadata.ts';
import { ErrorReport, type PodError } from './report.ts';
import { checkOverhead, checkPodResources } from './resources.ts';
import { checkAffinity, checkSpread, checkTolerations } from './scheduling.ts';
import { checkOperatingSystem, checkPodSecurityContext } from './security.ts';
import { dnsLabel, dnsSubdomain, ipAddress, qualifiedName, searchDomain, type Syntax } from './syntax.ts';
import { checkVolumes } from './volumes.ts';

/** Finds what the API server would refuse when the pod is created; of fields with a wrong type only the first one. */
export function findPodErrors(pod: unknown): readonly PodError[] {
  const report = new ErrorReport();
  let decoded: Fields;
  try {
    decoded = decodePod(pod) as unknown as Fields;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    report.add(/ Go struct field \w+\.(\S+)/.exec(error.message)?.[1] ?? '', error.message);
    return report.errors;
  }
  const spec = fieldsOf(decoded, 'spec');
  checkMetadata(report, fieldsOf(decoded, 'metadata'));
  const names = containerLists.flatMap((list) => listOf(spec, list).map((container) => textOf(container, 'name')));
  checkPodAnnotations(report, decoded, names);
  checkSpec(report, spec);
  return report.errors;
}

function checkSpec(report: ErrorReport, spec: Fields): void {
  const restartPolicy = textOf(spec, 'restartPolicy') || 'Always';
  const claims = checkClaims(report, spec);
  checkContainers(report, spec, {
    volumes: checkVolumes(report, spec),
    claims,
    restartPolicy,
    gracePeriod: numberOf(spec, 'terminationGracePeriodSeconds'),
    sharesUsers: spec['hostUsers'] !== false,
    hostNetwork: spec['hostNetwork'] === true,
  });
  const resources = part(spec, 'resources');
  if (resources !== undefined) checkPodResources(report, resources, 'spec.resources');
  report.supported('spec.restartPolicy', restartPolicy, ['Always', 'OnFailure', 'Never']);
  checkDns(report, spec);
  checkLabelMap(report, fieldsOf(spec, 'nodeSelector'), 'spec.nodeSelector');
  checkPodSecurityContext(report, spec, 'spec');
  checkOperatingSystem(report, spec, containerLists);
  checkAffinity(report, spec);
  checkTolerations(report, spec);
  checkSpread(report, spec);
  checkNames(report, spec);
  checkGates(report, spec);
  checkHost(report, spec);
  const overhead = part(spec, 'overhead');
  if (overhead !== undefined) checkOverhead(report, overhead, 'spec.overhead');
  const deadline = numberOf(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)) {
    report.invalid('spec.activeDeadlineSeconds', deadline, `must be between 1 and ${MAX_INT32}, inclusive`);
  }
}

const MAX_INT32 = 2 ** 31 - 1;

const names: Readonly<Record<string, Syntax>> = {
  serviceAccountName: dnsSubdomain,
  nodeName: dnsSubdomain,
  hostname: dnsLabel,
  subdomain: dnsLabel,
  priorityClassName: dnsSubdomain,
  runtimeClassName: dnsSubdomain,
};

function checkNames(report: ErrorReport, spec: Fields): void {
  for (const [field, syntax] of Object.entries(names)) {
    const name = textOf(spec, field);
    if (name !== '') report.syntax(`spec.${field}`, name, syntax);
  }
  const preemption = textOf(spec, 'preemptionPolicy') || 'Never';
  report.supported('spec.preemptionPolicy', preemption, ['PreemptLowerPriority', 'Never']);
}

/** Checks resource claims; gives their names. */
function checkClaims(report: ErrorReport, spec: Fields): ReadonlySet<string> {
  const seen = new Set<string>();
  listOf(spec, 'resourceClaims').forEach((claim, index) => {
    const at = `spec.resourceClaims[${index}]`;
    const name = textOf(claim, 'name');
    if (name === '') report.required(`${at}.name`);
    else report.syntax(`${at}.name`, name, dnsLabel);
    if (seen.has(name)) report.duplicate(`${at}.name`, name);
    seen.add(name);
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter((field) => claim[field] !== undefined);
    if (sources.length !== 1) {
      report.invalid(at, name, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    }
    for (const field of sources) report.syntax(`${at}.${field}`, textOf(claim, field), dnsSubdomain);
  });
  return seen;
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const MAX_SEARCH_CHARACTERS = 2048;

function checkDns(report: ErrorReport, spec: Fields): void {
  const policy = textOf(spec, 'dnsPolicy') || 'ClusterFirst';
  report.supported('spec.dnsPolicy', policy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  const config = fieldsOf(spec, 'dnsConfig');
  const path = 'spec.dnsConfig';
  const servers = textsOf(config, 'nameservers');
  if (policy === 'None' && servers.length === 0) {
    report.required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
  }
  if (servers.length > MAX_NAMESERVERS) {
    report.invalid(`${path}.nameservers`, servers, `must not have more than ${MAX_NAMESERVERS} nameservers`);
  }
  servers.forEach((server, index) => {
    report.syntax(`${path}.nameservers[${index}]`, server, ipAddress);
  });
  const searches = textsOf(config, 'searches');
  if (searches.length > MAX_SEARCH_PATHS) {
    report.invalid(`${path}.searches`, searches, `must not have more than ${MAX_SEARCH_PATHS} search paths`);
  }
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    const limit = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    report.invalid(`${path}.searches`, searches, limit);
  }
  searches.forEach((search, index) => {
    report.syntax(`${path}.searches[${index}]`, search, searchDomain);
  });
  listOf(config, 'options').forEach((option, index) => {
    if (textOf(option, 'name') === '') report.required(`${path}.options[${index}]`, 'must not be empty');
  });
}

function checkGates(report: ErrorReport, spec: Fields): void {
  listOf(spec, 'readinessGates').forEach((gate, index) => {
    report.syntax(`spec.readinessGates[${index}].conditionType`, textOf(gate, 'conditionType'), qualifiedName);
  });
  const seen = new Set<string>();
  listOf(spec, 'schedulingGates').forEach((gate, index) => {
    const name = textOf(gate, 'name');
    report.syntax(`spec.schedulingGates[${index}]`, name, qualifiedName);
    if (seen.has(name)) report.duplicate(`spec.schedulingGates[${index}]`, name);
    seen.add(name);
  });
  if (seen.size > 0 && textOf(spec, 'nodeName') !== '') {
    report.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
  }
}

function checkHost(report: ErrorReport, spec: Fields): void {
  listOf(spec, 'hostAliases').forEach((alias, index) => {
    report.syntax(`spec.hostAliases[${index}].ip`, textOf(alias, 'ip'), ipAddress);
    textsOf(alias, 'hostnames').forEach((hostname, host) => {
      report.syntax(`spec.hostAliases[${index}].hostnames[${host}]`, hostname, dnsSubdomain);
    });
  });
  checkHostnameOverride(report, spec);
  if (spec['hostUsers'] !== false) return;
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] === true) report.forbidden(`spec.${field}`, 'when `hostUsers` is false');
  }
}

const MAX_HOSTNAME = 64;

function checkHostnameOverride(report: ErrorReport, spec: Fields): void {
  const name = spec['hostnameOverride'];
  if (typeof name !== 'string') return;
  const path = 'spec.hostnameOverride';
  for (const field of ['setHostnameAsFQDN', 'hostNetwork']) {
    if (spec[field] === true) report.forbidden(path, `may not be specified when ${field} is true`);
  }
  if (name.length > MAX_HOSTNAME) report.add(path, `Too long: may not be more than ${MAX_HOSTNAME} bytes`);
  report.syntax(path, name, dnsSubdomain);
}
