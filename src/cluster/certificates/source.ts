import type { Logger } from '../../server/logger.ts';
import type { Material } from './check-material.ts';

/** Where certificates come from, running. */
export interface CertificateSource {
  /** This replica may lead now, or no longer. */
  readonly leaderChanged?: () => void;
  readonly stop: () => void;
}

/** What a source tells. */
export interface SourceEvents {
  /** There is usable material, at first or changed. */
  readonly onMaterial: (material: Material) => void;
  /** What is there cannot be used, or nothing is; the last good stays. One sentence. */
  readonly onProblem: (message: string) => void;
  readonly log: Logger;
  readonly now: () => Date;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
