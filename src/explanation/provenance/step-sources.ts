/** Sources of what the injector's own code writes after the templates, step by step. */
import type { InjectionParameters, InjectionStep } from '../../injection/index.ts';
import { annotation, container, env } from '../../injection/names.ts';
import { lookup } from '../lookup.ts';
import type { FieldPath } from './field-path.ts';
import { pathText } from './field-path.ts';
import { source, type Source, type SourceFinder, type Sources } from './source.ts';

/** What each step does, in a sentence for people. `request`: the pod as it was sent. */
export const stepTexts: Readonly<Record<InjectionStep | 'request', string>> = {
  request: 'the pod as it was sent',
  'native-proxy': "the pod's own istio-proxy container, moved to the init containers with the template's",
  template: 'written by a template and merged into the pod',
  overrides: "the pod's own setting of an injected container, put over the template's",
  'init-user': "the traffic capture follows the user that the pod's own istio-proxy container names",
  environment: 'cluster, network and variables of the webhook URL, set on the proxy',
  prometheus: "metrics are merged: Prometheus scrapes the proxy, which is told where the application's metrics are",
  probes: "probes go through the proxy's agent, which is told what to ask",
  metadata: 'record of the injection, and annotations and labels that the configuration adds',
  order: 'order of the containers',
};

const statusPort = source('mesh', 'defaultConfig.statusPort');

interface Context {
  readonly parameters: Pick<InjectionParameters, 'pod'>;
  readonly finder: SourceFinder;
  /** Everything the names of the templates' containers and volumes depend on. */
  readonly namesOfTemplates: readonly Source[];
}

/** Sources of a field that the step wrote. */
export function stepSources(step: InjectionStep | 'request', path: FieldPath, context: Context): Sources {
  const found = sourcesOf(step, path, context);
  const isOfProxy = step !== 'request' && path[2] === container.proxy;
  const sources = isOfProxy ? { ...found, conditions: [...found.conditions, ...placeOfProxy(context)] } : found;
  const isName = step !== 'request' && path.at(-1) === 'name' && path.at(-3) === 'env';
  // That a variable is there depends on what its value comes from, its name does not.
  return isName ? { values: [], conditions: [...sources.values, ...sources.conditions] } : sources;
}

function sourcesOf(step: InjectionStep | 'request', path: FieldPath, context: Context): Sources {
  const { parameters, finder } = context;
  const field = path.at(-1) ?? '';
  switch (step) {
    case 'request':
    case 'template':
    case 'order':
      return { values: [requestedField(path)], conditions: [] };
    case 'native-proxy':
      return overrideSources(path, context);
    case 'overrides':
      return overrideSources(path, context);
    case 'init-user':
      return {
        values: ['runAsUser', 'runAsGroup'].map((id) => podField(`securityContext.${id}`)),
        conditions: [
          source('annotation', annotation.interceptionMode),
          source('mesh', 'defaultConfig.interceptionMode'),
        ],
      };
    case 'environment':
      return finder.ofEnvironment(variableOf(path) ?? field);
    case 'prometheus':
      return prometheusSources(path, parameters);
    case 'probes':
      return probeSources(path, parameters);
    case 'metadata':
      if (field === annotation.status)
        return { values: [source('platform', 'revision')], conditions: context.namesOfTemplates };
      if (path[1] === 'labels') return finder.ofEnvironment(env.network);
      return { values: [source('configuration', `injectedAnnotations.${field}`)], conditions: [] };
  }
}

const podField = (name: string): Source => source('pod', `spec.containers[${container.proxy}].${name}`);

/** Annotations and labels have kinds of their own. */
function requestedField(path: FieldPath): Source {
  const [part = '', map = '', name = ''] = path;
  if (part === 'metadata' && path.length === 3 && map === 'annotations') return source('annotation', name);
  if (part === 'metadata' && path.length === 3 && map === 'labels') return source('label', name);
  return source('pod', pathText(path));
}

/** The name of the environment variable that a path is in. */
function variableOf(path: FieldPath): string | undefined {
  const at = path.indexOf('env');
  return at < 0 ? undefined : path[at + 1]?.replace(/#\d+$/, '');
}

function overrideSources(path: FieldPath, { parameters, namesOfTemplates }: Context): Sources {
  const recorded = lookup(parameters.pod.metadata.annotations, annotation.overrides) !== undefined;
  if (path.at(-1) === annotation.overrides) {
    return { values: [source('pod', 'spec')], conditions: namesOfTemplates };
  }
  const own = [path[0] ?? '', 'containers', ...path.slice(2)];
  const isInit = path[1] === 'initContainers';
  const fields = [source('pod', pathText(own)), ...(isInit ? [source('pod', pathText(path))] : [])];
  return recorded
    ? { values: [source('annotation', annotation.overrides)], conditions: fields }
    : { values: fields, conditions: [] };
}

/** Whether the proxy is a container or a native sidecar. */
function placeOfProxy({ finder }: Context): readonly Source[] {
  const { values, conditions } = finder.ofEnvironment(env.clusterId);
  const native = [source('annotation', annotation.nativeSidecar), source('platform', 'native sidecars')];
  return [...native, ...values, ...conditions];
}

/** What could have changed a field of the pod as it was sent, and did not. */
export function askedAboutRequested(path: FieldPath, { parameters }: Context): readonly Source[] {
  const isProbe = path.some((step) => step.endsWith('Probe') || step === 'lifecycle');
  const isPrometheus = path[1] === 'annotations' && (path[2] ?? '').startsWith('prometheus');
  if (!isProbe && !isPrometheus) return [];
  const { values, conditions } = isProbe ? probeSources(path, parameters) : prometheusSources(path, parameters);
  return [...values, ...conditions];
}

/** The annotations that Prometheus reads; it takes several spellings for the same. */
function prometheusAnnotations({ pod }: Context['parameters']): readonly Source[] {
  const usual = ['port', 'path', 'scrape'].map((name) => `prometheus.io/${name}`);
  const own = Object.keys(pod.metadata.annotations ?? {}).filter((name) => /^prometheus[^a-zA-Z0-9]io/.test(name));
  return [...new Set([...usual, ...own])].map((name) => source('annotation', name));
}

function prometheusSources(path: FieldPath, parameters: Context['parameters']): Sources {
  const annotations = prometheusAnnotations(parameters);
  const conditions = [
    source('annotation', annotation.mergeMetrics),
    source('mesh', 'enablePrometheusMerge'),
    statusPort,
  ];
  if (variableOf(path) !== undefined) return { values: annotations, conditions };
  const isPort = path.at(-1) === 'prometheus.io/port';
  return { values: isPort ? [statusPort] : [], conditions: [...annotations, ...conditions] };
}

function probeSources(path: FieldPath, { pod }: Context['parameters']): Sources {
  const conditions = [
    source('annotation', annotation.rewriteProbers),
    source('values', 'sidecarInjectorWebhook.rewriteAppHTTPProbe'),
    statusPort,
  ];
  if (variableOf(path) !== undefined) return { values: [source('pod', 'spec')], conditions };
  const asked = source('pod', pathText(path.slice(0, 4)));
  if (path.at(-1) !== 'port') return { values: [], conditions: [asked, ...conditions] };
  const port = source('annotation', annotation.statusPort);
  const isOwn = lookup(pod.metadata.annotations, annotation.statusPort) !== undefined;
  return { values: [isOwn ? port : statusPort], conditions: [asked, ...(isOwn ? [] : [port]), ...conditions] };
}
