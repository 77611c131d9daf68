/** Traffic and workload kinds. */
import type { Kind } from '../kind.ts';
import { destinationRule } from './destination-rule/index.ts';
import { gateway } from './gateway.ts';
import { proxyConfig } from './proxy-config.ts';
import { serviceEntry } from './service-entry/index.ts';
import { virtualService } from './virtual-service/index.ts';
import { workloadEntry } from './workload-entry.ts';
import { workloadGroup } from './workload-group.ts';

export const networkingKinds: readonly Kind[] = [
  virtualService,
  destinationRule,
  gateway,
  serviceEntry,
  workloadEntry,
  workloadGroup,
  proxyConfig,
];
