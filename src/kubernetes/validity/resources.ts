/** Requests and limits, as ValidateContainerResourceRequirements of k8s.io/kubernetes/pkg/apis/core/validation. */
import { billionths, compareQuantities, isWholeNumber } from './amount.ts';
import { fieldsOf, listOf, textOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import { dnsLabel, qualifiedName } from './syntax.ts';

const standardOfContainers: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
const standardOfPods: readonly string[] = ['cpu', 'memory'];
/** Names without a domain that other objects than containers may have. */
const standard: readonly string[] = [
  ...standardOfContainers,
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  ...['requests', 'limits'].flatMap((kind) => standardOfContainers.map((name) => `${kind}.${name}`)),
];

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`) === undefined;
const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);

/** Checks the requirements of a container; `claims` are the resource claims of the pod. */
export function checkResources(
  report: ErrorReport,
  resources: Fields,
  path: string,
  claims: ReadonlySet<string>,
): void {
  checkAmounts(report, resources, path, containerResourceName);
  listOf(resources, 'claims').forEach((claim, index) => {
    const at = `${path}.claims[${index}]`;
    const name = textOf(claim, 'name');
    if (name === '') report.required(at);
    else if (!claims.has(name)) report.notFound(at, name);
    const request = textOf(claim, 'request');
    if (request !== '') report.syntax(`${at}.request`, request, dnsLabel);
  });
}

/** Checks requirements of the pod as a whole. */
export function checkPodResources(report: ErrorReport, resources: Fields, path: string): void {
  if (resources['claims'] != null)
    report.forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level');
  checkAmounts(report, resources, path, podResourceName);
}

/** Checks names and amounts alone. */
export function checkOverhead(report: ErrorReport, overhead: Fields, path: string): void {
  checkAmounts(report, { limits: overhead }, path, containerResourceName, '');
}

type NameRule = (name: string) => string | undefined;

function checkAmounts(
  report: ErrorReport,
  resources: Fields,
  path: string,
  rule: NameRule,
  limitsName = '.limits',
): void {
  const limits = fieldsOf(resources, 'limits');
  const requests = fieldsOf(resources, 'requests');
  for (const name of Object.keys(limits)) checkAmount(report, limits, name, `${path}${limitsName}[${name}]`, rule);
  for (const name of Object.keys(requests)) {
    checkAmount(report, requests, name, `${path}.requests[${name}]`, rule);
    checkAgainstLimit(report, name, textOf(requests, name), limits, path);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory')) {
    report.forbidden(path, 'HugePages require cpu or memory');
  }
}

function checkAmount(report: ErrorReport, amounts: Fields, name: string, path: string, rule: NameRule): void {
  report.syntax(path, name, rule);
  const amount = textOf(amounts, name);
  const value = billionths(amount);
  if (value < 0n) report.invalid(path, amount, 'must be greater than or equal to 0');
  if (isExtended(name) && !isWholeNumber(amount)) report.invalid(path, amount, 'must be an integer');
  if (isHugePages(name) && !isMultiple(value, name)) {
    report.invalid(path, amount, `${amount} is not positive integer multiple of ${name}`);
  }
}

function isMultiple(value: bigint, name: string): boolean {
  const size = name.slice('hugepages-'.length);
  if (!/^[0-9]+(?:[KMGTPE]i?|k)?$/.test(size)) return false;
  const page = billionths(size);
  return page > 0n && value % page === 0n;
}

/** A request without a limit is checked against none; a limit without a request is the request. */
function checkAgainstLimit(report: ErrorReport, name: string, request: string, limits: Fields, path: string): void {
  if (!Object.hasOwn(limits, name)) {
    if (!isOvercommitAllowed(name)) {
      report.required(`${path}.limits`, 'Limit must be set for non overcommitable resources');
    }
    return;
  }
  const limit = textOf(limits, name);
  const order = compareQuantities(request, limit);
  if (order !== 0 && !isOvercommitAllowed(name)) {
    report.invalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`);
  } else if (order > 0) {
    report.invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

function containerResourceName(name: string): string | undefined {
  const wrong = qualifiedName(name);
  if (wrong !== undefined) return wrong;
  if (name.includes('/')) {
    return isNative(name) || isExtended(name) ? undefined : "doesn't follow extended resource name standard";
  }
  if (standardOfContainers.includes(name) || isHugePages(name)) return undefined;
  return standard.includes(name)
    ? 'must be a standard resource for containers'
    : 'must be a standard resource type or fully qualified';
}

function podResourceName(name: string): string | undefined {
  return standardOfPods.includes(name) || isHugePages(name) ? undefined : 'must be cpu, memory or hugepages-*';
}
