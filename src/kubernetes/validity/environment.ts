/** Environment variables and the places their values come from. */
import { billionths } from './amount.ts';
import { fieldsOf, listOf, part, textOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import {
  configKey,
  dnsLabel,
  dnsSubdomain,
  environmentName,
  noBacksteps,
  qualifiedName,
  type Syntax,
} from './syntax.ts';

/** Fields of the pod that a variable can have. */
export const variableFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const resourceNames = ['cpu', 'memory', 'ephemeral-storage'];
const containerResources: readonly string[] = ['limits', 'requests'].flatMap((kind) =>
  resourceNames.map((name) => `${kind}.${name}`),
);
const byteDivisors = [
  '1',
  ...['k', 'M', 'G', 'T', 'P', 'E'].flatMap((unit) => [`1${unit}`, `1${unit === 'k' ? 'K' : unit}i`]),
];

/** Checks `env`. */
export function checkEnvironment(report: ErrorReport, container: Fields, path: string): void {
  listOf(container, 'env').forEach((variable, index) => {
    const at = `${path}.env[${index}]`;
    const name = textOf(variable, 'name');
    if (name === '') report.required(`${at}.name`);
    else report.syntax(`${at}.name`, name, environmentName);
    const from = part(variable, 'valueFrom');
    if (from !== undefined) checkValueFrom(report, from, textOf(variable, 'value') !== '', `${at}.valueFrom`);
  });
}

/** Checks `envFrom`. */
export function checkEnvironmentFrom(report: ErrorReport, container: Fields, path: string): void {
  listOf(container, 'envFrom').forEach((from, index) => {
    const at = `${path}.envFrom[${index}]`;
    const prefix = textOf(from, 'prefix');
    if (prefix !== '') report.syntax(`${at}.prefix`, prefix, environmentName);
    const sources = ['configMapRef', 'secretRef'].filter((name) => part(from, name) !== undefined);
    for (const source of sources) checkName(report, fieldsOf(from, source), `${at}.${source}`);
    if (sources.length === 0) report.invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`');
    if (sources.length > 1) report.invalid(at, '', 'may not have more than one field specified at a time');
  });
}

function checkName(report: ErrorReport, reference: Fields, path: string): void {
  const name = textOf(reference, 'name');
  if (name === '') report.required(`${path}.name`);
  else report.syntax(`${path}.name`, name, dnsSubdomain);
}

const valueSources: Readonly<Record<string, (report: ErrorReport, source: Fields, path: string) => void>> = {
  fieldRef: (report, source, path) => {
    checkFieldRef(report, source, path, variableFields);
  },
  resourceFieldRef: (report, source, path) => {
    checkResourceFieldRef(report, source, path, false);
  },
  configMapKeyRef: checkKeyRef,
  secretKeyRef: checkKeyRef,
  fileKeyRef: checkFileKeyRef,
};

function checkValueFrom(report: ErrorReport, from: Fields, hasValue: boolean, path: string): void {
  const sources = Object.keys(valueSources).filter((name) => part(from, name) !== undefined);
  for (const name of sources) valueSources[name]?.(report, fieldsOf(from, name), `${path}.${name}`);
  if (sources.length === 0) {
    const names = Object.keys(valueSources).map((name) => `\`${name}\``);
    report.invalid(path, '', `must specify one of: ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`);
  } else if (hasValue) report.invalid(path, '', 'may not be specified when `value` is not empty');
  else if (sources.length > 1) report.invalid(path, '', 'may not have more than one field specified at a time');
}

/** Checks a reference to a field of the pod; annotations and labels can be named by their key. */
export function checkFieldRef(report: ErrorReport, source: Fields, path: string, allowed: readonly string[]): void {
  const fieldPath = textOf(source, 'fieldPath');
  if (fieldPath === '') {
    report.required(`${path}.fieldPath`);
    return;
  }
  const version = textOf(source, 'apiVersion');
  if (version !== '' && version !== 'v1') {
    report.invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: unsupported pod version: ${version}`);
    return;
  }
  const [, map, key = ''] = /^(.+?)\['(.*)'\]$/s.exec(fieldPath) ?? [];
  if (map === undefined) {
    // Older name of the node.
    report.supported(`${path}.fieldPath`, fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath, allowed);
  } else if (map === 'metadata.annotations') report.syntax(path, key.toLowerCase(), qualifiedName);
  else if (map === 'metadata.labels') report.syntax(path, key, qualifiedName);
  else report.invalid(`${path}.fieldPath`, fieldPath, 'does not support subscript');
}

/** Checks a reference to requests or limits; outside of a container it names one. */
export function checkResourceFieldRef(
  report: ErrorReport,
  source: Fields,
  path: string,
  needsContainer: boolean,
): void {
  const resource = textOf(source, 'resource');
  if (needsContainer && textOf(source, 'containerName') === '') report.required(`${path}.containerName`);
  else if (resource === '') report.required(`${path}.resource`);
  else if (!/^(?:limits|requests)\.hugepages-/.test(resource)) {
    report.supported(`${path}.resource`, resource, containerResources);
  }
  const divisor = textOf(source, 'divisor');
  if (divisor === '' || billionths(divisor) === 0n) return;
  const divisors = resource.endsWith('.cpu') ? ['1m', '1'] : byteDivisors;
  if (!divisors.includes(divisor)) {
    report.invalid(`${path}.divisor`, resource, `only divisor's values ${divisors.join(', ')} are supported`);
  }
}

function checkKeyRef(report: ErrorReport, source: Fields, path: string): void {
  report.syntax(`${path}.name`, textOf(source, 'name'), dnsSubdomain);
  requiredText(report, source, 'key', path, configKey);
}

function checkFileKeyRef(report: ErrorReport, source: Fields, path: string): void {
  requiredText(report, source, 'key', path, environmentName);
  requiredText(report, source, 'volumeName', path, dnsLabel);
  requiredText(report, source, 'path', path, noBacksteps);
}

function requiredText(report: ErrorReport, fields: Fields, name: string, path: string, syntax: Syntax): void {
  const text = textOf(fields, name);
  if (text === '') report.required(`${path}.${name}`);
  else report.syntax(`${path}.${name}`, text, syntax);
}
