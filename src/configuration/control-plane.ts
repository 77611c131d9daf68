/** The Deployment of a control plane, as charts write it: its environment changes what is injected. */
import { recordsIn, valueAt, type JsonRecord } from '../yaml/index.ts';
import type { Variables } from './features.ts';

/** Names of Deployments without their revision; ours counts where both are there. */
export const controlPlanes: readonly string[] = ['outrigger', 'istiod'];

/** Containers that serve the webhook; else the first one is taken. */
const servingContainers: ReadonlySet<unknown> = new Set(['outrigger', 'discovery']);

/** The environment of a Deployment's control plane, as far as the Deployment says it itself. */
export function controlPlaneEnvironment(deployment: JsonRecord): Variables {
  const containers = recordsIn(valueAt(deployment, ['spec', 'template', 'spec', 'containers']));
  const serving = containers.find(({ name }) => servingContainers.has(name)) ?? containers[0];
  const variables = recordsIn(serving?.['env']).flatMap(({ name, value = '', valueFrom }) =>
    typeof name === 'string' && typeof value === 'string' && valueFrom === undefined ? [[name, value] as const] : [],
  );
  return Object.fromEntries(variables);
}
