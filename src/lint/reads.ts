/**
 * Which places of the data a template reads, found in its syntax: through variables, `with`, `range` and calls of other templates, and
 * through the functions that pick parts. Where a place cannot be known, the read is of everything below what is known.
 */
import type {
  BranchNode,
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  ListNode,
  Operand,
  PipeNode,
  Statement,
  TemplateNode,
  VariableNode,
} from '../gotemplate/parse/nodes.ts';
import type { Span } from './text.ts';

/** Keys from the data as a whole: `['Values', 'global']`. */
export type DataKeys = readonly string[];

/** Stands for any element of a list or map. */
export const anyElement = '*';

/** One read. */
export interface Read {
  readonly path: DataKeys;
  readonly at: Span;
  /** Nothing is wrong when nothing is there: it was asked before, or has a default. */
  readonly isTolerant: boolean;
  /** Only handed on; what is done with it are reads of their own. */
  readonly isPassed: boolean;
}

/** A call of a `define`. */
export interface TemplateCall {
  readonly name: string;
  readonly at: Span;
}

/** What a template reads and calls. */
export interface Reads {
  readonly reads: readonly Read[];
  readonly calls: readonly TemplateCall[];
}

/** Analyses a template; `main` is the name of its own tree. */
export function readsOf(trees: ReadonlyMap<string, ListNode>, main: string): Reads {
  const analysis = new Analysis(trees);
  const tree = trees.get(main);
  if (tree !== undefined) analysis.body(tree, [[]]);
  for (const [name, other] of trees) if (name !== main) analysis.unvisited(name, other);
  return analysis;
}

/** Where a value may stand in the data; none: it is not (only) a part of the data. */
type Places = readonly DataKeys[];

const nowhere: Places = [];

/** How what is evaluated is used. */
interface Use {
  readonly isTolerant?: boolean;
  readonly isPassed?: boolean;
}

const plainUse: Use = {};
const asked: Use = { isTolerant: true };
const passed: Use = { isTolerant: true, isPassed: true };

/** Functions that take what is missing: they ask, or choose. */
const tolerant = new Set(
  [
    'and',
    'or',
    'not',
    'eq',
    'ne',
    'default',
    'coalesce',
    'empty',
    'hasKey',
    'isset',
    'ternary',
    'valueOrDefault',
    'dig',
  ].concat(['kindIs', 'kindOf', 'typeIs', 'typeOf', 'deepEqual', 'all', 'any', 'annotation', 'get', 'pluck']),
);

/** Functions that give back one of their arguments. */
const choosing = new Set(['and', 'or', 'default', 'coalesce', 'ternary', 'valueOrDefault', 'omitNil', 'annotation']);

/** What is known at a place of the template. */
interface Scope {
  readonly dot: Places;
  readonly root: Places;
  readonly variables: Map<string, Places>;
  /** Places that were asked for around here. */
  readonly guards: readonly DataKeys[];
}

/** Rounds through templates that call themselves with ever deeper data. */
const deepestCall = 20;

class Analysis implements Reads {
  readonly reads: Read[] = [];
  readonly calls: TemplateCall[] = [];
  readonly #trees: ReadonlyMap<string, ListNode>;
  readonly #visited = new Set<string>();
  readonly #called = new Set<string>();
  #depth = 0;

  constructor(trees: ReadonlyMap<string, ListNode>) {
    this.#trees = trees;
  }

  body(tree: ListNode, dot: Places, guards: readonly DataKeys[] = []): void {
    this.#list(tree, { dot, root: dot, variables: new Map(), guards });
  }

  /** A definition that nothing calls is looked at on its own; its data is not known. */
  unvisited(name: string, tree: ListNode): void {
    if (!this.#called.has(name)) this.body(tree, nowhere);
  }

  #list(list: ListNode, scope: Scope): void {
    for (const node of list.nodes) this.#statement(node, scope);
  }

