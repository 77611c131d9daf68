/** The Prometheus annotations as they were before metrics were merged. */
import { container } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord, setOwn } from '../yaml/index.ts';
import { variableOf } from './variables.ts';

const settings = ['scrape', 'path', 'port'] as const;
const mergedPath = '/stats/prometheus';
const variable = 'ISTIO_PROMETHEUS_ANNOTATIONS';

/** Annotations with the settings that the proxy was told, or without any where it was told none. */
export function restorePrometheus(
  annotations: Readonly<Record<string, string>> | undefined,
  live: Pod,
): Record<string, string> {
  const restored: Record<string, string> = {};
  const isMerged = annotations?.['prometheus.io/path'] === mergedPath && annotations['prometheus.io/scrape'] === 'true';
  for (const [key, value] of Object.entries(annotations ?? {})) {
    if (!isMerged || !settings.some((setting) => key === `prometheus.io/${setting}`)) setOwn(restored, key, value);
  }
  if (!isMerged) return restored;
  const told = parse(variableOf(live, container.proxy, variable) ?? '');
  for (const setting of settings) {
    const value = Object.hasOwn(told, setting) ? told[setting] : undefined;
    if (typeof value === 'string' && value !== '') setOwn(restored, `prometheus.io/${setting}`, value);
  }
  return restored;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
