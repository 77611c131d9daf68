/**
 * A template cut into segments: statements that write a part of the output or set variables, each with the slots of the data that decide
 * what. The statements of an `if` are segments of their own. Those that use variables depend on all that the setting ones depend on.
 */
import type { FunctionTable } from '../function.ts';
import type { BranchNode, ListNode, PipeNode, Statement } from '../parse/nodes.ts';
import { analyse, Place, type Shape } from '../reads/index.ts';
import { BOOL, INT32, INT64, STRING, type GoType } from '../types.ts';
import { isSharedPart, type Slots } from './slots.ts';
import { variablesOf, type VariableUse } from './variables.ts';

/** Slots that a segment depends on; undefined: it always has to run. */
export type SegmentSlots = ReadonlySet<number> | undefined;

export type Segment =
  | {
      readonly kind: 'statement';
      readonly node: Statement;
      readonly slots: SegmentSlots;
      /** Names of the variables that it sets for others. */
      readonly sets: readonly string[];
    }
  | {
      readonly kind: 'branch';
      readonly node: BranchNode;
      /** Of everything in it. */
      readonly slots: SegmentSlots;
      readonly list: readonly Segment[];
      readonly elseList: readonly Segment[];
    };

/** A template to be cut. */
export interface SegmentedTemplate {
  readonly trees: ReadonlyMap<string, ListNode>;
  /** Name of the one that is executed. */
  readonly name: string;
  readonly functions: FunctionTable;
  readonly dataType: GoType;
  readonly slots: Slots;
  /** What its variables may hold. */
  readonly variables: ReadonlyMap<string, Shape>;
}

/** A statement or condition, and the conditions it stands under. */
interface Part {
  readonly node: Statement;
  readonly conditions: readonly Part[];
  readonly variables: VariableUse;
}

/** Cuts the template. */
export function planSegments(template: SegmentedTemplate): readonly Segment[] {
  const root = template.trees.get(template.name);
  return root === undefined ? [] : new Planner(template, root).segments;
}

class Planner {
  readonly segments: readonly Segment[];
  readonly #template: SegmentedTemplate;
  /** All parts, in the order of the source. */
  readonly #parts: Part[] = [];
  /** By variable, the parts that declare or assign it; undefined where more than one declares the name. */
  readonly #setters = new Map<string, Part[] | undefined>();

  constructor(template: SegmentedTemplate, root: ListNode) {
    this.#template = template;
    const make = this.#list(root, []);
    for (const part of this.#parts) this.#addSetter(part);
    this.segments = make();
  }

  /** Collects the parts of a list; the result makes its segments, once all parts are known. */
  #list({ nodes }: ListNode, conditions: readonly Part[]): () => Segment[] {
    const made = nodes.map((node) =>
      isBranch(node) ? this.#branch(node, conditions) : this.#statement(node, conditions),
    );
    return () => made.map((make) => make());
  }

  #statement(node: Statement, conditions: readonly Part[]): () => Segment {
    const part = this.#part(node, conditions);
    const { declares, assigns } = part.variables;
    return () => ({ kind: 'statement', node, slots: this.#slotsOf(part), sets: [...declares, ...assigns] });
  }

  #branch(node: BranchNode, outer: readonly Part[]): () => Segment {
    const condition = this.#part(conditionOnly(node.pipe), outer);
    const conditions = [...outer, condition];
    const makeList = this.#list(node.list, conditions);
    const makeElse = node.elseList === undefined ? (): Segment[] => [] : this.#list(node.elseList, conditions);
    return () => {
      const [list, elseList] = [makeList(), makeElse()];
      const all = [this.#slotsOf(condition), ...[...list, ...elseList].map(({ slots }) => slots)];
      return { kind: 'branch', node, slots: unionOf(all), list, elseList };
    };
  }

  #part(node: Statement, conditions: readonly Part[]): Part {
    const part = { node, conditions, variables: variablesOf(node) };
    this.#parts.push(part);
    return part;
  }

  #addSetter(part: Part): void {
    const { assigns, declares } = part.variables;
    for (const name of declares) this.#setters.set(name, this.#setters.has(name) ? undefined : [part]);
    for (const name of assigns) this.#setters.get(name)?.push(part);
  }

  #slotsOf(part: Part): SegmentSlots {
    const { declares, assigns } = part.variables;
    for (const name of [...declares, ...assigns]) {
      const shape = this.#template.variables.get(name);
      if (shape === undefined || !isLasting(shape) || this.#setters.get(name) === undefined) return undefined;
    }
    const slice = this.#slice(part);
    if (slice === undefined) return undefined;
    const { trees, name, functions, dataType, slots } = this.#template;
    const nodes = this.#parts.filter((one) => slice.has(one)).map(({ node }) => node);
    const root = Place.root(dataType);
    analyse(new Map([...trees, [name, { kind: 'list', pos: 0, nodes }]]), name, functions, root);
    return slots.of(root);
  }

  /** The part and all that may decide about the variables that it uses; undefined where that cannot be told. */
  #slice(part: Part): ReadonlySet<Part> | undefined {
    const slice = new Set([part]);
    // What is added here is visited, too.
    for (const one of slice) {
      for (const name of one.variables.uses) {
        const setters = this.#setters.get(name);
        if (setters === undefined) return undefined;
        for (const setter of setters) for (const needed of [setter, ...setter.conditions]) slice.add(needed);
      }
    }
    return slice;
  }
}

/**
 * Whether a value may be kept for data that is equal as far as templates can tell: it holds nothing of the pod but scalars, which were
 * compared.
 */
function isLasting({ places, parts }: Shape): boolean {
  return [...places].every(isLastingPlace) && [...parts.values()].every(isLasting);
}

const scalars: ReadonlySet<GoType | undefined> = new Set([STRING, BOOL, INT32, INT64]);

function isLastingPlace(place: Place): boolean {
  const [part] = place.path;
  return (typeof part === 'string' && isSharedPart(part)) || (place.isWhole && scalars.has(place.type));
}

/** The slots that any of several segments depends on. */
export function unionOf(all: readonly SegmentSlots[]): SegmentSlots {
  const known = all.filter((slots) => slots !== undefined);
  return known.length < all.length ? undefined : new Set(known.flatMap((slots) => [...slots]));
}

/** An `if` whose condition declares nothing. */
function isBranch(node: Statement): node is BranchNode {
  return node.kind === 'if' && variablesOf(node.pipe).declares.size === 0 && variablesOf(node.pipe).assigns.size === 0;
}

const conditionOnly = (pipe: PipeNode): BranchNode => ({
  kind: 'if',
  pos: pipe.pos,
  pipe,
  list: { kind: 'list', pos: pipe.pos, nodes: [] },
  elseList: undefined,
});
