import { checkBoolean, checkInteger, checkKnown } from '@maru-ml/base';
import {
  asksCategory,
  categoriesText,
  checkNames,
  checkTreeModel,
  classNamesOf,
  classOf,
  columnNames,
  countsOf,
  fixed,
  type NameOptions,
  type TreeModel,
} from './describe-nodes.ts';
import type { Tree } from './tree.ts';

export interface ExportTextOptions extends NameOptions {
  /** How deep it is told; 10. */
  maxDepth?: number;
  /** Spaces between bars; 3. */
  spacing?: number;
  /** Digits behind the point; 2. */
  decimals?: number;
  /** Whether leaves of classes tell the weight of each; false. */
  showWeights?: boolean;
}

/**
 * The questions of a tree as indented text, in the form of scikit-learn's `export_text`. O(nodes).
 *
 * @throws OptionError, or ShapeError for names that are not as many as columns or classes
 *
 * @example
 * ```ts
 * import { DecisionTreeClassifier, exportText } from '@maru-ml/tree';
 *
 * const model = new DecisionTreeClassifier().fit([[20], [22], [31], [35]], ['cold', 'cold', 'hot', 'hot']);
 * console.log(exportText(model, { featureNames: ['degrees'] }));
 * // |--- degrees <= 26.50
 * // |   |--- class: cold
 * // |--- degrees >  26.50
 * // |   |--- class: hot
 * ```
 */
export function exportText(model: TreeModel, options: ExportTextOptions = {}): string {
  const owner = 'exportText';
  checkTreeModel(owner, model);
  checkKnown(owner, options, ['featureNames', 'classNames', 'maxDepth', 'spacing', 'decimals', 'showWeights']);
  const { maxDepth = 10, spacing = 3, decimals = 2, showWeights = false } = options;
  checkInteger(owner, 'maxDepth', maxDepth, { min: 0 });
  checkInteger(owner, 'spacing', spacing, { min: 1 });
  checkInteger(owner, 'decimals', decimals, { min: 0, max: 20 });
  checkBoolean(owner, 'showWeights', showWeights);
  const names = checkNames(owner, 'featureNames', options.featureNames, columnNames(model.nFeaturesIn, 'feature_'));
  const classes = classNamesOf(owner, model, options.classNames);

  const { tree } = model;
  const below = depthsBelow(tree);
  const lines: string[] = [];
  const bar = `|${' '.repeat(spacing)}`;
  // What is to be written: nodes with their depth, and the second question of nodes whose left side is done.
  const stack: { node: number; depth: number; second: boolean }[] = [{ node: 0, depth: 1, second: false }];
  while (stack.length > 0) {
    const { node, depth, second } = stack.pop()!;
    const indent = `${bar.repeat(depth).slice(0, -spacing)}${'-'.repeat(spacing)}`;
    if (depth > maxDepth + 1 && below[node]! > 1) {
      lines.push(`${indent} truncated branch of depth ${below[node]}`);
    } else if (tree.feature[node]! < 0) {
      lines.push(`${indent} ${leafText(tree, node, classes, decimals, showWeights)}`);
    } else {
      const name = names[tree.feature[node]!]!;
      const question = asksCategory(tree, node)
        ? `${second ? 'not in' : 'in'} ${categoriesText(tree, node)}`
        : `${second ? '> ' : '<='} ${fixed(tree.threshold[node]!, decimals)}`;
      lines.push(`${indent} ${name} ${question}`);
      if (!second) stack.push({ node, depth, second: true });
      stack.push({ node: second ? tree.right[node]! : tree.left[node]!, depth: depth + 1, second: false });
    }
  }
  return lines.join('\n');
}

function leafText(
  tree: Tree,
  node: number,
  classes: readonly string[] | null,
  decimals: number,
  showWeights: boolean,
): string {
  const values = () =>
    `[${countsOf(tree, node)
      .map((value) => fixed(value, decimals))
      .join(', ')}]`;
  if (classes === null) return `value: ${values()}`;
  return `${showWeights ? `weights: ${values()} ` : ''}class: ${classes[classOf(tree, node)]}`;
}

/** How many nodes the longest way down from each node has, itself included. */
function depthsBelow({ feature, left, right }: Tree): Int32Array {
  const depths = new Int32Array(feature.length);
  for (let t = feature.length - 1; t >= 0; t--) {
    depths[t] = 1 + (feature[t]! < 0 ? 0 : Math.max(depths[left[t]!]!, depths[right[t]!]!));
  }
  return depths;
}
