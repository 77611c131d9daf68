/** The syntax tree of a template, and how error messages show its nodes (Go's `parse.Node.String`). */
import { quote } from '../../go/quote.ts';

interface At {
  /** Start in the source, in UTF-16 units. */
  readonly pos: number;
}

export interface TextNode extends At {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends At {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface BranchNode extends At {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface JumpNode extends At {
  readonly kind: 'break' | 'continue';
}

export interface TemplateNode extends At {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type Statement = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

export interface ListNode extends At {
  readonly kind: 'list';
  readonly nodes: Statement[];
}

export interface PipeNode extends At {
  readonly kind: 'pipe';
  /** `=` instead of `:=`. */
  isAssign: boolean;
  readonly decl: VariableNode[];
  readonly commands: CommandNode[];
}

export interface CommandNode extends At {
  readonly kind: 'command';
  readonly args: Operand[];
}

/** `$name` and fields behind it; the name keeps its `$`. */
export interface VariableNode extends At {
  readonly kind: 'variable';
  readonly name: string;
  readonly fields: readonly string[];
}

export interface FieldNode extends At {
  readonly kind: 'field';
  readonly fields: readonly string[];
}

/** Fields of something that is neither a field nor a variable: `(index .x 0).Name`. */
export interface ChainNode extends At {
  readonly kind: 'chain';
  readonly node: Operand;
  readonly fields: readonly string[];
}

export interface IdentifierNode extends At {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface SimpleNode extends At {
  readonly kind: 'dot' | 'nil';
}

export interface BoolNode extends At {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface StringNode extends At {
  readonly kind: 'string';
  readonly quoted: string;
  readonly value: string;
}

/** A number constant and every form in which it can be used; a form that does not hold it is absent. */
export interface NumberNode extends At {
  readonly kind: 'number';
  readonly text: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly re: number; readonly im: number };
}

export type Operand =
  PipeNode | VariableNode | FieldNode | ChainNode | IdentifierNode | SimpleNode | BoolNode | StringNode | NumberNode;

export type Node = Statement | ListNode | CommandNode | Operand;

/** The source of a node in canonical form: `{{if .x}}a{{else}}b{{end}}`. */
export function show(node: Node): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(show).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${show(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range':
      return showBranch(node);
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${show(node.pipe)}`}}}`;
    case 'pipe':
      return showDeclarations(node) + node.commands.map(show).join(' | ');
    case 'command':
      return node.args.map(showOperand).join(' ');
    case 'chain':
      return [showOperand(node.node), ...node.fields].join('.');
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'field':
      return node.fields.map((field) => `.${field}`).join('');
    case 'identifier':
      return node.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'string':
      return node.quoted;
    case 'number':
      return node.text;
  }
}

function showOperand(node: Operand): string {
  return node.kind === 'pipe' ? `(${show(node)})` : show(node);
}

function showDeclarations({ decl, isAssign }: PipeNode): string {
  return decl.length === 0 ? '' : `${decl.map(show).join(', ')} ${isAssign ? '=' : ':='} `;
}

function showBranch({ kind, pipe, list, elseList }: BranchNode): string {
  const otherwise = elseList === undefined ? '' : `{{else}}${show(elseList)}`;
  return `{{${kind} ${show(pipe)}}}${show(list)}${otherwise}{{end}}`;
}
