/** Merging metrics: the proxy is scraped in place of the application, and is told where the application's metrics are. */
import { encodeJson, JsonFields } from '../../go/json-encode.ts';
import { compareStrings } from '../../go/utf8.ts';
import { parseBool } from '../../go/strconv.ts';
import type { Pod } from '../../kubernetes/index.ts';
import type { MeshConfig } from '../../mesh/index.ts';
import { findProxy } from '../containers.ts';
import { lookup, withEntries, withoutKeys, type StringMap } from '../maps.ts';
import { annotation, env } from '../names.ts';
import { withAnnotations } from './pod-metadata.ts';
import { appendProxyEnv } from './proxy-environment.ts';

const settings = ['scrape', 'path', 'port'] as const;
type Setting = (typeof settings)[number];

/** What a Prometheus annotation sets, or `undefined`: all spellings that Prometheus reads as the same label are the same. */
function settingOf(key: string): Setting | undefined {
  if (!key.startsWith('prometheus')) return undefined;
  const name = key.replace(/[^a-zA-Z0-9_]/gu, '_');
  return settings.find((setting) => name === `prometheus_io_${setting}`);
}

/** Values of one setting, in the order of their keys (Istio's order is random; one annotation is the rule). */
function valuesOf(annotations: StringMap = {}, setting: Setting): string[] {
  const keys = Object.keys(annotations).filter((key) => settingOf(key) === setting);
  return keys.sort(compareStrings).map((key) => annotations[key] ?? '');
}

/** The port under which metrics are scraped, when the pod names one. */
export function prometheusPort(annotations: StringMap): string | undefined {
  return valuesOf(annotations, 'port')[0];
}

/** The annotations without every spelling of the Prometheus settings. */
export function withoutPrometheus(annotations: StringMap): Record<string, string> {
  return withoutKeys(annotations, (key) => settingOf(key) !== undefined);
}

/** Points the Prometheus annotations to the proxy and gives the proxy the application's. Also done when there is no proxy. */
export function mergePrometheus(pod: Pod, mesh: MeshConfig): Pod {
  const annotations = pod.metadata.annotations;
  const statusPort = String(mesh.defaultConfig?.statusPort ?? 0);
  if (!isScraped(annotations) || !isMergeEnabled(annotations, mesh)) return pod;
  if (prometheusPort(annotations) === statusPort) return pod;
  const merged = [
    ['prometheus.io/port', statusPort],
    ['prometheus.io/path', '/stats/prometheus'],
    ['prometheus.io/scrape', 'true'],
  ] as const;
  return withAnnotations(tellProxy(pod, annotations), withEntries(withoutPrometheus(annotations), merged));
}

function isScraped(annotations: StringMap): boolean {
  const parsed = valuesOf(annotations, 'scrape').map(parseBool);
  return parsed.find(({ error }) => error === undefined)?.value ?? true;
}

function isMergeEnabled(annotations: StringMap, mesh: MeshConfig): boolean {
  const own = lookup(annotations, annotation.mergeMetrics);
  const parsed = own === undefined ? undefined : parseBool(own);
  if (parsed !== undefined && parsed.error === undefined) return parsed.value;
  return mesh.enablePrometheusMerge?.value ?? true;
}

function tellProxy(pod: Pod, annotations: StringMap): Pod {
  const application = settings.map((setting) => [setting, valuesOf(annotations, setting)[0] ?? ''] as const);
  if (findProxy(pod) === undefined || application.every(([, value]) => value === '')) return pod;
  return appendProxyEnv(pod, env.prometheus, encodeJson(new JsonFields(application)));
}
