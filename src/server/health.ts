import type { ConfigurationState } from './live-configuration.ts';

/** What the process is doing, in this order; only `serving` is ready. */
export type Phase = 'starting' | 'warming up' | 'serving' | 'draining';

/** The state of the process that the health endpoints show. */
export interface Health {
  readonly phase: () => Phase;
  readonly configuration: () => ConfigurationState;
}

/** Whether requests should be sent here. */
export function isReady(health: Health): boolean {
  return health.phase() === 'serving';
}

/** The text of `/readyz?verbose`, in the form Kubernetes' own components use. */
export function describeReadiness(health: Health): string {
  const ready = isReady(health);
  const { generation, loadedAt, files, refused } = health.configuration();
  const since = `generation ${generation} since ${loadedAt.toISOString()}`;
  const lines = [
    `${ready ? '[+]' : '[-]'}server ${health.phase()}`,
    `[+]configuration ${since}${files.length === 0 ? ' (built-in)' : ` from ${files.join(', ')}`}`,
  ];
  if (refused !== undefined) {
    lines.push(`[-]configuration change refused at ${refused.at.toISOString()}: ${refused.message}`);
  }
  lines.push(`readyz check ${ready ? 'passed' : 'failed'}`);
  return `${lines.join('\n')}\n`;
}
