import { OptionError } from '@maru-ml/base';
import type { GradNode } from '../graph.ts';
import type { Shape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';

/** An operation of a graph, or a leaf at its end. */
export interface GraphNode {
  /** The place in `nodes`. */
  readonly id: number;
  /** The operation, such as 'matmul'; 'AccumulateGrad' for a leaf. */
  readonly name: string;
  /** The shape of what it returned. */
  readonly shape: Shape;
  /** The name of the leaf, such as 'fc1.weight' (empty if it has none); null for operations. */
  readonly variable: string | null;
}

/** From a node to one whose output it took: the way that gradients go. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
}

/** The graph that a tensor was computed by, as plain data: `nodes[0]` is the last operation, and each comes before those it took from. */
export interface Graph {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

/**
 * The graph behind a tensor as nodes and edges, for pictures and tables. An operation that takes the same tensor twice has
 * two edges to it.
 *
 * @throws OptionError if the tensor does not require a gradient
 */
export function graphOf(t: Tensor): Graph {
  checkTensor('graphOf', 't', t);
  if (t.gradFn === null) {
    throw new OptionError('graphOf: the tensor was not computed from anything that requires a gradient');
  }
  const order = inOrder(t.gradFn);
  const ids = new Map(order.map((node, id) => [node, id]));
  const nodes = order.map(({ name, shape, variable }, id) => ({ id, name, shape, variable: variable?.name ?? null }));
  const edges = order.flatMap((node, from) =>
    node.next.flatMap((next) => (next === null ? [] : [{ from, to: ids.get(next)! }])),
  );
  return { nodes, edges };
}

/** All nodes, the latest first, then the leaves in the order in which they are met. */
function inOrder(root: GradNode): GradNode[] {
  const nodes = new Set([root]);
  for (const node of nodes) for (const next of node.next) if (next !== null) nodes.add(next);
  return [...nodes].sort((a, b) => b.id - a.id);
}
