import type { Logger } from '../../server/logger.ts';
import type { ApiClient } from '../client.ts';
import type { Material } from './check-material.ts';
import { isAway, readKept, writeKept } from './kept.ts';
import type { SecretPlace } from './secret.ts';
import { messageOf } from './source.ts';

export interface KeeperOptions {
  readonly path: string;
  /** The name under which the API server calls us. */
  readonly host: string;
  readonly client: ApiClient;
  /** Asked for, to see whether the API server is away. */
  readonly place: SecretPlace;
  /** Milliseconds. */
  readonly patience: number;
  readonly log: Logger;
}

/** Keeps the serving certificate in its file, and has it used by a start that the API server does not answer. */
export class Keeper {
  readonly #options: KeeperOptions;
  #writing: Promise<void> = Promise.resolve();
  #kept: Material | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Writes what is not yet written, behind the caller's back; a failure is logged, and tried again with the next change. */
  keep(material: Material): void {
    if (this.#kept?.cert === material.cert && this.#kept.caBundle === material.caBundle) return;
    this.#kept = material;
    const { path, log } = this.#options;
    this.#writing = this.#writing.then(() =>
      writeKept(path, material).catch((error: unknown) => {
        log.error(`cannot keep the serving certificate: ${messageOf(error)}`);
      }),
    );
  }

  /** Gives what is in the file when the API server stays away; looks as often as the patience ends. The answer stops it. */
  restore(now: () => Date, take: (material: Material) => void): () => void {
    const { path, host, client, place, patience, log } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const look = async (): Promise<void> => {
      if (stopped || this.#kept !== undefined) return;
      try {
        if (await isAway(client, place)) {
          const material = await readKept(path, host, now());
          if (material === undefined) return;
          log.warn('the API server is away: taking the serving certificate that was kept');
          take(material);
          return;
        }
      } catch (error) {
        log.warn(`the certificate that was kept is not used: ${messageOf(error)}`);
        return;
      }
      wait();
    };
    const wait = (): void => {
      timer = setTimeout(() => void look(), patience);
      timer.unref();
    };
    wait();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }
}
