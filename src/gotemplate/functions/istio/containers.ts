/** Istio's functions over the containers of a pod: ports and OpenTelemetry attributes. */
import { define } from '../../function.ts';
import type { Container, ContainerPort } from '../../../kubernetes/index.ts';
import type { MeshConfig } from '../../../mesh/index.ts';
import { lookup } from '../maps.ts';
import { joinTexts } from '../limits.ts';
import '../message-types.ts';

type Containers = readonly Container[] | null;
type StringMap = Readonly<Record<string, string>> | null;

/** The sidecar's own container. */
const PROXY_CONTAINER = 'istio-proxy';

const isTcp = ({ protocol }: ContainerPort): boolean => protocol !== 'UDP' && protocol !== 'SCTP';

function portsOf(containers: readonly Container[]): string {
  const ports = containers.flatMap((container) => (container.ports ?? []).filter(isTcp));
  return joinTexts(
    ports.map((port) => String(port.containerPort ?? 0)),
    ',',
  );
}

const includeInboundPorts = (containers: Containers): string => portsOf(containers ?? []);

const applicationPorts = (containers: Containers): string =>
  portsOf((containers ?? []).filter(({ name }) => name !== PROXY_CONTAINER));

const NAMESPACE = 'service.namespace';
const VERSION = 'service.version';
const INSTANCE = 'service.instance.id';
const ANNOTATION_PREFIX = 'resource.opentelemetry.io/';

/**
 * Resource attributes by the OpenTelemetry conventions for Kubernetes, as comma list; empty unless an extension provider of the mesh asks for
 * them.
 */
function otelResourceAttributes(
  mesh: MeshConfig | null,
  annotations: StringMap,
  labels: StringMap,
  namespace: string,
  containers: Containers,
): string {
  if (!isEnriched(mesh)) return '';
  const annotated = (attribute: string): string => lookup(annotations, ANNOTATION_PREFIX + attribute) ?? '';
  const all = containers ?? [];
  const [first] = all;
  const image = all.length === 1 ? imageVersion(first?.image ?? '') : '';
  const instance = first === undefined ? '' : `${namespace}.$(POD_NAME).${first.name}`;
  const attributes: readonly (readonly [string, string])[] = [
    [NAMESPACE, annotated(NAMESPACE) || namespace],
    [VERSION, annotated(VERSION) || (lookup(labels, 'app.kubernetes.io/version') ?? '') || image],
    [INSTANCE, annotated(INSTANCE) || instance],
  ];
  const set = attributes.filter(([, value]) => value !== '');
  return set.map(([name, value]) => `${name}=${value}`).join(',');
}

function isEnriched(mesh: MeshConfig | null): boolean {
  const providers = mesh?.extensionProviders ?? [];
  return providers.some(
    ({ opentelemetry }) => opentelemetry?.serviceAttributeEnrichment === 'OTEL_SEMANTIC_CONVENTIONS',
  );
}

/** Tag and digest of an image, `tag@digest` when it has both. */
function imageVersion(image: string): string {
  const at = image.indexOf('@');
  const digest = at < 0 ? '' : image.slice(at + 1);
  const name = at < 0 ? image : image.slice(0, at);
  const tag = /:([^:/]*)$/.exec(name)?.[1] ?? '';
  return tag !== '' && digest !== '' ? `${tag}@${digest}` : tag || digest;
}

export const containerFunctions = [
  define('includeInboundPorts', 'func([]v1.Container) string', includeInboundPorts),
  define('applicationPorts', 'func([]v1.Container) string', applicationPorts),
  define(
    'otelResourceAttributes',
    'func(*v1alpha1.MeshConfig, map[string]string, map[string]string, string, []v1.Container) string',
    otelResourceAttributes,
  ),
];
