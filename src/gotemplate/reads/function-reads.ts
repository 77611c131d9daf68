/** What functions read of their arguments, where that is less than all of them, and what of the arguments their results may be. */
import { anyKey, type PlaceKey } from './place.ts';
import { composedShape, join, joinAll, nothing, readWhole, select, type Shape } from './shape.ts';

/** An argument of a call. */
export interface ReadArgument {
  readonly shape: Shape;
  /** The text of a string constant. */
  readonly constant?: string;
}

/**
 * Notes what a call reads, and gives what its result may be. That an argument exists, whether it is empty and which scalar it is needs no
 * note; see {@link Place}.
 */
export type FunctionReads = (args: readonly ReadArgument[]) => Shape;

/** Maps and lists of the template's own nest at most so deep; deeper ones are read as a whole. */
const MAX_COMPOSED = 4;

/** All of every argument, and the result is computed from that: what holds for any function. */
export const readsAll: FunctionReads = (args) => {
  for (const { shape } of args) readWhole(shape);
  return nothing;
};

/** Only whether the arguments are empty. */
const asks: FunctionReads = () => nothing;

/** One of the arguments; whether the others are empty decides which. */
const chooses: FunctionReads = (args) => joinAll(args.map(({ shape }) => shape));

function keyOf({ constant, shape }: ReadArgument): PlaceKey {
  if (constant !== undefined) return constant;
  readWhole(shape);
  return anyKey;
}

/** `index x 1 "a"`, `get x "a"`. */
const picks: FunctionReads = ([container, ...keys]) =>
  keys.reduce((shape, key) => select(shape, keyOf(key)), container?.shape ?? nothing);

const asksFor: FunctionReads = (args) => {
  picks(args);
  return nothing;
};

/** `dig "a" "b" default map` */
const digs: FunctionReads = (args) => {
  const [container, fallback] = [args.at(-1), args.at(-2)];
  if (container === undefined || fallback === undefined) return readsAll(args);
  return join(picks([container, ...args.slice(0, -2)]), fallback.shape);
};

/** `annotation .ObjectMeta "name" default` */
const annotation: FunctionReads = ([meta, name, fallback]) => {
  if (meta === undefined || name === undefined) return nothing;
  readWhole(select(select(meta.shape, 'Annotations'), keyOf(name)));
  readWhole(fallback?.shape ?? nothing);
  return nothing;
};

function composed(parts: ReadonlyMap<PlaceKey, Shape>): Shape {
  const shape = composedShape(parts);
  if (shape.depth <= MAX_COMPOSED) return shape;
  readWhole(shape);
  return nothing;
}

const lists: FunctionReads = (args) => composed(new Map([[anyKey, joinAll(args.map(({ shape }) => shape))]]));

/** `append list x` */
const appends: FunctionReads = ([list = noArgument, ...items]) =>
  lists([{ shape: select(list.shape, anyKey) }, ...items]);

const noArgument: ReadArgument = { shape: nothing };

/** `dict "key" value …` */
const dicts: FunctionReads = (args) => {
  const parts = new Map<PlaceKey, Shape>();
  for (let i = 0; i < args.length; i += 2) {
    const key = keyOf(args[i] ?? noArgument);
    parts.set(key, join(parts.get(key) ?? nothing, args[i + 1]?.shape ?? nothing));
  }
  return composed(parts);
};

/** `set map "key" value`: the map is given back; what was put into it is read here, so that it need not be looked for there. */
const changes: FunctionReads = ([map = noArgument, ...rest]) => {
  readsAll(rest);
  return map.shape;
};

/** Entries without what is in them: which keys there are, or how many elements. */
const counts: FunctionReads = ([container = noArgument]) => {
  select(container.shape, anyKey);
  return nothing;
};

/** Certain fields of every element of the first argument. */
const fieldsOfElements =
  (...paths: readonly (readonly PlaceKey[])[]): FunctionReads =>
  ([list = noArgument]) => {
    const element = select(list.shape, anyKey);
    for (const path of paths) readWhole(path.reduce(select, element));
    return nothing;
  };

const portFields = [
  ['Ports', anyKey, 'ContainerPort'],
  ['Ports', anyKey, 'Protocol'],
] as const;

const otelAttributes = ['service.namespace', 'service.version', 'service.instance.id'];

/** `otelResourceAttributes mesh annotations labels namespace containers` */
const otelResourceAttributes: FunctionReads = (args) => {
  const [mesh = noArgument, annotations = noArgument, labels = noArgument, namespace = noArgument, containers] = args;
  readsAll([mesh, namespace]);
  for (const name of otelAttributes) readWhole(select(annotations.shape, `resource.opentelemetry.io/${name}`));
  readWhole(select(labels.shape, 'app.kubernetes.io/version'));
  return fieldsOfElements(['Name'], ['Image'])([containers ?? noArgument]);
};

/** Functions without an entry read all that they are given. */
export const functionReads: ReadonlyMap<string, FunctionReads> = new Map<string, FunctionReads>([
  ...['and', 'or', 'default', 'coalesce', 'ternary', 'valueOrDefault'].map((name) => [name, chooses] as const),
  ...['not', 'empty', 'all', 'any'].map((name) => [name, asks] as const),
  ...['index', 'get'].map((name) => [name, picks] as const),
  ...['isset', 'hasKey'].map((name) => [name, asksFor] as const),
  ...['list', 'tuple'].map((name) => [name, lists] as const),
  ...['append', 'push', 'prepend', 'mustAppend', 'mustPush', 'mustPrepend'].map((name) => [name, appends] as const),
  ...['set', 'unset'].map((name) => [name, changes] as const),
  ['dict', dicts],
  ['dig', digs],
  ['len', counts],
  ['annotation', annotation],
  ['includeInboundPorts', fieldsOfElements(...portFields)],
  ['applicationPorts', fieldsOfElements(['Name'], ...portFields)],
  ['otelResourceAttributes', otelResourceAttributes],
]);

/** Functions that change a list of the template's own. */
export const changesOwnList: ReadonlySet<string> = new Set(['sortAlpha']);
