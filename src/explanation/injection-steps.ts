import type { ProxyConfigSource } from '../mesh/index.ts';
import { annotation, container, reasons, selectTemplates } from '../injection/index.ts';
import type { Evaluation, World } from './evaluate.ts';
import type { Input } from './explanation.ts';
import { lookup } from './lookup.ts';
import { invalidAnnotations } from './repairs.ts';
import { decisiveRules, type RuleId } from './rules.ts';
import type { Draft } from './steps.ts';

/** What happens to a pod that is to be injected: up to the step that fails, in the order of the pipeline. */
export function injectionSteps(world: World, evaluation: Evaluation): Draft[] {
  if (!evaluation.decision.inject) return [];
  const drafts: Draft[] = [];
  const before = [annotationStep, templateStep, proxyConfigStep, nativeStep];
  // Recorded overrides are read before the templates are rendered, all else of this step comes after.
  const unread = evaluation.failure?.reason === 'invalid-overrides';
  for (const step of [...before, ...(unread ? [overridesStep] : [renderingStep, overridesStep])]) {
    const draft = step(world, evaluation);
    drafts.push(draft);
    if (draft.outcome === 'deny') break;
  }
  return drafts;
}

/** The sentence of a failure that belongs to a rule. */
function failureAt({ failure }: Evaluation, rule: RuleId): string | undefined {
  return failure !== undefined && decisiveRules[failure.reason] === rule ? reasons[failure.reason].sentence : undefined;
}

function annotationStep({ pod }: World): Draft {
  const invalid = invalidAnnotations(pod.metadata.annotations ?? {});
  const inputs = invalid.map((name): Input => ({ source: 'pod annotation', name }));
  const rule = 'annotation-values';
  if (invalid.length === 0)
    return { rule, outcome: 'passed', inputs, text: 'Every annotation that has a form keeps to it.' };
  return { rule, outcome: 'deny', inputs, text: `Not accepted: the value of ${invalid.join(', ')}.` };
}

function templateStep({ pod, configuration }: World, evaluation: Evaluation): Draft {
  const rule = 'templates';
  const { injection } = configuration;
  const asked = lookup(pod.metadata.annotations, annotation.templates);
  const selected = selectTemplates(pod, injection);
  const why = asked === undefined ? 'as defaultTemplates of the configuration' : 'as the annotation of the pod asks';
  const inputs: Input[] = [
    { source: 'pod annotation', name: annotation.templates, value: asked ?? null },
    { source: 'configuration', name: 'defaultTemplates', value: injection.defaultTemplates.join(',') },
  ];
  const missing = selected.filter((name) => !injection.templates.has(name)).map((name) => JSON.stringify(name));
  if (failureAt(evaluation, rule) !== undefined)
    return { rule, outcome: 'deny', inputs, text: `There is no template ${missing.join(', ')}.` };
  const aliases = asked?.split(',').some((name) => Object.hasOwn(injection.aliases, name.trim()));
  const through = aliases === true ? ', aliases resolved' : '';
  return { rule, outcome: 'noted', inputs, text: `Rendered: ${selected.join(', ')} (${why}${through}).` };
}

function proxyConfigStep({ pod, configuration }: World): Draft {
  const sources = configuration.proxyConfigs.sources({
    namespace: pod.metadata.namespace ?? '',
    labels: pod.metadata.labels ?? {},
    annotation: lookup(pod.metadata.annotations, annotation.proxyConfig),
  });
  const text = `Lowest first: ${sources.map(describeSource).join(', ')}.`;
  return { rule: 'proxy-config', outcome: 'noted', inputs: sources.flatMap(inputOfSource), text };
}

const sourceNames = {
  'built-in': 'built-in defaults',
  mesh: 'defaultConfig of the mesh',
  'root-resource': 'ProxyConfig of the root namespace',
  'namespace-resource': 'ProxyConfig of the namespace',
  annotation: `annotation ${annotation.proxyConfig}`,
  'workload-resource': 'ProxyConfig that selects the pod',
} as const;

function describeSource(source: ProxyConfigSource): string {
  return 'name' in source ? `${sourceNames[source.kind]} ${source.name}` : sourceNames[source.kind];
}

function inputOfSource(source: ProxyConfigSource): Input[] {
  if ('name' in source) return [{ source: 'ProxyConfig', name: source.name }];
  if (source.kind === 'annotation') return [{ source: 'pod annotation', name: annotation.proxyConfig }];
  return source.kind === 'mesh' ? [{ source: 'configuration', name: 'mesh.defaultConfig' }] : [];
}

function nativeStep({ pod, configuration }: World, { parameters }: Evaluation): Draft {
  const own = lookup(pod.metadata.annotations, annotation.nativeSidecar);
  const isOwn = own === 'true' || own === 'false';
  const native = isOwn ? own === 'true' : parameters?.native === true;
  const { nativeSidecars } = configuration.features;
  const why = isOwn
    ? 'as the annotation of the pod asks'
    : nativeSidecars === 'auto'
      ? 'as the versions of the nodes allow'
      : 'as ENABLE_NATIVE_SIDECARS says';
  const inputs: Input[] = [
    { source: 'pod annotation', name: annotation.nativeSidecar, value: own ?? null },
    { source: 'configuration', name: 'ENABLE_NATIVE_SIDECARS', value: nativeSidecars },
  ];
  const text = `Native sidecars are ${native ? 'on' : 'off'}, ${why}.`;
  return { rule: 'native-sidecar', outcome: 'noted', inputs, text };
}

function renderingStep(_world: World, evaluation: Evaluation): Draft {
  const rule = 'rendering';
  const failed = failureAt(evaluation, rule);
  if (failed !== undefined) return { rule, outcome: 'deny', inputs: [], text: failed };
  return { rule, outcome: 'passed', inputs: [], text: 'The templates render, and their output merges into the pod.' };
}

/** Containers of the pod that the templates know too; their settings win over the template's. */
function overridesStep({ pod }: World, evaluation: Evaluation): Draft {
  const rule = 'overrides';
  const inputs = [annotation.overrides, annotation.status]
    .filter((name) => lookup(pod.metadata.annotations, name) !== undefined)
    .map((name): Input => ({ source: 'pod annotation', name }));
  const failed = failureAt(evaluation, rule);
  if (failed !== undefined) return { rule, outcome: 'deny', inputs, text: failed };
  const spec = evaluation.injected?.templatePod.spec;
  const brought = new Set([...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name));
  const own = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]
    .map(({ name }) => name)
    .filter((name) => brought.has(name) || name === container.proxy);
  const reinjected = lookup(pod.metadata.annotations, annotation.status) !== undefined;
  if (reinjected) return { rule, outcome: 'noted', inputs, text: 'The pod was injected before; the templates win.' };
  if (own.length === 0)
    return { rule, outcome: 'passed', inputs, text: 'The pod has no settings of its own for injected containers.' };
  return { rule, outcome: 'noted', inputs, text: `The pod's own settings are kept for ${own.join(', ')}.` };
}
