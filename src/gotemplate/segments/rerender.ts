/**
 * Rendering a template again and again with data that is mostly the same, as that of pods is: what a segment wrote the last time is taken
 * again unless the data that it can read has changed. The text is always the one that the template itself gives.
 */
import { toValidUtf8 } from '../../go/utf8.ts';
import { builtinFunctions } from '../builtins/index.ts';
import { Scope } from '../compile/scope.ts';
import { compileSegments, type RunSegment, type Written } from '../compile/segments.ts';
import { compileBodies, NO_CONTEXT, type CompiledTemplate } from '../compile/template.ts';
import { Execution } from '../execute/state.ts';
import { Interrupted, type FunctionContext } from '../function.ts';
import { templateFunctions } from '../functions/index.ts';
import { injectionDataType, sidecarTemplateData, type SidecarTemplateData } from '../injection-data.ts';
import { MAX_OUTPUT_LENGTH } from '../limits.ts';
import type { ListNode } from '../parse/nodes.ts';
import { parse } from '../parse/parser.ts';
import { analyse, Place } from '../reads/index.ts';
import { planSegments } from './plan.ts';
import { Slots } from './slots.ts';

/** Longer sources, which no one writes by hand, would take long to cut. */
const MAX_SOURCE_LENGTH = 128 * 1024;

/** Renders one template, with a memory of the last time. */
export interface Rerenderer {
  /**
   * The same text, or error, as the template's own execution with this data.
   * @throws TemplateError with phase `exec`
   */
  render(data: SidecarTemplateData, context?: Partial<FunctionContext>): string;
}

/**
 * Makes a renderer with memory for an injection template with the functions of sprig and Istio. Undefined for templates whose output depends
 * on more than the data, and for those that change values in place.
 */
export function rerenderer(template: CompiledTemplate): Rerenderer | undefined {
  const { name, text } = template;
  if (text.length > MAX_SOURCE_LENGTH) return undefined;
  const trees = parse(name, text, (fn) => templateFunctions.has(fn) || builtinFunctions.has(fn));
  const root = Place.root(injectionDataType);
  const { usesContext, changesValues, variables } = analyse(trees, name, templateFunctions, root);
  const tree = trees.get(name);
  if (usesContext || changesValues || root.isWhole || tree === undefined) return undefined;
  const slots = new Slots(root);
  const [functions, dataType] = [templateFunctions, injectionDataType];
  const segments = planSegments({ trees, name, functions, dataType, slots, variables });
  const bodies = compileBodies(trees, templateFunctions);
  const run = compileSegments({ functions: templateFunctions, bodies, scope: new Scope() }, segments);
  return new SegmentedRenderer(template, tree, slots, run);
}

/** Workloads of which a rendering is kept, of 10 to 20 KB each. */
const MAX_WORKLOADS = 64;

/**
 * Renderings after which the kept one of a workload gives way to the newest. It need not be the newest, since pods mostly differ in the same slots
 * from any of the others, and objects that live for a request only are cheapest; but what all pods have by now, it should have, too.
 */
const RENEWED_AFTER = 16;

interface Rendering {
  readonly slots: readonly unknown[];
  readonly written: Written;
  uses: number;
}

class SegmentedRenderer implements Rerenderer {
  readonly #template: CompiledTemplate;
  readonly #tree: ListNode;
  readonly #slots: Slots;
  readonly #run: RunSegment;
  /** Renderings not long ago, by the workload that the data is for. */
  readonly #earlier = new Map<string, Rendering>();
  #latest: Rendering | undefined;

  constructor(template: CompiledTemplate, tree: ListNode, slots: Slots, run: RunSegment) {
    this.#template = template;
    this.#tree = tree;
    this.#slots = slots;
    this.#run = run;
  }

  render(data: SidecarTemplateData, context: Partial<FunctionContext> = {}): string {
    const value = sidecarTemplateData(data);
    const state = new Execution(this.#template, { ...NO_CONTEXT, ...context }, value, this.#tree);
    const slots = this.#slots.read(data);
    const { Name = '', Namespace = '' } = data.DeploymentMeta;
    const workload = `${Namespace}/${Name}`;
    const own = this.#earlier.get(workload);
    // Any rendering would do, since everything that is new is rendered; the workload's own is likely to be most alike.
    const earlier = own ?? this.#latest;
    const changed: number[] = [];
    if (earlier !== undefined)
      for (let i = 0; i < slots.length; i++) if (slots[i] !== earlier.slots[i]) changed.push(i);
    try {
      const written = this.#run(state, changed, earlier?.written);
      if (state.output.length <= MAX_OUTPUT_LENGTH) {
        if (own === undefined || ++own.uses === RENEWED_AFTER) this.#keep(workload, { slots, written, uses: 0 });
        state.report();
        return toValidUtf8(state.output);
      }
    } catch (error) {
      if (error instanceof Interrupted) throw error;
    }
    // What went wrong is for the template itself to say, since an error names the place that an execution came to.
    return this.#template.execute(value, context);
  }

  #keep(workload: string, rendering: Rendering): void {
    this.#latest = rendering;
    this.#earlier.delete(workload);
    this.#earlier.set(workload, rendering);
    for (const oldest of this.#earlier.keys()) {
      if (this.#earlier.size <= MAX_WORKLOADS) return;
      this.#earlier.delete(oldest);
    }
  }
}
