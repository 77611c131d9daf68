/** Names, labels, annotations and owners. */
import { byteLength } from '../../go/utf8.ts';
import { fieldsOf, listOf, textOf, textsOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import {
  dnsLabel,
  dnsSubdomain,
  generatedName,
  namePrefix,
  labelValue,
  descendingPath,
  qualifiedName,
} from './syntax.ts';

/** All keys and values together, in bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

/** Checks the metadata of a pod. A namespace may be missing: requests name it. */
export function checkMetadata(report: ErrorReport, metadata: Fields): void {
  const name = textOf(metadata, 'name');
  const prefix = textOf(metadata, 'generateName');
  if (prefix !== '') report.syntax('metadata.generateName', prefix, name === '' ? namePrefix : generatedName);
  if (name !== '') report.syntax('metadata.name', name, dnsSubdomain);
  else if (prefix === '') report.required('metadata.name', 'name or generateName is required');
  const namespace = textOf(metadata, 'namespace');
  if (namespace !== '') report.syntax('metadata.namespace', namespace, dnsLabel);
  checkLabels(report, metadata, 'metadata');
  checkAnnotations(report, metadata, 'metadata');
  checkOwners(report, metadata);
  textsOf(metadata, 'finalizers').forEach((finalizer, index) => {
    report.syntax(`metadata.finalizers[${index}]`, finalizer, finalizerName);
  });
}

const standardFinalizers = ['foregroundDeletion', 'kubernetes', 'orphan'];

function finalizerName(value: string): string | undefined {
  const wrong = qualifiedName(value);
  if (wrong !== undefined || value.includes('/') || standardFinalizers.includes(value)) return wrong;
  return 'name is neither a standard finalizer name nor is it fully qualified';
}

export function checkLabels(report: ErrorReport, metadata: Fields, path: string): void {
  checkLabelMap(report, fieldsOf(metadata, 'labels'), `${path}.labels`);
}

/** Checks any map of labels. */
export function checkLabelMap(report: ErrorReport, labels: Fields, path: string): void {
  for (const [key, value] of Object.entries(labels)) {
    report.syntax(path, key, qualifiedName);
    report.syntax(path, String(value), labelValue);
  }
}

export function checkAnnotations(report: ErrorReport, metadata: Fields, path: string): void {
  let size = 0;
  for (const [key, value] of Object.entries(fieldsOf(metadata, 'annotations'))) {
    report.syntax(`${path}.annotations`, key.toLowerCase(), qualifiedName);
    size += byteLength(key) + byteLength(String(value));
  }
  if (size > MAX_ANNOTATIONS) {
    report.add(`${path}.annotations`, `Too long: may not be more than ${MAX_ANNOTATIONS} bytes`);
  }
}

function checkOwners(report: ErrorReport, metadata: Fields): void {
  const path = 'metadata.ownerReferences';
  const owners = listOf(metadata, 'ownerReferences');
  for (const owner of owners) {
    if (!/^(?:[^/]*\/)?[^/]+$/.test(textOf(owner, 'apiVersion')))
      report.invalid(`${path}.apiVersion`, '', 'version must not be empty');
    for (const name of ['kind', 'name', 'uid']) {
      if (textOf(owner, name) === '') report.invalid(`${path}.${name}`, '', 'must not be empty');
    }
    if (textOf(owner, 'apiVersion') === 'v1' && textOf(owner, 'kind') === 'Event') {
      report.invalid(path, 'Event', '/v1, Kind=Event is disallowed from being an owner');
    }
  }
  const controllers = owners.filter(({ controller }) => controller === true);
  if (controllers.length > 1) report.invalid(path, '', 'Only one reference can have Controller set to true');
}

const seccompAnnotation =
  /^(?:seccomp\.security\.alpha\.kubernetes\.io\/pod$|container\.seccomp\.security\.alpha\.kubernetes\.io\/)/;
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

/** Checks the annotations that stand for settings of the pod; `containers` are the names of its containers. */
export function checkPodAnnotations(report: ErrorReport, pod: Fields, containers: readonly string[]): void {
  const path = 'metadata.annotations';
  const annotations = fieldsOf(fieldsOf(pod, 'metadata'), 'annotations');
  for (const [key, raw] of Object.entries(annotations)) {
    const value = String(raw);
    if (key === 'controller.kubernetes.io/pod-deletion-cost' && !isDeletionCost(value)) {
      report.invalid(`${path}[${key}]`, value, 'must be a 32bit integer');
    } else if (key === 'kubernetes.io/config.mirror' && textOf(fieldsOf(pod, 'spec'), 'nodeName') === '') {
      report.invalid(`${path}[${key}]`, value, 'must set spec.nodeName if mirror pod annotation is set');
    } else if (seccompAnnotation.test(key) && !isSeccompProfile(value)) {
      report.invalid(`${path}.${key}`, value, 'must be a valid seccomp profile');
    } else if (key.startsWith(appArmorPrefix)) {
      const container = key.slice(appArmorPrefix.length);
      if (!containers.includes(container)) report.invalid(`${path}[${key}]`, container, 'container not found');
      if (!['', 'runtime/default', 'unconfined'].includes(value) && !value.startsWith('localhost/')) {
        report.invalid(`${path}[${key}]`, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`);
      }
    }
  }
}

/** An int32 without a plus or leading zeros. */
function isDeletionCost(value: string): boolean {
  return /^(?:0|-?[1-9][0-9]*)$/.test(value) && (Number(value) | 0) === Number(value);
}

function isSeccompProfile(value: string): boolean {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(value)) return true;
  return value.startsWith('localhost/') && descendingPath(value.slice('localhost/'.length)) === undefined;
}
