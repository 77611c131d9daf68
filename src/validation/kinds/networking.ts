/** Traffic and workload kinds. */
import type { Kind } from '../kind.ts';
import { virtualService } from './virtual-service/index.ts';

export const networkingKinds: readonly Kind[] = [virtualService];
