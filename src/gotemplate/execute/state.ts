/** One execution of a template: what is current, what was written, and how its errors are worded. */
import { byteLength, toValidUtf8 } from '../../go/utf8.ts';
import { TemplateError } from '../error.ts';
import type { FunctionContext } from '../function.ts';
import { MAX_OUTPUT_LENGTH, MAX_STEPS, STEPS_PER_REPORT } from '../limits.ts';
import { show, type Node } from '../parse/nodes.ts';
import type { GoValue } from '../values.ts';

/** The source that node positions refer to. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
}

/** Variables of one template invocation; the compiler has given each declaration a slot. */
export interface Frame {
  readonly values: GoValue[];
  /** Whether the variable holds an element of a list or map of `interface {}`, which only error texts show. */
  readonly boxed: boolean[];
}

export class Execution {
  readonly source: TemplateSource;
  readonly context: FunctionContext;
  /** Name of the template whose body is being executed. */
  templateName: string;
  dot: GoValue;
  /** As Frame.boxed, for the dot. */
  dotBoxed = false;
  frame: Frame;
  /** The node that an error is reported at: the last one that execution came to. */
  node: Node;
  /** Nesting of active templates, each counted with the depth of its body. */
  depth = 0;
  output = '';
  #steps = 0;
  #reported = 0;
  #nextLook = STEPS_PER_REPORT;

  constructor(source: TemplateSource, context: FunctionContext, dot: GoValue, root: Node) {
    this.source = source;
    this.context = context;
    this.templateName = source.name;
    this.dot = dot;
    this.node = root;
    this.frame = { values: [dot], boxed: [false] };
  }

  /** The one place where output is made: `node` is the text or action that wrote it (for source maps). */
  write(text: string, _node: Node): void {
    this.output += text;
    if (this.output.length > MAX_OUTPUT_LENGTH) this.fail(`output is longer than ${MAX_OUTPUT_LENGTH} characters`);
  }

  /** Work counted so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Counts work, so that no template runs for ever. */
  step(count = 1): void {
    if ((this.#steps += count) > this.#nextLook) this.#look();
  }

  #look(): void {
    if (this.#steps > MAX_STEPS) this.fail(`execution takes more than ${MAX_STEPS} steps`);
    this.report();
    this.#nextLook = Math.min(this.#steps + STEPS_PER_REPORT, MAX_STEPS);
  }

  /** Tells the context of the work that it does not know of yet. */
  report(): void {
    this.context.spend?.(this.#steps - this.#reported);
    this.#reported = this.#steps;
  }

  /** Ends the execution with an error at the current node. */
  fail(message: string): never {
    const { name, text } = this.source;
    const { pos } = this.node;
    const lineStart = text.lastIndexOf('\n', pos - 1) + 1;
    const column = byteLength(text.slice(pos === 0 ? 0 : lineStart, pos));
    let line = 1;
    for (let i = 0; i < pos; i++) if (text.charCodeAt(i) === 10) line++;
    const where = `template: ${name}:${line}:${column}: executing "${this.templateName}" at <${show(this.node)}>`;
    throw new TemplateError('exec', toValidUtf8(`${where}: ${message}`), { line, column });
  }
}
