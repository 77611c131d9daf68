/**
 * Which parts of the data a set of templates may read: an abstract interpretation of the syntax trees. Values are replaced by the places in
 * the data that they may come from (shape.ts), both branches of every condition are taken, and the whole is repeated until nothing new
 * comes up. What a template does with a value that is not known here counts as reading all of it.
 */
import { builtinFunctions } from '../builtins/index.ts';
import { changesItsFirstArgument } from '../changing-functions.ts';
import type { FunctionTable } from '../function.ts';
import type {
  BranchNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  ListNode,
  Operand,
  PipeNode,
  Statement,
  TemplateNode,
  VariableNode,
} from '../parse/nodes.ts';
import { changesOwnList, functionReads, readsAll, type ReadArgument } from './function-reads.ts';
import { anyKey, type Place } from './place.ts';
import { Cells, ReadScope } from './scope.ts';
import { join, nothing, placeShape, readWhole, select, type Shape } from './shape.ts';

/** Everything settles after a few rounds; a template that needs more is taken to read everything. */
const MAX_ROUNDS = 50;
/** The same for a value that may come from very many places. */
const MAX_PLACES_OF_VALUE = 200;

/** What {@link analyse} finds, beside what it notes in the places. */
export interface Findings {
  /** Some function is called that depends on more than its arguments: the environment, the clock, chance. */
  readonly usesContext: boolean;
  /** Places whose maps a function may change. */
  readonly changed: ReadonlySet<Place>;
  /** Some function may change a map or list, be it one of the template's own. */
  readonly changesValues: boolean;
  /** What the variables may hold, by name. */
  readonly variables: ReadonlyMap<string, Shape>;
}

/** Notes in the places below `root` what the template `main` of a set reads when it is executed with that data. */
export function analyse(
  trees: ReadonlyMap<string, ListNode>,
  main: string,
  functions: FunctionTable,
  root: Place,
): Findings {
  return new Analysis(trees, functions).run(main, root);
}

class Analysis {
  readonly #trees: ReadonlyMap<string, ListNode>;
  readonly #functions: FunctionTable;
  readonly #cells = new Cells();
  /** What `.` may be in each template that is called. */
  readonly #dots = new Map<string, Shape>();
  readonly #changed = new Set<Place>();
  #usesContext = false;
  #changesValues = false;
  #scope = new ReadScope(this.#cells, nothing);

  constructor(trees: ReadonlyMap<string, ListNode>, functions: FunctionTable) {
    this.#trees = trees;
    this.#functions = functions;
  }

  run(main: string, root: Place): Findings {
    this.#dots.set(main, placeShape([root]));
    let rounds = 0;
    do {
      this.#cells.changed = false;
      // Templates that come to be called are added behind those that are there.
      for (const [name, dot] of this.#dots) {
        this.#scope = new ReadScope(this.#cells, dot);
        this.#list(this.#trees.get(name), dot);
      }
      if (++rounds > MAX_ROUNDS) root.isWhole = true;
    } while (this.#cells.changed && rounds <= MAX_ROUNDS);
    return {
      usesContext: this.#usesContext,
      changed: this.#changed,
      changesValues: this.#changesValues,
      variables: this.#cells.byName(),
    };
  }

  #list(list: ListNode | undefined, dot: Shape): void {
    for (const node of list?.nodes ?? []) this.#statement(node, dot);
  }

