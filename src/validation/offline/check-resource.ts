/** One resource of a file, checked as `istioctl validate` does. */
import { quote } from '../../go/quote.ts';
import { checkSpec } from '../check-spec.ts';
import { decodeSpec } from '../decode-spec.ts';
import { parseGroupVersion } from '../group-version.ts';
import type { Kind, ObjectMetadata } from '../kind.ts';
import { findKind } from '../kinds/index.ts';
import { FieldPath } from '../path.ts';
import { findCrdFaults } from './crd-findings.ts';
import { checkDeploymentLabels } from './deployment-labels.ts';
import { checkIstioOperator, istioOperatorApiVersion } from './istio-operator.ts';
import { isMap, textAt, textsAt } from './resource.ts';
import type { Finding, Resource } from './resource.ts';
import { isServed } from './served-versions.ts';
import { checkServicePorts } from './service-ports.ts';

/** How resources are checked. */
export interface OfflineOptions {
  /** Namespace of resources that name none. Default: `default`. */
  readonly namespace?: string;
  /** Namespace of Istio itself, whose Services and Deployments are not looked at. Default: `istio-system`. */
  readonly istioNamespace?: string;
  /** Also check the schema and the CEL rules of CustomResourceDefinitions. Default: false. */
  readonly crd?: boolean;
}

/** What was found in a resource. */
export interface ResourceReport {
  readonly findings: readonly Finding[];
  /** Remarks that are no findings. */
  readonly notes: readonly string[];
}

const topLevelFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Checks a resource of any kind; what Istio does not know is valid. */
export function checkResource(resource: Resource, options: OfflineOptions): ResourceReport {
  const apiVersion = textAt(resource, 'apiVersion');
  const kindName = textAt(resource, 'kind');
  const { group, version } = parseGroupVersion(apiVersion);
  const kind = isServed(group, version, kindName) ? findKind(group, kindName) : undefined;
  if (kind !== undefined) {
    const crdFaults = options.crd === true ? findCrdFaults(resource) : [];
    return { findings: [...checkIstioResource(kind, resource, options), ...crdFaults], notes: [] };
  }
  const inList = checkListItems(resource, options);
  if (inList.findings.length > 0) return inList;
  const itself = checkOther(kindName, apiVersion, resource, options);
  return { findings: itself.findings, notes: [...inList.notes, ...itself.notes] };
}

/** A spec that does not fit its message is reported alone; so are unknown fields around it. */
function checkIstioResource(kind: Kind, resource: Resource, options: OfflineOptions): Finding[] {
  const decoded = decodeSpec(kind, resource['spec'], true);
  if ('fault' in decoded) {
    const message = `cannot parse proto message: ${decoded.fault}`;
    return [{ severity: 'error', code: 'spec-decode', message, path: decoded.path }];
  }
  const unknown = findUnknownFields(resource);
  if (unknown.length > 0) return unknown;
  const { errors, warnings } = checkSpec(kind, decoded.spec, readMetadata(resource, options));
  return [...errors, ...warnings];
}

function findUnknownFields(resource: Resource): Finding[] {
  return Object.keys(resource)
    .filter((key) => !topLevelFields.has(key))
    .map((key) => {
      const message = `unknown field ${quote(key)}`;
      return { severity: 'error', code: 'unknown-field', message, path: FieldPath.root(key) } as const;
    });
}

function readMetadata(resource: Resource, { namespace = '' }: OfflineOptions): ObjectMetadata {
  return {
    name: textAt(resource, 'metadata', 'name'),
    // Namespaces matter to some checks, and only then a default comes in.
    namespace: textAt(resource, 'metadata', 'namespace') || namespace || 'default',
    labels: textsAt(resource, 'metadata', 'labels') ?? {},
    annotations: textsAt(resource, 'metadata', 'annotations') ?? {},
  };
}

/** Of the items of a list only Services and Deployments are looked at. */
function checkListItems(resource: Resource, options: OfflineOptions): ResourceReport {
  const items = Object.hasOwn(resource, 'items') ? resource['items'] : undefined;
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const [index, item] of (Array.isArray(items) ? (items as unknown[]) : []).entries()) {
    if (!isMap(item)) break;
    if (isOfIstio(item, options)) continue;
    const kind = textAt(item, 'kind');
    if (kind === 'Service') findings.push(...checkServicePorts(item, FieldPath.root('items').at(index)));
    if (kind === 'Deployment') notes.push(...[checkDeploymentLabels(item).note ?? []].flat());
  }
  return { findings, notes };
}

function checkOther(kind: string, apiVersion: string, resource: Resource, options: OfflineOptions): ResourceReport {
  if (kind === 'Service' || kind === 'Deployment') {
    if (isOfIstio(resource, options)) return { findings: [], notes: [] };
    if (kind === 'Service') return { findings: checkServicePorts(resource, undefined), notes: [] };
    const { note, findings } = checkDeploymentLabels(resource);
    return { findings, notes: note === undefined ? [] : [note] };
  }
  if (apiVersion !== istioOperatorApiVersion || kind !== 'IstioOperator') return { findings: [], notes: [] };
  const unknown = findUnknownFields(resource);
  return { findings: unknown.length > 0 ? unknown : checkIstioOperator(resource), notes: [] };
}

function isOfIstio(resource: Resource, { istioNamespace = '' }: OfflineOptions): boolean {
  return textAt(resource, 'metadata', 'namespace') === (istioNamespace || 'istio-system');
}
