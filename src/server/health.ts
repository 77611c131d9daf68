import type { ConfigurationState } from './live-configuration.ts';

/** What the process is doing, in this order; only `serving` is ready. */
export type Phase = 'starting' | 'waiting for the cluster' | 'warming up' | 'serving' | 'draining';

/** The state of the process that the health endpoints show. */
export interface Health {
  readonly phase: () => Phase;
  /** Undefined while nothing good was ever loaded. */
  readonly configuration: () => ConfigurationState | undefined;
  /** More lines for {@link describeReadiness}. */
  readonly details?: () => readonly string[];
}

/** Whether requests should be sent here. */
export function isReady(health: Health): boolean {
  return health.phase() === 'serving';
}

/** The text of `/readyz?verbose`, in the form Kubernetes' own components use. */
export function describeReadiness(health: Health): string {
  const ready = isReady(health);
  const lines = [
    `${ready ? '[+]' : '[-]'}server ${health.phase()}`,
    ...describeConfiguration(health.configuration()),
    ...(health.details?.() ?? []),
    `readyz check ${ready ? 'passed' : 'failed'}`,
  ];
  return `${lines.join('\n')}\n`;
}

function describeConfiguration(state: ConfigurationState | undefined): string[] {
  if (state === undefined) return ['[-]configuration not there yet'];
  const { generation, loadedAt, files, refused } = state;
  const since = `generation ${generation} since ${loadedAt.toISOString()}`;
  const lines = [`[+]configuration ${since}${files.length === 0 ? ' (built-in)' : ` from ${files.join(', ')}`}`];
  if (refused !== undefined) {
    lines.push(`[-]configuration change refused at ${refused.at.toISOString()}: ${refused.message}`);
  }
  return lines;
}
