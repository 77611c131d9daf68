/** Traffic and workload kinds. */
import type { Kind } from '../kind.ts';

export const networkingKinds: readonly Kind[] = [];
