/**
 * The pods that a configuration is tried with: the shapes, and for everything its templates read of a pod's annotations and labels a pod
 * that has it, for each set of templates that a pod can ask for.
 */
import type { Configuration } from '../configuration/index.ts';
import { templateReads, type CompiledTemplate, type FunctionContext } from '../gotemplate/index.ts';
import { annotation, annotationValidators, webhookParameters } from '../injection/index.ts';
import { decodePod } from '../kubernetes/index.ts';
import { annotationGroups, annotationSamples, unknownSamples } from './samples.ts';
import { canaryShapes, gatewayShape, mendedShapes, plainShape, type CanaryShape } from './shapes/index.ts';
import { isBreaking } from './finding.ts';
import { tryPod, type TriedPod } from './try-pod.ts';

/** A pod that a configuration is tried with. */
export interface CanaryPod extends TriedPod {
  /** The templates that it asks for; empty for the default ones. */
  readonly asksFor: string;
  /**
   * Set where the pod has an annotation or label that only the configuration knows: one of several guesses at its value. That the
   * configuration fails says something only when it fails for all guesses of the same name.
   */
  readonly guess?: string;
  /** Whether pods like it are in every cluster: it has no annotation beside that, and nothing odd. */
  readonly isOrdinary: boolean;
}

/** A shape and what makes it a variant. */
type Variant = CanaryShape & Partial<Pick<CanaryPod, 'guess' | 'environment'>>;

/** A set of templates that pods can ask for. */
export interface TemplateSet {
  /** The value of the annotation; empty for the default ones. */
  readonly asksFor: string;
  /** Whether a plain pod can be injected with it. */
  readonly isUsable: boolean;
}

/** The pods to try with a set of templates, those that concern the most pods first. */
export function* canaryPods(configuration: Configuration, { asksFor }: TemplateSet): Generator<CanaryPod> {
  const reads = readsOf(selected(configuration, asksFor));
  const isDefault = asksFor === '' || asksFor.includes(',') || Object.hasOwn(configuration.injection.aliases, asksFor);
  if (!isDefault) yield canary(gatewayShape, asksFor);
  for (const variant of variants(reads, configuration)) yield canary(variant, asksFor);
}

function canary(
  { name, pod, guess, isOdd = false, reliesOnTemplates = false, environment = {} }: Variant,
  asksFor: string,
): CanaryPod {
  const asked = asksFor === '' ? { name, pod } : withAnnotations({ name, pod }, { [annotation.templates]: asksFor });
  return {
    name: asksFor === '' ? name : `${name}, templates ${asksFor}`,
    pod: decodePod(asked.pod),
    asksFor,
    environment,
    reliesOnTemplates,
    isOrdinary: !isOdd && pod.metadata['annotations'] === undefined,
    ...(guess === undefined ? {} : { guess: `${guess} ${asksFor}` }),
  };
}

/**
 * The sets of templates that pods can ask for: the default ones, each alias, and each other template, alone where it makes a pod that runs
 * and on top of the default ones where it is an addition to them.
 */
export function templateSets(configuration: Configuration, context?: Partial<FunctionContext>): TemplateSet[] {
  const { templates, aliases, defaultTemplates } = configuration.injection;
  const isUsable = (asksFor: string, shape = plainShape): boolean =>
    !tryPod(configuration, canary(shape, asksFor), { context }).findings.some(isBreaking);
  const others = [...templates.keys()].filter((name) => !defaultTemplates.includes(name));
  return [
    ...['', ...Object.keys(aliases)].map((asksFor) => ({ asksFor, isUsable: isUsable(asksFor) })),
    ...others.map((asksFor) => {
      if (isUsable(asksFor)) return { asksFor, isUsable: true };
      const onTop = [...defaultTemplates, asksFor].join(',');
      return isUsable(onTop)
        ? { asksFor: onTop, isUsable: true }
        : { asksFor, isUsable: isUsable(asksFor, gatewayShape) };
    }),
  ];
}

/** The templates behind a value of the annotation. */
function selected({ injection }: Configuration, asksFor: string): CompiledTemplate[] {
  const names = asksFor === '' ? injection.defaultTemplates : asksFor.split(',');
  return names
    .flatMap((name) => (Object.hasOwn(injection.aliases, name) ? (injection.aliases[name] ?? []) : [name]))
    .flatMap((name) => injection.templates.get(name) ?? []);
}

/** Functions that take a tenth of a second and more: they make keys, or derive them. */
const expensive = /\b(?:derivePassword|bcrypt|htpasswd|genPrivateKey|gen\w*(?:CA|Cert)\w*)\b/;

/** Whether templates that pods ask for take so long that not all canary pods should be tried with them. */
export function isExpensive(configuration: Configuration, { asksFor }: TemplateSet): boolean {
  return selected(configuration, asksFor).some(({ text }) => expensive.test(text));
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

function* variants(reads: MetadataReads, configuration: Configuration): Generator<Variant> {
  for (const mode of modesOf(reads, configuration)) {
    for (const shape of canaryShapes) yield inMode(shape, mode);
    for (const variant of annotated(reads)) yield inMode(variant, mode);
  }
  const environment = { ISTIO_META_CLUSTER_ID: 'cluster-1', ISTIO_META_NETWORK: 'network-1' };
  yield { ...plainShape, name: 'deployment, cluster and network in the URL', environment };
  yield* mendedShapes;
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

function withAnnotations(shape: CanaryShape, annotations: Readonly<Record<string, string>>): CanaryShape {
  const what = Object.entries(annotations).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const metadata = { ...shape.pod.metadata, annotations: { ...annotationsOf(shape), ...annotations } };
  return { name: `${shape.name} with ${what.join(', ')}`, pod: { ...shape.pod, metadata } };
}

function withLabel(shape: CanaryShape, name: string, value: string): CanaryShape {
  const labels = { ...(shape.pod.metadata['labels'] as Readonly<Record<string, string>> | undefined), [name]: value };
  const pod = { ...shape.pod, metadata: { ...shape.pod.metadata, labels } };
  return { name: `${shape.name} with label ${name} ${JSON.stringify(value)}`, pod };
}
