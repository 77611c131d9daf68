/** How the origin of a function's result follows from those of its arguments: what it picks, what it chooses, what it only asks. */
import { truth } from '../execute/truth.ts';
import { rawOf, type GoValue } from '../values.ts';
import { joined, NOTHING, partOf, pathsOf, union, withConditions, type Origin } from './origin.ts';

/** An argument of a call: raw data, and where it comes from. */
export interface RecordedArgument {
  readonly value: unknown;
  readonly origin: Origin;
}

type Rule = (args: readonly RecordedArgument[], result: unknown) => Origin;

const none: RecordedArgument = { value: undefined, origin: NOTHING };
const keyOf = ({ value }: RecordedArgument): string => String(rawOf(value as GoValue));
const all = (args: readonly RecordedArgument[]): Origin => joined(args.map(({ origin }) => origin));

/** A part of a container; the keys, where they are computed, decide which one. */
function part(container: RecordedArgument, keys: readonly RecordedArgument[], prefix: readonly string[] = []): Origin {
  const asked = union(...keys.map((key) => pathsOf(key.origin)));
  // A key that is the value of an environment variable must not become part of a path.
  const isSecret = [...asked].some((path) => holdsVariables.has(path.keys[0] ?? ''));
  const steps = [...prefix, ...keys.map(keyOf)];
  return withConditions(isSecret ? container.origin : partOf(container.origin, steps), asked);
}

/** Parts of the data with environment variables somewhere in them. */
const holdsVariables: ReadonlySet<string> = new Set(['Spec', 'ProxyConfig', 'MeshConfig']);

/** One of several values; those asked before it decide that it is this one. */
function chosen(candidates: readonly RecordedArgument[], isChosen: (value: unknown) => boolean): Origin {
  const at = candidates.findIndex(({ value }) => isChosen(value));
  const index = at < 0 ? candidates.length - 1 : at;
  const earlier = candidates.slice(0, index).map(({ origin }) => pathsOf(origin));
  return withConditions(candidates[index]?.origin ?? NOTHING, union(...earlier));
}

const isTrue = (value: unknown): boolean => truth(value as GoValue);

/** A yes or no: nothing of the argument's text is in it. */
const asked = (origin: Origin): Origin => ({ reads: new Set(), conditions: pathsOf(origin) });

const picks = (args: readonly RecordedArgument[]): Origin => part(args[0] ?? none, args.slice(1));

const rules: Readonly<Record<string, Rule>> = {
  index: picks,
  get: picks,
  isset: (args) => asked(picks(args)),
  hasKey: (args) => asked(picks(args)),
  annotation: ([meta = none, name = none, fallback = none]) => {
    const own = part(meta, [name], ['Annotations']);
    const annotations = (meta.value as { annotations?: Readonly<Record<string, string>> } | null)?.annotations;
    const isSet = annotations != null && Object.hasOwn(annotations, keyOf(name));
    return isSet ? own : withConditions(fallback.origin, pathsOf(own));
  },
  dig: (args, result) => {
    const found = part(args.at(-1) ?? none, args.slice(0, -2));
    const fallback = args.at(-2) ?? none;
    return fallback.value === result ? withConditions(fallback.origin, pathsOf(found)) : found;
  },
  default: ([fallback = none, given]) => (given === undefined ? fallback.origin : chosen([given, fallback], isTrue)),
  coalesce: (args) => chosen(args, isTrue),
  or: (args) => chosen(args, isTrue),
  and: (args) => chosen(args, (value) => !isTrue(value)),
  valueOrDefault: ([given = none, fallback = none]) =>
    chosen([given, fallback], (value) => value !== null && value !== undefined && value !== ''),
  ternary: ([yes = none, no = none, which = none]) =>
    withConditions((which.value === true ? yes : no).origin, pathsOf(which.origin)),
  ...Object.fromEntries(
    ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'not', 'empty', 'all', 'any', 'contains', 'hasPrefix', 'hasSuffix', 'has']
      .concat(['mustHas', 'kindIs', 'typeIs', 'typeIsLike', 'deepEqual', 'regexMatch', 'mustRegexMatch'])
      .map((name): [string, Rule] => [name, (args) => asked(all(args))]),
  ),
};

/** The origin of a call's result; of a function without a rule, all of its arguments. */
export function originOfCall(name: string, args: readonly RecordedArgument[], result: unknown): Origin {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  return rule === undefined ? all(args) : rule(args, result);
}
