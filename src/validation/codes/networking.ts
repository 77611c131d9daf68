/** Rule codes of VirtualService, DestinationRule, Gateway, ServiceEntry, WorkloadEntry, WorkloadGroup and ProxyConfig. */
import type { Rule } from './cause.ts';

export const networkingRules = {} as const satisfies Record<string, Rule>;
