/**
 * The injection of one pod, step by step; each step is a function in a file of its own. A failing step throws an `InjectionError`
 * whose message is what the user gets to see.
 */
import type { Configuration } from '../configuration/index.ts';
import type { FunctionContext } from '../gotemplate/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { applyProxyConfigAnnotation, type MeshConfig, type ProxyConfig } from '../mesh/index.ts';
import { findAnnotationErrors } from './annotations/validation.ts';
import { orderContainers } from './post-processing/container-order.ts';
import { adjustInitUser } from './post-processing/init-user.ts';
import { InjectionError, messageOf } from './injection-error.ts';
import { lookup } from './maps.ts';
import { annotation } from './names.ts';
import type { InjectionObserver } from './observer.ts';
import type { ProxyIds } from './openshift.ts';
import type { OverlayCache } from './overlay-cache.ts';
import { reapplyUserContainers } from './post-processing/overrides.ts';
import type { Environment } from './path-environment.ts';
import { writeMetadata } from './post-processing/pod-metadata.ts';
import { rewriteProbes } from './post-processing/probes.ts';
import { mergePrometheus } from './post-processing/prometheus.ts';
import { proxyEnvironment, setProxyEnvironment } from './post-processing/proxy-environment.ts';
import { renderTemplates, type Rendering } from './render.ts';
import { templateData } from './template-data.ts';
import { podForTemplates } from './template-pod.ts';
import { selectTemplates, type TemplateNames } from './template-selection.ts';
import type { Workload } from './workload.ts';

/** Everything the result depends on. */
export interface InjectionParameters {
  /** The pod, decoded, with its namespace filled in. */
  readonly pod: Pod;
  readonly workload: Workload;
  readonly configuration: Configuration;
  readonly names: TemplateNames;
  readonly mesh: MeshConfig;
  /** Effective for this pod. */
  readonly proxyConfig: ProxyConfig;
  readonly revision: string;
  readonly native: boolean;
  readonly ids: ProxyIds;
  readonly pathEnvironment: Environment;
  readonly injectedAnnotations: Readonly<Record<string, string>>;
  readonly cache: OverlayCache;
  /** What template functions may know of the world. */
  readonly context: Partial<FunctionContext>;
  /** Sees the steps; none by default. */
  readonly observer?: InjectionObserver;
}

/** An injected pod. */
export interface InjectedPod {
  readonly pod: Pod;
  /** Names of the templates that made it. */
  readonly templates: readonly string[];
  /** What the templates alone make. */
  readonly templatePod: Pod;
  /** What the templates wrote, where all that it depends on is known. */
  readonly rendering?: Rendering;
  /** Lines for the log. */
  readonly warnings: readonly string[];
}

/** Injects a pod. Gives the same pod for the same parameters, and changes none of them. Throws an {@link InjectionError}. */
export function injectPod(parameters: InjectionParameters): InjectedPod {
  const { pod: requested, configuration, mesh, proxyConfig, observer } = parameters;
  const { values } = configuration;
  const warnings = [...dnsWarnings(requested)];
  const meshStatusPort = mesh.defaultConfig?.statusPort ?? 0;

  checkAnnotations(requested);
  const environment = proxyEnvironment(parameters.pathEnvironment, values, requested);
  const selected = selectTemplates(requested, parameters.names);
  const { merged, templatePod, rendering } = renderTemplates({
    pod: requested,
    data: templateData(parameters, visiblePod(requested, meshStatusPort)),
    changesMaps: configuration.injection.changesMaps,
    selected,
    templates: configuration.injection.templates,
    native: parameters.native,
    cache: parameters.cache,
    context: parameters.context,
    observer,
  });

  let pod = reapplyUserContainers(merged, requested, templatePod);
  observer?.stepped('overrides', pod);
  pod = adjustInitUser(pod, requested, proxyConfig, warnings);
  observer?.stepped('init-user', pod);
  pod = setProxyEnvironment(pod, environment);
  observer?.stepped('environment', pod);
  pod = mergePrometheus(pod, mesh);
  observer?.stepped('prometheus', pod);
  pod = rewriteProbes(pod, { rewrite: values.rewriteProbes, meshStatusPort }, warnings);
  observer?.stepped('probes', pod);
  const { revision, injectedAnnotations } = parameters;
  pod = writeMetadata(pod, { templatePod, revision, environment, injectedAnnotations });
  observer?.stepped('metadata', pod);
  pod = orderContainers(pod, values.holdApplication || holdsApplication(requested, mesh));
  observer?.stepped('order', pod);
  return { pod, templates: selected, templatePod, rendering, warnings };
}

function checkAnnotations(pod: Pod): void {
  const errors = findAnnotationErrors(pod.metadata.annotations);
  if (errors !== undefined)
    throw new InjectionError('invalid-annotations', `failed to run injection template: ${errors}`);
}

function visiblePod(pod: Pod, meshStatusPort: number): Pod {
  try {
    return podForTemplates(pod, meshStatusPort);
  } catch (error) {
    throw new InjectionError('invalid-overrides', `failed to run injection template: ${messageOf(error)}`, error);
  }
}

/** The annotation counts here as it is written, on top of the mesh's settings alone; templates see the effective configuration. */
function holdsApplication(pod: Pod, mesh: MeshConfig): boolean {
  const own = lookup(pod.metadata.annotations, annotation.proxyConfig);
  const config = own === undefined ? mesh.defaultConfig : applyProxyConfigAnnotation(mesh.defaultConfig, own);
  return config?.holdApplicationUntilProxyStarts?.value === true;
}

function dnsWarnings({ metadata, spec }: Pod): readonly string[] {
  const policy = spec['dnsPolicy'] ?? '';
  if (policy === '' || policy === 'ClusterFirst') return [];
  const name = `${metadata.namespace ?? ''}/${metadata.name ?? metadata.generateName ?? ''}`;
  return [`"${name}"'s DNSPolicy is not "ClusterFirst". The Envoy sidecar may not able to connect to Istio Pilot`];
}
