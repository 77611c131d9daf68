/**
 * How a snapshot gets to another thread: compiled templates are closures and cannot, so the other thread compiles the same texts.
 * What is sent is cloned by the platform, which loses the prototypes of records.
 */
import { compileConfiguration, type ClusterObjects, type ConfigurationSources } from '../../configuration/index.ts';
import { injectorFor, type Injector } from '../../injection/index.ts';
import { templateContext } from '../template-context.ts';

/** What an injector is made of; plain data. */
export interface Recipe {
  readonly sources: ConfigurationSources;
  readonly env: Readonly<Record<string, string>>;
  readonly cluster: ClusterObjects;
}

/** A change from one injector to the next: objects of the cluster change far more often than texts. */
export type RecipeChange = Partial<Recipe> & Pick<Recipe, 'cluster'>;

/** What a thread that has the injector `known` needs to make `wanted`; `undefined` when it needs nothing. */
export function changeTo(wanted: Injector, known: Injector | undefined): RecipeChange | undefined {
  if (wanted === known) return undefined;
  const { sources, cluster } = wanted.configuration;
  if (sources === known?.configuration.sources) return { cluster };
  const { cluster: _replaced, ...texts } = sources;
  return { sources: texts, env: wanted.context.env ?? {}, cluster };
}

/** Makes the injector of a change. Throws a `ConfigurationError`, though never for a configuration that is in use. */
export function followChange(change: RecipeChange, known: Injector | undefined): Injector {
  const { sources, env, cluster } = restoreRecords(change) as RecipeChange;
  if (sources !== undefined)
    return injectorFor(compileConfiguration({ ...sources, cluster }), templateContext(env ?? {}));
  if (known === undefined) throw new Error('there is no injector to change');
  return known.withClusterObjects(cluster);
}

/** Gives records of cloned data the null prototype that decoders give them, so that names such as `constructor` are no keys. */
function restoreRecords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreRecords);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, restoreRecords(item)]));
  if (typeof value !== 'object' || value === null) return value;
  const record = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) record[key] = restoreRecords(item);
  return record;
}
