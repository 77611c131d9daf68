/** The containers of a pod as they were before it was injected. */
import { annotation, container } from '../injection/index.ts';
import { lifecyclePaths, probePaths } from '../injection/post-processing/probe-paths.ts';
import {
  DecodeError,
  decodeTyped,
  type Container,
  type Pod,
  type PodTemplateSpec,
  type Probe,
} from '../kubernetes/index.ts';
import { isRecord, setOwn } from '../yaml/index.ts';
import type { InjectedParts } from './injected-parts.ts';
import { variableOf } from './variables.ts';

type List = 'containers' | 'initContainers';

/** Containers of the pod without those that templates brought, and with their own probes. */
export function restoreContainers(
  pod: Pod,
  parts: InjectedParts,
  template: PodTemplateSpec | undefined,
): Readonly<Record<List, Container[]>> {
  const recorded = recordedSettings(pod);
  const probers = parsed(variableOf(pod, container.proxy, 'ISTIO_KUBE_APP_PROBERS'));
  const restore = (list: List): Container[] => {
    const own = template?.spec[list] ?? [];
    const given = [...own, ...recorded[list]];
    const kept = (pod.spec[list] ?? []).flatMap((item) => {
      const before = own.find(({ name }) => name === item.name);
      if (!parts[list].includes(item.name))
        return [before === undefined ? withProbes(item, probers) : withProbesOf(item, before)];
      const settings = given.find(({ name }) => name === item.name);
      return settings === undefined ? [] : [settings];
    });
    const names = new Set(kept.map(({ name }) => name));
    // A native proxy that the pod has among its containers, and a container that was replaced as a whole.
    return [...kept, ...own.filter(({ name }) => !names.has(name) && wasMoved(name, parts, list))];
  };
  return { containers: restore('containers'), initContainers: restore('initContainers') };
}

function wasMoved(name: string, parts: InjectedParts, list: List): boolean {
  return parts[list === 'containers' ? 'initContainers' : 'containers'].includes(name);
}

function withProbesOf(item: Container, before: Container): Container {
  const restored: Container = { ...item };
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const) {
    if (before[field] === undefined) Reflect.deleteProperty(restored, field);
    else setOwn(restored, field, before[field]);
  }
  return restored;
}

/** What a probe asked is what the proxy's agent was told to ask. */
function withProbes(item: Container, probers: Readonly<Record<string, unknown>>): Container {
  const restored: Container = { ...item };
  for (const { field, path } of probePaths) {
    const probe = item[field];
    const prober = proberAt(probers, path(item.name));
    if (probe === undefined || prober === undefined || probe.httpGet?.path !== path(item.name)) continue;
    const { httpGet: _asked, ...timing } = probe;
    restored[field] = { ...timing, ...handlerOf(prober) };
  }
  for (const { field, path } of lifecyclePaths) {
    const handler = item.lifecycle?.[field];
    const prober = proberAt(probers, path(item.name));
    if (handler === undefined || prober === undefined || handler.httpGet?.path !== path(item.name)) continue;
    const { httpGet: _asked, ...others } = handler;
    restored.lifecycle = { ...restored.lifecycle, [field]: { ...others, ...handlerOf(prober) } };
  }
  return restored;
}

function handlerOf({ httpGet, tcpSocket, grpc }: Probe): Pick<Probe, 'httpGet' | 'tcpSocket' | 'grpc'> {
  return { ...(httpGet && { httpGet }), ...(tcpSocket && { tcpSocket }), ...(grpc && { grpc }) };
}

function proberAt(probers: Readonly<Record<string, unknown>>, path: string): Probe | undefined {
  const prober = Object.hasOwn(probers, path) ? probers[path] : undefined;
  return isRecord(prober) ? decoded<Probe>('v1.Probe', prober) : undefined;
}

/** The pod's own settings of injected containers. */
function recordedSettings({ metadata: { annotations } }: Pod): Readonly<Record<List, readonly Container[]>> {
  const text =
    annotations !== undefined && Object.hasOwn(annotations, annotation.overrides)
      ? annotations[annotation.overrides]
      : undefined;
  const record = parsed(text);
  const list = (key: List): readonly Container[] =>
    (Object.hasOwn(record, key) ? decoded<Container[] | null>('[]v1.Container', record[key]) : undefined) ?? [];
  return { containers: list('containers'), initContainers: list('initContainers') };
}

function decoded<T>(type: string, value: unknown): T | undefined {
  try {
    return decodeTyped(type, value) as T;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
