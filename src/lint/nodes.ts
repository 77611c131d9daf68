/** Walks through syntax trees. */
import type { Node } from '../gotemplate/parse/nodes.ts';

/** All nodes of a tree in the order of the source, parents first. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesIn(child);
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'list':
      return node.nodes;
    case 'action':
      return [node.pipe];
    case 'if':
    case 'with':
    case 'range':
      return [node.pipe, node.list, ...(node.elseList === undefined ? [] : [node.elseList])];
    case 'template':
      return node.pipe === undefined ? [] : [node.pipe];
    case 'pipe':
      return [...node.decl, ...node.commands];
    case 'command':
      return node.args;
    case 'chain':
      return [node.node];
    default:
      return [];
  }
}
