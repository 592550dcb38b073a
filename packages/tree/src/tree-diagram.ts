import { checkInteger, checkKnown } from '@maru-ml/base';
import {
  asksCategory,
  categoriesText,
  checkNames,
  checkTreeModel,
  classNamesOf,
  classOf,
  columnNames,
  countsOf,
  type NameOptions,
  type TreeModel,
} from './describe-nodes.ts';

export interface TreeDiagramOptions extends NameOptions {
  /** How deep it is drawn, or null for all of it; null. */
  maxDepth?: number | null;
}

/** A tree as boxes and arrows. */
export interface TreeDiagram {
  /**
   * In pre-order: the question, or what a leaf tells; its impurity, rows and counts of classes; and the most probable class.
   */
  readonly nodes: readonly { id: number; label: string; detail: string; kind?: string }[];
  /** From a node to its two sides. */
  readonly edges: readonly { from: number; to: number; label: string }[];
}

/**
 * Data for a drawing of a tree: plain nodes and edges, which `graph` of `@maru-ml/plot` draws as they are; nodes have the color
 * of their most probable class. O(nodes).
 *
 * @throws OptionError, or ShapeError for names that are not as many as columns or classes
 *
 * @example
 * ```ts
 * import { DecisionTreeClassifier, treeDiagram } from '@maru-ml/tree';
 *
 * const model = new DecisionTreeClassifier().fit([[20], [22], [31], [35]], ['cold', 'cold', 'hot', 'hot']);
 * const { nodes, edges } = treeDiagram(model, { featureNames: ['degrees'] });
 * console.log(nodes[0]!.label, edges.length); // degrees ≤ 26.5 2
 * ```
 */
export function treeDiagram(model: TreeModel, options: TreeDiagramOptions = {}): TreeDiagram {
  const owner = 'treeDiagram';
  checkTreeModel(owner, model);
  checkKnown(owner, options, ['featureNames', 'classNames', 'maxDepth']);
  const { maxDepth = null } = options;
  if (maxDepth !== null) checkInteger(owner, 'maxDepth', maxDepth, { min: 0 });
  const names = checkNames(owner, 'featureNames', options.featureNames, columnNames(model.nFeaturesIn, 'feature_'));
  const classes = classNamesOf(owner, model, options.classNames);
  const { tree } = model;
  const nodes: { id: number; label: string; detail: string; kind?: string }[] = [];
  const edges: { from: number; to: number; label: string }[] = [];
  const stack = [{ node: 0, depth: 0 }];
  while (stack.length > 0) {
    const { node, depth } = stack.pop()!;
    const asks = tree.feature[node]! >= 0 && (maxDepth === null || depth < maxDepth);
    const counts = countsOf(tree, node).map(short);
    const answer = classes === null ? counts[0]! : classes[classOf(tree, node)]!;
    const samples = tree.nNodeSamples[node]!;
    const detail = [
      `${model.criterion} ${short(tree.impurity[node]!)}`,
      `${samples} ${samples === 1 ? 'row' : 'rows'}`,
    ];
    if (classes !== null) detail.push(`[${counts.join(', ')}]`);
    else if (asks) detail.push(answer);
    const label = asks ? `${names[tree.feature[node]!]} ${questionOf(model, node)}` : answer;
    nodes.push({ id: node, label, detail: detail.join('\n'), ...(classes !== null && { kind: answer }) });
    if (!asks) continue;
    edges.push({ from: node, to: tree.left[node]!, label: 'yes' }, { from: node, to: tree.right[node]!, label: 'no' });
    stack.push({ node: tree.right[node]!, depth: depth + 1 }, { node: tree.left[node]!, depth: depth + 1 });
  }
  return { nodes, edges };
}

function questionOf({ tree }: TreeModel, node: number): string {
  if (asksCategory(tree, node)) return `in ${categoriesText(tree, node)}`;
  if (tree.threshold[node] === Number.POSITIVE_INFINITY) return 'is there';
  return `≤ ${short(tree.threshold[node]!)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
