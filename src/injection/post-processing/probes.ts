/**
 * Probes of the application go through the proxy's agent, for the kubelet has no certificate for mTLS: what a probe asked is written
 * into an environment variable of the proxy, and the probe itself asks the agent.
 */
import { atoi, parseBool } from '../../go/strconv.ts';
import type { Container, LifecycleHandler, Pod, Probe } from '../../kubernetes/index.ts';
import { findProxy, replaceContainer } from '../containers.ts';
import { lookup } from '../maps.ts';
import { annotation, container, env } from '../names.ts';
import { lifecyclePaths, probePaths } from './probe-paths.ts';
import { mergeProbers, proberEntries, proberText } from './prober-text.ts';
import { appendProxyEnv } from './proxy-environment.ts';
import { wasInjected } from '../status-annotation.ts';

/** Settings of the probe rewrite. */
export interface ProbeSettings {
  /** `sidecarInjectorWebhook.rewriteAppHTTPProbe` of the values. */
  readonly rewrite: boolean;
  /** The agent's port according to the mesh. */
  readonly meshStatusPort: number;
}

/** Rewrites the probes of all containers but the proxy. Does nothing to a pod without a proxy. */
export function rewriteProbes(pod: Pod, settings: ProbeSettings, warnings: string[]): Pod {
  if (findProxy(pod) === undefined || !isRewriteEnabled(pod, settings)) return pod;
  const port = agentPort(pod, settings, warnings);
  const told = tellProxy(pod, settings.meshStatusPort, warnings);
  return { ...told, spec: { ...told.spec, ...rewriteLists(told, port) } };
}

function isRewriteEnabled(pod: Pod, { rewrite }: ProbeSettings): boolean {
  const own = lookup(pod.metadata.annotations, annotation.rewriteProbers);
  const parsed = own === undefined ? undefined : parseBool(own);
  return parsed === undefined || parsed.error !== undefined ? rewrite : parsed.value;
}

/** The annotation counts even when it is no number; the port is then 0. */
function agentPort(pod: Pod, { meshStatusPort }: ProbeSettings, warnings: string[]): number {
  const text = lookup(pod.metadata.annotations, annotation.statusPort);
  if (text === undefined) return meshStatusPort;
  const { value, error } = atoi(text);
  if (error !== undefined) warnings.push(`Invalid annotation ${annotation.statusPort}=${text}: ${error.message}`);
  return Number(value);
}

/** Writes what the probes ask into the proxy's environment; on re-injection an earlier entry of the same key stays. */
function tellProxy(pod: Pod, meshStatusPort: number, warnings: string[]): Pod {
  const entries = proberEntries(pod, meshStatusPort);
  if (Object.keys(entries).length === 0) return pod;
  const known = wasInjected(pod) ? findProxy(pod)?.env?.find(({ name }) => name === env.appProbers) : undefined;
  if (known === undefined) return appendProxyEnv(pod, env.appProbers, proberText(entries));
  const merged = mergeProbers(known.value ?? '', entries, warnings);
  if (merged === undefined) return pod;
  return replaceContainer(pod, container.proxy, (proxy) => ({
    ...proxy,
    env: proxy.env?.map((variable) => (variable === known ? { name: env.appProbers, value: merged } : variable)),
  }));
}

function rewriteLists({ spec }: Pod, port: number): Pick<NonNullable<Pod['spec']>, 'containers' | 'initContainers'> {
  const rewrite = (item: Container): Container => (item.name === container.proxy ? item : rewriteContainer(item, port));
  return {
    containers: spec.containers?.map(rewrite) ?? null,
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(rewrite) }),
  };
}

function rewriteContainer(item: Container, port: number): Container {
  const { name } = item;
  const changed: Container = { ...item };
  for (const { field, path } of probePaths) {
    const probe = item[field];
    if (probe !== undefined) changed[field] = rewriteProbe(probe, path(name), port);
  }
  if (item.lifecycle !== undefined) {
    changed.lifecycle = { ...item.lifecycle };
    for (const { field, path } of lifecyclePaths) {
      const handler = item.lifecycle[field];
      if (handler !== undefined) changed.lifecycle[field] = rewriteHandler(handler, path(name), port);
    }
  }
  return changed;
}

/** Everything but what is asked stays: timing, thresholds, and of an HTTP probe also host and headers. */
function rewriteProbe(probe: Probe, path: string, port: number): Probe {
  if (probe.httpGet !== undefined) return { ...probe, httpGet: httpGetOf(probe.httpGet, path, port) };
  if (probe.tcpSocket !== undefined) {
    const { tcpSocket: _tcp, ...rest } = probe;
    return { ...rest, httpGet: { path, port } };
  }
  if (probe.grpc === undefined) return probe;
  const { grpc: _grpc, ...rest } = probe;
  return { ...rest, httpGet: { path, port } };
}

function rewriteHandler(handler: LifecycleHandler, path: string, port: number): LifecycleHandler {
  if (handler.httpGet !== undefined) return { ...handler, httpGet: httpGetOf(handler.httpGet, path, port) };
  if (handler.tcpSocket === undefined) return handler;
  const { tcpSocket: _tcp, ...rest } = handler;
  return { ...rest, httpGet: { path, port } };
}

type HttpGet = NonNullable<Probe['httpGet']>;

/** The agent is asked without TLS; it keeps TLS towards the application, as its entry says. */
function httpGetOf(asked: HttpGet, path: string, port: number): HttpGet {
  return { ...asked, path, port, ...(asked.scheme === 'HTTPS' ? { scheme: 'HTTP' } : {}) };
}
