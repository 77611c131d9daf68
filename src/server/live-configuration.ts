/**
 * The configuration in use, and its replacement: a changed set of files is taken as a whole or not at all.
 *
 * Knows nothing of what a configuration is: `read` gives the texts, `compile` makes a snapshot of them or throws.
 */
import type { SourceText } from '../configuration/index.ts';
import { readWhole, sameSources } from './read-whole.ts';

/** What is in use, for the log, `/readyz?verbose` and the metrics. */
export interface ConfigurationState {
  /** Counted from 1 at start. */
  readonly generation: number;
  readonly loadedAt: Date;
  /** Files it was made of. */
  readonly files: readonly string[];
  /** Why the newest state of the files is not in use. */
  readonly refused?: { readonly message: string; readonly at: Date };
}

export interface LiveConfiguration<Snapshot> {
  readonly snapshot: () => Snapshot;
  readonly state: () => ConfigurationState;
  /** Looks at the files again; never throws. */
  readonly reload: () => void;
}

export interface LiveConfigurationOptions<Snapshot, Sources extends readonly SourceText[]> {
  readonly read: () => Sources;
  readonly compile: (sources: Sources) => Snapshot;
  readonly now: () => Date;
  /** A new set was taken into use. */
  readonly onTaken: (state: ConfigurationState, snapshot: Snapshot) => void;
  /** A changed set was refused; called once for each different set or reason. */
  readonly onRefused: (error: unknown, state: ConfigurationState) => void;
  /** The files are again those in use, after a set that was refused. */
  readonly onRecovered: (state: ConfigurationState) => void;
}

/** Loads the first snapshot. Throws what `read` or `compile` throws. */
export function createLiveConfiguration<Snapshot, Sources extends readonly SourceText[]>(
  options: LiveConfigurationOptions<Snapshot, Sources>,
): LiveConfiguration<Snapshot> {
  let sources = options.read();
  let snapshot = options.compile(sources);
  let state = takenState(1, sources, options.now());
  options.onTaken(state, snapshot);
  let refusedSources: readonly SourceText[] | undefined;

  function refuse(candidate: readonly SourceText[] | undefined, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    refusedSources = candidate;
    if (state.refused?.message === message) return;
    state = { ...state, refused: { message, at: options.now() } };
    options.onRefused(error, state);
  }

  function reload(): void {
    let candidate: Sources | undefined;
    try {
      candidate = readWhole(options.read);
      if (sameSources(candidate, refusedSources)) return;
      if (sameSources(candidate, sources)) {
        refusedSources = undefined;
        if (state.refused === undefined) return;
        state = takenState(state.generation, sources, state.loadedAt);
        options.onRecovered(state);
        return;
      }
      snapshot = options.compile(candidate);
    } catch (error) {
      refuse(candidate, error);
      return;
    }
    sources = candidate;
    refusedSources = undefined;
    state = takenState(state.generation + 1, sources, options.now());
    options.onTaken(state, snapshot);
  }

  return { snapshot: () => snapshot, state: () => state, reload };
}

function takenState(generation: number, sources: readonly SourceText[], loadedAt: Date): ConfigurationState {
  return { generation, loadedAt, files: sources.map(({ file }) => file) };
}
