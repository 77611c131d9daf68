/**
 * The configuration in use in cluster mode, and its replacement: a change is taken as a whole or not at all, and nothing that the API
 * server does (or does not do) takes away what was once taken.
 */
import { indexClusterObjects, type ClusterObjects } from '../configuration/index.ts';
import type { Injector } from '../injection/index.ts';
import type { ConfigurationState } from '../server/live-configuration.ts';
import type { JsonRecord } from '../yaml/index.ts';
import { sameTexts, textsOf, type ConfigMapSources, type ConfigurationTexts } from './configuration-texts.ts';
import type { GoodState } from './last-good.ts';

/** What is known of the cluster at one time. */
export interface ClusterView {
  readonly configMaps: ConfigMapSources;
  /** The same array as long as nothing in it changed. */
  readonly objects: readonly JsonRecord[];
}

export interface ClusterConfigurationOptions {
  /** For clusters without any ConfigMap. */
  readonly builtIn: ConfigurationTexts;
  /** Throws for texts that cannot be used. */
  readonly compile: (texts: ConfigurationTexts, cluster: ClusterObjects) => Injector;
  readonly now: () => Date;
  /** New texts were taken into use. */
  readonly onTaken: (state: ConfigurationState, injector: Injector) => void;
  /** The newest texts were refused; called once for each different reason. */
  readonly onRefused: (error: unknown, state: ConfigurationState | undefined) => void;
  /** The texts are again those in use, after some that were refused. */
  readonly onRecovered: (state: ConfigurationState) => void;
}

interface InUse {
  readonly texts: ConfigurationTexts;
  readonly injector: Injector;
  readonly state: ConfigurationState;
}

export class ClusterConfiguration {
  readonly #options: ClusterConfigurationOptions;
  #inUse: InUse | undefined;
  #objects: readonly JsonRecord[] = [];
  /** Texts that could not be used; they are not compiled twice. */
  #refusedTexts: ConfigurationTexts | undefined;
  #refusal: string | undefined;

  constructor(options: ClusterConfigurationOptions) {
    this.#options = options;
  }

  /** Undefined until something good was seen. */
  get injector(): Injector | undefined {
    return this.#inUse?.injector;
  }

  get state(): ConfigurationState | undefined {
    return this.#inUse?.state;
  }

  /** Why the newest texts are not in use. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** What to keep for a start without API server. */
  get goodState(): GoodState | undefined {
    return this.#inUse && { texts: this.#inUse.texts, objects: this.#objects };
  }

  /** Begins with a state that was good once. Throws when it is no longer. */
  restore({ texts, objects }: GoodState): void {
    this.#takeObjects(objects);
    this.#take(texts, this.#options.compile(texts, indexClusterObjects(objects)));
  }

  /** Takes what is new in a view. Objects are always taken, texts when they can be used. Never throws. */
  update({ configMaps, objects }: ClusterView): { readonly newObjects: boolean; readonly newTexts: boolean } {
    const newObjects = this.#takeObjects(objects);
    const newTexts = this.#updateTexts(configMaps);
    if (newObjects && !newTexts && this.#inUse !== undefined) this.#useObjects(this.#inUse);
    return { newObjects, newTexts };
  }

  #useObjects(inUse: InUse): void {
    try {
      this.#inUse = { ...inUse, injector: inUse.injector.withClusterObjects(indexClusterObjects(this.#objects)) };
    } catch (error) {
      // Objects are anybody's; whatever is in them must not end the process.
      this.#refuse(undefined, error);
    }
  }

  #updateTexts(configMaps: ConfigMapSources): boolean {
    let texts: ConfigurationTexts | undefined;
    try {
      texts = textsOf(configMaps, this.#options.builtIn, this.#inUse?.texts);
      if (this.#refusedTexts !== undefined && sameTexts(texts, this.#refusedTexts)) return false;
      if (this.#inUse !== undefined && sameTexts(texts, this.#inUse.texts)) {
        this.#recover(this.#inUse);
        return false;
      }
      this.#take(texts, this.#options.compile(texts, indexClusterObjects(this.#objects)));
      return true;
    } catch (error) {
      this.#refuse(texts, error);
      return false;
    }
  }

  #takeObjects(objects: readonly JsonRecord[]): boolean {
    if (objects === this.#objects) return false;
    this.#objects = objects;
    return true;
  }

  #take(texts: ConfigurationTexts, injector: Injector): void {
    const generation = (this.#inUse?.state.generation ?? 0) + 1;
    const files = [texts.config, texts.values, ...texts.mesh].map(({ file }) => file);
    const state = { generation, loadedAt: this.#options.now(), files };
    this.#inUse = { texts, injector, state };
    this.#refusedTexts = undefined;
    this.#refusal = undefined;
    this.#options.onTaken(state, injector);
  }

  #recover(inUse: InUse): void {
    this.#refusedTexts = undefined;
    if (this.#refusal === undefined) return;
    this.#refusal = undefined;
    const { refused: _refused, ...state } = inUse.state;
    this.#inUse = { ...inUse, state };
    this.#options.onRecovered(state);
  }

  #refuse(texts: ConfigurationTexts | undefined, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#refusedTexts = texts;
    if (this.#refusal === message) return;
    this.#refusal = message;
    if (this.#inUse !== undefined) {
      const state = { ...this.#inUse.state, refused: { message, at: this.#options.now() } };
      this.#inUse = { ...this.#inUse, state };
    }
    this.#options.onRefused(error, this.#inUse?.state);
  }
}
