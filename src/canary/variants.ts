/**
 * Variants of the shapes: for everything that templates read of a pod's annotations and labels a pod that has it, with and without native
 * sidecars.
 */
import type { Configuration } from '../configuration/index.ts';
import { templateReads, type CompiledTemplate } from '../gotemplate/index.ts';
import { annotation, annotationValidators, webhookParameters } from '../injection/index.ts';
import { decodePod } from '../kubernetes/index.ts';
import { annotationGroups, annotationSamples, unknownSamples } from './samples.ts';
import { canaryShapes, plainShape, type CanaryShape } from './shapes/index.ts';

/** A shape and what makes it a variant. */
export interface Variant extends CanaryShape {
  /** See CanaryPod. */
  readonly guess?: string;
  /** Variables in the path of the webhook's URL. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Annotations and labels by name. */
interface MetadataReads {
  readonly annotations: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

const known = new WeakMap<CompiledTemplate, MetadataReads>();

function readsOf(templates: readonly CompiledTemplate[]): MetadataReads {
  const all = templates.map((template) => {
    let reads = known.get(template);
    if (reads === undefined) known.set(template, (reads = metadataReads(template)));
    return reads;
  });
  return {
    annotations: new Set(all.flatMap(({ annotations }) => [...annotations])),
    labels: new Set(all.flatMap(({ labels }) => [...labels])),
  };
}

function metadataReads({ text }: CompiledTemplate): MetadataReads {
  const { root } = templateReads(text);
  const metadata = root.children.get('ObjectMeta');
  const keysOf = (map: string): Set<string> =>
    new Set([...(metadata?.children.get(map)?.children.keys() ?? [])].filter((key) => typeof key === 'string'));
  return { annotations: keysOf('Annotations'), labels: keysOf('Labels') };
}

/** Annotations that the injector itself reads, whatever the templates do. */
const ofTheInjector: readonly string[] = [
  annotation.proxyConfig,
  annotation.overrides,
  annotation.nativeSidecar,
  annotation.rewriteProbers,
  annotation.mergeMetrics,
  annotation.statusPort,
  'prometheus.io/port',
  ...annotationValidators.keys(),
];

/** The variants that say something of templates, those that concern the most pods first. */
export function* variantsOf(templates: readonly CompiledTemplate[], configuration: Configuration): Generator<Variant> {
  const reads = readsOf(templates);
  for (const mode of modesOf(reads, configuration)) {
    for (const shape of canaryShapes) yield inMode(shape, mode);
    for (const variant of annotated(reads)) yield inMode(variant, mode);
  }
  const environment = { ISTIO_META_CLUSTER_ID: 'cluster-1', ISTIO_META_NETWORK: 'network-1' };
  yield { ...plainShape, name: 'deployment, cluster and network in the URL', environment };
}

/** A few pods of which the most depends on templates. */
export function* typicalVariants(
  templates: readonly CompiledTemplate[],
  configuration: Configuration,
): Generator<Variant> {
  for (const mode of modesOf(readsOf(templates), configuration)) {
    for (const shape of [plainShape, probed]) yield inMode(shape, mode);
  }
}

/** What pods say about native sidecars: nothing, and the opposite of what then holds. */
function modesOf({ annotations }: MetadataReads, configuration: Configuration): string[] {
  if (!annotations.has(annotation.nativeSidecar)) return [''];
  const { native } = webhookParameters(configuration, decodePod(plainShape.pod), {}).parameters;
  return ['', String(!native)];
}

function inMode(variant: Variant, mode: string): Variant {
  if (mode === '' || Object.hasOwn(annotationsOf(variant), annotation.nativeSidecar)) return variant;
  return { ...variant, ...withAnnotations(variant, { [annotation.nativeSidecar]: mode }) };
}

/** A pod for each value of each annotation that matters, alone and with those that go with it. */
function* annotated({ annotations, labels }: MetadataReads): Generator<Variant> {
  const matters = (name: string): boolean => annotations.has(name) || ofTheInjector.includes(name);
  for (const [name, values] of Object.entries(annotationSamples)) {
    // With a status port of 0 the injector sends the probes of applications to port 0.
    const base = name === annotation.statusPort ? plainShape : probed;
    if (matters(name)) for (const value of values) yield withAnnotations(base, { [name]: value });
  }
  for (const [group, names] of Object.entries(annotationGroups)) {
    if (names.some(matters))
      yield { ...withAnnotations(probed, firstSamples(names)), name: `deployment with ${group}` };
  }
  for (const last of [false, true]) {
    const all = Object.entries(annotationSamples).map(([name, values]) => [name, values.at(last ? -1 : 0) ?? '']);
    const every = withAnnotations(plainShape, Object.fromEntries(all) as Record<string, string>);
    yield { ...every, name: 'deployment with every annotation' };
  }
  for (const name of annotations) {
    if (Object.hasOwn(annotationSamples, name) || name === annotation.templates || name === annotation.status) continue;
    for (const value of unknownSamples)
      yield { ...withAnnotations(plainShape, { [name]: value }), guess: `annotation ${name}` };
  }
  for (const name of labels) {
    for (const value of unknownSamples) yield { ...withLabel(plainShape, name, value), guess: `label ${name}` };
  }
}

/** What annotations change is seen best where there are probes and ports. */
const probed: CanaryShape = canaryShapes.find(({ name }) => name === 'HTTP probes') ?? plainShape;

function firstSamples(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, annotationSamples[name]?.[0] ?? '']));
}

function annotationsOf({ pod }: CanaryShape): Readonly<Record<string, string>> {
  return (pod.metadata['annotations'] ?? {}) as Readonly<Record<string, string>>;
}

/** The shape with more annotations, which its name then tells. */
export function withAnnotations(shape: CanaryShape, annotations: Readonly<Record<string, string>>): CanaryShape {
  const what = Object.entries(annotations).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const metadata = { ...shape.pod.metadata, annotations: { ...annotationsOf(shape), ...annotations } };
  return { name: `${shape.name} with ${what.join(', ')}`, pod: { ...shape.pod, metadata } };
}

function withLabel(shape: CanaryShape, name: string, value: string): CanaryShape {
  const labels = { ...(shape.pod.metadata['labels'] as Readonly<Record<string, string>> | undefined), [name]: value };
  const pod = { ...shape.pod, metadata: { ...shape.pod.metadata, labels } };
  return { name: `${shape.name} with label ${name} ${JSON.stringify(value)}`, pod };
}
