/** Rule codes of Sidecar, EnvoyFilter, the security policies, Telemetry and the extension kinds. */
import type { Rule } from './cause.ts';

export const policyRules = {} as const satisfies Record<string, Rule>;
