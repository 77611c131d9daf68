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
import { isRecord } from '../yaml/index.ts';
import type { InjectedParts } from './injected-parts.ts';
import { variableOf } from './variables.ts';

type List = 'containers' | 'initContainers';

/** Containers of the pod without those that templates brought, and with their own probes. */
export function restoreContainers(
  pod: Pod,
  parts: InjectedParts,
  template: PodTemplateSpec | undefined,
): Readonly<Record<List, Container[]>> {
  if (template !== undefined) {
    return {
      containers: ofTemplate('containers', pod, parts, template),
      initContainers: ofTemplate('initContainers', pod, parts, template),
    };
  }
  const recorded = recordedSettings(pod);
  const probers = parsed(variableOf(pod, container.proxy, 'ISTIO_KUBE_APP_PROBERS'));
  const restore = (list: List): Container[] =>
    (pod.spec[list] ?? []).flatMap((item) => {
      if (!parts[list].includes(item.name)) return [withProbes(item, probers)];
      const settings = recorded[list].find(({ name }) => name === item.name);
      return settings === undefined ? [] : [settings];
    });
  return { containers: restore('containers'), initContainers: restore('initContainers') };
}

/** The pod with its own settings of injected containers as they were recorded: admission may have added to them before the injection. */
export function withRecordedSettings(original: Pod, live: Pod): Pod {
  const { containers, initContainers } = recordedSettings(live);
  const recorded = new Map([...initContainers, ...containers].map((item) => [item.name, item]));
  if (recorded.size === 0) return original;
  const replaced = (item: Container): Container => recorded.get(item.name) ?? item;
  const { spec } = original;
  return {
    ...original,
    spec: {
      ...spec,
      containers: spec.containers?.map(replaced) ?? null,
      ...(spec.initContainers && { initContainers: spec.initContainers.map(replaced) }),
    },
  };
}

/** The template's containers, and where they stand among those that others added. */
function ofTemplate(list: List, pod: Pod, parts: InjectedParts, template: PodTemplateSpec): Container[] {
  const own = template.spec[list] ?? [];
  const known = new Set(own.map(({ name }) => name));
  const injected = new Set([...parts.containers, ...parts.initContainers]);
  const strangers = (pod.spec[list] ?? []).filter(({ name }) => !known.has(name) && !injected.has(name));
  return [...own, ...strangers];
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
