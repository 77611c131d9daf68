/** Which variables a statement has to do with that are not its own. */
import type { ListNode, Operand, PipeNode, Statement } from '../parse/nodes.ts';

/** Names keep their `$`; `$` alone, which never changes, is left out. */
export interface VariableUse {
  /** Read or assigned, and declared elsewhere. */
  readonly uses: ReadonlySet<string>;
  /** Assigned, and declared elsewhere. */
  readonly assigns: ReadonlySet<string>;
  /** Declared, and visible to the statements behind it. */
  readonly declares: ReadonlySet<string>;
}

/** The variables of a statement, or of the condition of one. */
export function variablesOf(node: Statement | PipeNode): VariableUse {
  const walk = new Walk();
  const own = new Set<string>();
  if (node.kind === 'pipe') walk.pipe(node, own);
  else walk.statement(node, own);
  return { uses: walk.uses, assigns: walk.assigns, declares: own };
}

class Walk {
  readonly uses = new Set<string>();
  readonly assigns = new Set<string>();

  /** `bound`: what is declared so far in the surroundings; what the statement declares is added. */
  statement(node: Statement, bound: Set<string>): void {
    switch (node.kind) {
      case 'action':
        return this.pipe(node.pipe, bound);
      case 'template':
        if (node.pipe !== undefined) this.pipe(node.pipe, bound);
        return;
      case 'if':
      case 'with':
      case 'range': {
        const inner = new Set(bound);
        this.pipe(node.pipe, inner);
        this.#list(node.list, new Set(inner));
        this.#list(node.elseList, new Set(inner));
      }
    }
  }

  pipe({ commands, decl, isAssign }: PipeNode, bound: Set<string>): void {
    for (const { args } of commands) for (const arg of args) this.#operand(arg, bound);
    for (const { name } of decl) {
      if (!isAssign) bound.add(name);
      else if (!bound.has(name)) {
        this.uses.add(name);
        this.assigns.add(name);
      }
    }
  }

  #list(list: ListNode | undefined, bound: Set<string>): void {
    for (const node of list?.nodes ?? []) this.statement(node, bound);
  }

  #operand(node: Operand, bound: Set<string>): void {
    if (node.kind === 'pipe') this.pipe(node, bound);
    else if (node.kind === 'chain') this.#operand(node.node, bound);
    else if (node.kind === 'variable' && node.name !== '$' && !bound.has(node.name)) this.uses.add(node.name);
  }
}
