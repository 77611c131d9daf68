/** Proxy scoping, security, telemetry and extension kinds. */
import type { Kind } from '../kind.ts';

export const policyKinds: readonly Kind[] = [];