  #statement(node: Statement, dot: Shape): void {
    switch (node.kind) {
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.decl.length === 0) readWhole(value);
        return;
      }
      case 'if':
      case 'with':
        return this.#scope.within(() => this.#condition(node, dot));
      case 'range':
        return this.#range(node, dot);
      case 'template':
        return this.#call(node, dot);
    }
  }

  #condition(node: BranchNode, dot: Shape): void {
    const value = this.#pipe(node.pipe, dot);
    this.#scope.within(() => this.#list(node.list, node.kind === 'with' ? value : dot));
    this.#list(node.elseList, dot);
  }

  #range({ pipe, list, elseList }: BranchNode, dot: Shape): void {
    const value = this.#commands(pipe, dot);
    const element = select(value, anyKey);
    // Before the first round the variables hold the value itself, and `else` sees them so; it is empty then.
    const [first, second] = pipe.decl;
    this.#scope.within(() => {
      if (pipe.isAssign) {
        for (const { name } of pipe.decl) this.#scope.assign(name, join(value, element));
      } else if (first !== undefined) {
        this.#scope.declare(first, second === undefined ? element : nothing);
        if (second !== undefined) this.#scope.declare(second, element);
      }
      this.#list(list, element);
    });
    this.#scope.within(() => {
      if (!pipe.isAssign) for (const variable of pipe.decl) this.#scope.declare(variable, value, true);
      this.#list(elseList, dot);
    });
  }

  #call({ name, pipe }: TemplateNode, dot: Shape): void {
    const argument = pipe === undefined ? nothing : this.#pipe(pipe, dot);
    const known = this.#dots.get(name);
    const joined = known === undefined ? argument : join(known, argument);
    if (joined === known) return;
    this.#dots.set(name, joined);
    this.#cells.changed = true;
  }

  /** A pipeline with its declarations. */
  #pipe(pipe: PipeNode, dot: Shape): Shape {
    const value = this.#commands(pipe, dot);
    for (const variable of pipe.decl) {
      if (pipe.isAssign) this.#scope.assign(variable.name, value);
      else this.#scope.declare(variable, value);
    }
    return value;
  }

  #commands(pipe: PipeNode, dot: Shape): Shape {
    let value: Shape | undefined;
    for (const command of pipe.commands) value = bounded(this.#command(command, value, dot));
    return value ?? nothing;
  }

  #command({ args: [word, ...rest] }: CommandNode, piped: Shape | undefined, dot: Shape): Shape {
    if (word === undefined) return nothing;
    if (word.kind === 'identifier') return this.#function(word, rest, piped, dot);
    // Arguments of a method, or of what cannot have any.
    for (const arg of rest) readWhole(this.#operand(arg, dot));
    if (piped !== undefined) readWhole(piped);
    const value = this.#operand(word, dot);
    if (rest.length === 0 && piped === undefined) return value;
    readWhole(value);
    return nothing;
  }

  #function(node: IdentifierNode, args: readonly Operand[], piped: Shape | undefined, dot: Shape): Shape {
    const { name } = node;
    const custom = this.#functions.get(name);
    if (custom?.needsContext === true) this.#usesContext = true;
    const evaluate = (): ReadArgument[] => args.map((arg) => this.#argument(arg, dot));
    const isLogic = custom === undefined && (name === 'and' || name === 'or');
    const given = isLogic ? this.#scope.conditionally(evaluate) : evaluate();
    if (piped !== undefined) given.push({ shape: piped });
    const [first] = given;
    if (changesItsFirstArgument.has(name) && first !== undefined) this.#change(first.shape);
    if (changesItsFirstArgument.has(name) || changesOwnList.has(name)) this.#changesValues = true;
    const reads = (custom ?? builtinFunctions.get(name)) === undefined ? readsAll : functionReads.get(name);
    const result = (reads ?? readsAll)(given);
    if (picksOnePlace.has(name)) for (const place of result.places) place.positions.add(node.pos);
    return result;
  }

  #argument(node: Operand, dot: Shape): ReadArgument {
    const shape = this.#operand(node, dot);
    return node.kind === 'string' ? { shape, constant: node.value } : { shape };
  }

  #change({ places, parts }: Shape): void {
    for (const place of places) this.#changed.add(place);
    for (const part of parts.values()) this.#change(part);
  }

  #operand(node: Operand, dot: Shape): Shape {
    switch (node.kind) {
      case 'dot':
        return dot;
      case 'field':
        return fields(dot, node.fields, startOf(node));
      case 'variable':
        return fields(this.#scope.read(node.name), node.fields, startOf(node));
      case 'chain':
        return fields(this.#operand(node.node, dot), node.fields, node.pos);
      case 'pipe':
        return this.#pipe(node, dot);
      case 'identifier':
        return this.#function(node, [], undefined, dot);
      default:
        return nothing;
    }
  }
}

/** Functions whose result stands in the data at a place that the call names. */
const picksOnePlace: ReadonlySet<string> = new Set(['index', 'get', 'dig']);

function fields(start: Shape, names: readonly string[], pos: number): Shape {
  if (names.length === 0) return start;
  const value = names.reduce(select, start);
  for (const place of value.places) place.positions.add(pos);
  return value;
}

/** The position of a chain is that of its second token. */
function startOf(node: FieldNode | VariableNode): number {
  if (node.kind === 'variable') return node.pos - (node.fields.length > 0 ? node.name.length : 0);
  const [first = ''] = node.fields;
  return node.pos - (node.fields.length > 1 ? '.'.length + first.length : 0);
}

function bounded(shape: Shape): Shape {
  if (shape.places.size <= MAX_PLACES_OF_VALUE) return shape;
  readWhole(shape);
  return nothing;
}