  #statement(node: Statement, scope: Scope): void {
    switch (node.kind) {
      case 'action':
        this.#pipe(node.pipe, scope, node.pipe.decl.length > 0 ? passed : plainUse);
        break;
      case 'if':
      case 'with':
      case 'range':
        this.#branch(node, scope);
        break;
      case 'template':
        this.#call(node, scope);
        break;
      default:
    }
  }

  #branch({ kind, pipe, list, elseList }: BranchNode, outer: Scope): void {
    const scope = { ...outer, variables: new Map(outer.variables) };
    const before = this.reads.length;
    const value = this.#pipe(pipe, scope, kind === 'if' ? asked : passed, kind === 'range');
    const guards = [...scope.guards, ...this.reads.slice(before).map(({ path }) => path)];
    const dot = kind === 'if' ? scope.dot : kind === 'with' ? value : elementsOf(value);
    this.#list(list, { ...scope, dot, guards });
    // Assignments inside count outside: a variable may then be either.
    for (const [name, places] of outer.variables) {
      const after = scope.variables.get(name) ?? nowhere;
      if (after !== places) outer.variables.set(name, distinct([...places, ...after]));
    }
    if (elseList !== undefined) this.#list(elseList, { ...scope, guards });
  }

  #call(node: TemplateNode, scope: Scope): void {
    const { name, pos } = node;
    this.calls.push({ name, at: { start: pos, end: pos + name.length + 2 } });
    this.#called.add(name);
    const dot = node.pipe === undefined ? nowhere : this.#pipe(node.pipe, scope, passed);
    const tree = this.#trees.get(name);
    const key = JSON.stringify([name, dot]);
    if (tree === undefined || this.#visited.has(key) || this.#depth >= deepestCall) return;
    this.#visited.add(key);
    this.#depth++;
    this.body(tree, dot, scope.guards);
    this.#depth--;
  }

  #pipe(pipe: PipeNode, scope: Scope, use: Use, isRange = false): Places {
    let value: Places = nowhere;
    pipe.commands.forEach((command, index) => {
      const next = pipe.commands[index + 1];
      const own = next === undefined ? use : useBy(next.args[0], use);
      value = this.#command(command, scope, own, index === 0 ? undefined : value);
    });
    if (pipe.decl.length > 0) this.#declare(pipe, scope, value, isRange);
    return value;
  }

  #declare({ decl, isAssign }: PipeNode, { variables }: Scope, value: Places, isRange: boolean): void {
    const [first, second] = decl;
    const element = isRange ? elementsOf(value) : value;
    const named = second ?? first;
    if (second !== undefined && first !== undefined) variables.set(first.name, nowhere);
    if (named === undefined) return;
    const before = isAssign ? (variables.get(named.name) ?? nowhere) : nowhere;
    variables.set(named.name, distinct([...before, ...element]));
  }

  #command({ args }: CommandNode, scope: Scope, use: Use, piped: Places | undefined): Places {
    const [word, ...others] = args;
    if (word === undefined) return nowhere;
    if (word.kind === 'identifier') return this.#function(word, others, scope, use, piped);
    for (const argument of others) this.#operand(argument, scope, plainUse);
    return this.#operand(word, scope, use);
  }

  #operand(node: Operand, scope: Scope, use: Use): Places {
    switch (node.kind) {
      case 'pipe':
        return this.#pipe(node, scope, use);
      case 'identifier':
        return this.#function(node, [], scope, use, undefined);
      case 'dot':
        return this.#read(scope.dot, { start: node.pos, end: node.pos + 1 }, scope, use);
      case 'field':
      case 'variable':
      case 'chain':
        return this.#fields(node, scope, use);
      default:
        return nowhere;
    }
  }

  #fields(node: FieldNode | VariableNode | ChainNode, scope: Scope, use: Use): Places {
    const base =
      node.kind === 'field'
        ? scope.dot
        : node.kind === 'chain'
          ? this.#operand(node.node, scope, passed)
          : node.name === '$'
            ? scope.root
            : (scope.variables.get(node.name) ?? nowhere);
    // A chain such as `(.a).b` gives nothing when `.a` is missing, where `.a.b` would fail.
    const own = node.kind === 'chain' ? { ...use, isTolerant: true } : use;
    return this.#read(
      base.map((path) => [...path, ...node.fields]),
      spanOfFields(node),
      scope,
      own,
    );
  }

  #function(
    { name, pos }: IdentifierNode,
    args: readonly Operand[],
    scope: Scope,
    use: Use,
    piped: Places | undefined,
  ): Places {
    const inner: Use = tolerant.has(name) ? { isTolerant: true } : plainUse;
    if (name === 'index' || name === 'get') return this.#index(args, scope, { ...use, ...inner }, pos);
    const own = choosing.has(name) ? { ...inner, isPassed: use.isPassed } : inner;
    const values = args.map((argument) => this.#operand(argument, scope, own));
    if (piped !== undefined) values.push(piped);
    return choosing.has(name) ? distinct(values.flat()) : nowhere;
  }

  /** `index .Values.pods "a" "b"`: what is missing gives nothing. */
  #index(args: readonly Operand[], scope: Scope, use: Use, pos: number): Places {
    const [container, ...keys] = args;
    if (container === undefined) return nowhere;
    const base = this.#operand(container, scope, passed);
    const steps: string[] = [];
    for (const key of keys) {
      if (key.kind !== 'string') this.#operand(key, scope, plainUse);
      steps.push(key.kind === 'string' ? key.value : anyElement);
    }
    const last = keys.at(-1);
    const end = last === undefined ? pos : last.pos + (last.kind === 'string' ? last.quoted.length : 1);
    return this.#read(
      base.map((path) => [...path, ...steps]),
      { start: pos, end },
      scope,
      { ...use, isTolerant: true },
    );
  }

  #read(places: Places, at: Span, { guards }: Scope, { isTolerant = false, isPassed = false }: Use): Places {
    for (const path of places) {
      const isGuarded = guards.some((guard) => isPrefix(guard, path) || isPrefix(path, guard));
      this.reads.push({ path, at, isTolerant: isTolerant || isGuarded || places.length > 1, isPassed });
    }
    return places;
  }
}

