/** The annotations and labels that pods may carry: those that injection reads, and what other parts of Istio read or write. */
import { metadataRegistry, type MetadataEntry } from '../injection/index.ts';

/** Pod annotations that injection does not look at (istio.io/api/annotation, and the bootstrap of the proxy). */
const otherAnnotations = [
  'ambient.istio.io/bypass-inbound-capture',
  'ambient.istio.io/dns-capture',
  'ambient.istio.io/redirection',
  'galley.istio.io/analyze-suppress',
  'gateway.istio.io/controller-version',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'istio.io/dry-run',
  'istio.io/rev',
  'networking.istio.io/exportTo',
  'networking.istio.io/service-type',
  'networking.istio.io/traffic-distribution',
  'readiness.status.sidecar.istio.io/applicationPorts',
  'sidecar.istio.io/controlPlaneAuthPolicy',
  'sidecar.istio.io/discoveryAddress',
  'sidecar.istio.io/enableCoreDump',
  'sidecar.istio.io/extraStatTags',
  'sidecar.istio.io/statsCompression',
  'sidecar.istio.io/statsEvictionInterval',
  'sidecar.istio.io/statsFlushInterval',
  'sidecar.istio.io/statsHistogramBins',
  'sidecar.istio.io/statsHistogramBuckets',
  'sidecar.istio.io/statsInclusionPrefixes',
  'sidecar.istio.io/statsInclusionRegexps',
  'sidecar.istio.io/statsInclusionSuffixes',
  'traffic.istio.io/nodeSelector',
];

/** Labels that injection does not look at (istio.io/api/label). */
const otherLabels = [
  'gateway.istio.io/managed',
  'istio.io/dataplane-mode',
  'istio.io/ingress-use-waypoint',
  'istio.io/rev',
  'istio.io/tag',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'istio.io/waypoint-for',
  'networking.istio.io/enable-autoallocate-ip',
  'networking.istio.io/gatewayPort',
  'operator.istio.io/component',
  'operator.istio.io/managed',
  'operator.istio.io/version',
  'topology.istio.io/cluster',
  'topology.istio.io/locality',
  'topology.istio.io/subzone',
];

/** What a name is the name of. */
export type MetadataKind = MetadataEntry['kind'];

const names = (kind: MetadataKind, on: MetadataEntry['on']): string[] =>
  metadataRegistry.filter((entry) => entry.kind === kind && entry.on === on).map(({ name }) => name);

/** Names that mean something on a pod. */
export const knownOnPods: Readonly<Record<MetadataKind, ReadonlySet<string>>> = {
  annotation: new Set([...names('annotation', 'pod'), ...otherAnnotations]),
  label: new Set([...names('label', 'pod'), ...otherLabels]),
};

/** Names that mean something on a namespace, some of them nowhere else. */
export const knownOnNamespaces: Readonly<Record<MetadataKind, ReadonlySet<string>>> = {
  annotation: new Set(names('annotation', 'namespace')),
  label: new Set(names('label', 'namespace')),
};

/** Annotations that injection reads from pods, of Istio's own name: on a workload itself they do nothing. */
export const injectionAnnotations: ReadonlySet<string> = new Set(names('annotation', 'pod').filter(isIstioName));

/** Entries of the registry by name. */
export const podAnnotationEntries: ReadonlyMap<string, MetadataEntry> = new Map(
  metadataRegistry.filter(({ kind, on }) => kind === 'annotation' && on === 'pod').map((entry) => [entry.name, entry]),
);

/** Whether a name has a domain of Istio. */
export function isIstioName(name: string): boolean {
  return /(?:^|\.)istio\.io\//.test(name);
}
