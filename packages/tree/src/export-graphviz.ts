import { checkInteger, checkKnown } from '@maru-ml/base';
import {
  asksCategory,
  categoriesText,
  checkNames,
  checkTreeModel,
  classOf,
  columnNames,
  countsOf,
  fixed,
  type NameOptions,
  type TreeModel,
} from './describe-nodes.ts';
import type { Tree } from './tree.ts';

export interface ExportGraphvizOptions extends NameOptions {
  /** How deep it is drawn, or null for all of it; null. */
  maxDepth?: number | null;
  /** Digits behind the point; 3. */
  precision?: number;
}

/**
 * A tree in the DOT language, in the form of scikit-learn's `export_graphviz`, for Graphviz's `dot -Tsvg`. Classes are named
 * where `classNames` are given. O(nodes).
 *
 * @throws OptionError, or ShapeError for names that are not as many as columns or classes
 *
 * @example
 * ```ts
 * import { DecisionTreeRegressor, exportGraphviz } from '@maru-ml/tree';
 *
 * const model = new DecisionTreeRegressor().fit([[1], [2]], [5, 7]);
 * console.log(exportGraphviz(model));
 * // digraph Tree {
 * // node [shape=box, fontname="helvetica"] ;
 * // edge [fontname="helvetica"] ;
 * // 0 [label="x[0] <= 1.5\nsquaredError = 1.0\nsamples = 2\nvalue = 6.0"] ;
 * // 1 [label="squaredError = 0.0\nsamples = 1\nvalue = 5.0"] ;
 * // 0 -> 1 [labeldistance=2.5, labelangle=45, headlabel="True"] ;
 * // 2 [label="squaredError = 0.0\nsamples = 1\nvalue = 7.0"] ;
 * // 0 -> 2 [labeldistance=2.5, labelangle=-45, headlabel="False"] ;
 * // }
 * ```
 */
export function exportGraphviz(model: TreeModel, options: ExportGraphvizOptions = {}): string {
  const owner = 'exportGraphviz';
  checkTreeModel(owner, model);
  checkKnown(owner, options, ['featureNames', 'classNames', 'maxDepth', 'precision']);
  const { maxDepth = null, precision = 3 } = options;
  if (maxDepth !== null) checkInteger(owner, 'maxDepth', maxDepth, { min: 0 });
  checkInteger(owner, 'precision', precision, { min: 0, max: 20 });
  const names = checkNames(owner, 'featureNames', options.featureNames, columnNames(model.nFeaturesIn, 'x[', ']'));
  const classes =
    options.classNames && checkNames(owner, 'classNames', options.classNames, (model.classes ?? []).map(String));

  const { tree } = model;
  const lines = ['digraph Tree {', 'node [shape=box, fontname="helvetica"] ;', 'edge [fontname="helvetica"] ;'];
  const stack = [{ node: 0, parent: -1, depth: 0 }];
  while (stack.length > 0) {
    const { node, parent, depth } = stack.pop()!;
    const deeper = maxDepth !== null && depth > maxDepth;
    const label = deeper ? '(...)' : labelOf(model, tree, node, names, classes, precision);
    lines.push(`${node} [label="${label}"] ;`);
    if (parent >= 0) lines.push(`${parent} -> ${node}${parent === 0 ? headOf(node) : ''} ;`);
    if (deeper || tree.feature[node]! < 0) continue;
    stack.push({ node: tree.right[node]!, parent: node, depth: depth + 1 });
    stack.push({ node: tree.left[node]!, parent: node, depth: depth + 1 });
  }
  return [...lines, '}'].join('\n');
}

function labelOf(
  { criterion, classes: labels }: TreeModel,
  tree: Tree,
  node: number,
  names: readonly string[],
  classes: readonly string[] | undefined,
  precision: number,
): string {
  const lines: string[] = [];
  if (tree.feature[node]! >= 0) {
    const name = names[tree.feature[node]!]!;
    const question = asksCategory(tree, node)
      ? `in ${categoriesText(tree, node)}`
      : `<= ${rounded(tree.threshold[node]!, precision)}`;
    lines.push(`${name} ${question}`);
  }
  lines.push(`${criterion} = ${rounded(tree.impurity[node]!, precision)}`);
  lines.push(`samples = ${tree.nNodeSamples[node]}`);
  const counts = countsOf(tree, node);
  const whole = labels !== undefined && counts.every(Number.isInteger);
  const values = counts.map((value) => (whole ? String(value) : withPoint(around(value, precision)))).join(', ');
  lines.push(`value = ${labels === undefined ? values : `[${values}]`}`);
  if (classes !== undefined) lines.push(`class = ${classes[classOf(tree, node)]}`);
  return lines.map(escaped).join('\\n');
}

/** The two edges of the root say which side is which; the left child is node 1. */
function headOf(node: number): string {
  const side = node === 1 ? 'labelangle=45, headlabel="True"' : 'labelangle=-45, headlabel="False"';
  return ` [labeldistance=2.5, ${side}]`;
}

/** With at most so many decimals, but at least one. */
function rounded(value: number, precision: number): string {
  return Number.isFinite(value) ? withPoint(Number(fixed(value, precision))) : 'inf';
}

/** As NumPy rounds, by which scikit-learn writes values: halves of what the product with a power of ten is. */
function around(value: number, precision: number): number {
  const scale = 10 ** precision;
  const product = value * scale;
  const down = Math.floor(product);
  const rest = product - down;
  return (rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down) / scale;
}

function withPoint(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