/** What a value that is piped into a command is used for. */
function useBy(word: Operand | undefined, use: Use): Use {
  if (word?.kind !== 'identifier') return plainUse;
  if (!tolerant.has(word.name)) return plainUse;
  return choosing.has(word.name) ? { isTolerant: true, isPassed: use.isPassed } : asked;
}

/** More places than this are none. */
const mostPlaces = 50;

function distinct(places: Places): Places {
  const byText = new Map(places.map((path) => [path.join('\0'), path]));
  return byText.size > mostPlaces ? nowhere : [...byText.values()];
}

const elementsOf = (places: Places): Places => places.map((path) => [...path, anyElement]);

/** Whether a path is at or above another one. */
export function isPrefix(prefix: DataKeys, path: DataKeys): boolean {
  return (
    prefix.length <= path.length &&
    prefix.every((key, index) => key === path[index] || key === anyElement || path[index] === anyElement)
  );
}

/** The parser notes where the second field starts, if there is one. */
function spanOfFields(node: FieldNode | VariableNode | ChainNode): Span {
  const [first = ''] = node.fields;
  const before =
    node.kind === 'field' && node.fields.length > 1
      ? first.length + 1
      : node.kind === 'variable' && node.fields.length > 0
        ? node.name.length
        : 0;
  const start = node.pos - before;
  const length = node.fields.reduce(
    (sum, field) => sum + field.length + 1,
    node.kind === 'variable' ? node.name.length : 0,
  );
  return { start, end: start + length };
}
