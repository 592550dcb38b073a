import { checkSampleWeight, type FitOptions, Random, randomFrom, type Steps } from '@maru-ml/base';
import { type Label, type MatrixLike, toLabels, toMatrix, toTargets } from '@maru-ml/tensor';
import { type ClassWeight, timesClassWeight } from './class-weight.ts';
import { prepareSteps } from './data.ts';
import { type ClassCriterion, growTreeSteps, type NumberCriterion, type TreeTarget } from './grower.ts';
import { growOptionsOf, type TreeSettings, totalWeight } from './options.ts';
import { checkNumbers } from './targets.ts';
import type { Tree } from './tree.ts';

/** What a fit found out: a tree that is not pruned yet. */
export interface GrownTree {
  tree: Tree;
  columns: number;
}

/** Checks all that a fit of classes is given and grows the tree. */
export function* growClasses<L extends Label>(
  owner: string,
  settings: TreeSettings & { criterion: ClassCriterion; classWeight: ClassWeight | null },
  x: MatrixLike,
  y: ArrayLike<L>,
  { sampleWeight }: FitOptions,
): Steps<GrownTree & { classes: readonly L[] }> {
  const matrix = toMatrix(owner, x, { allowMissing: true });
  const { classes, codes } = toLabels(owner, y, matrix.rows);
  const given = checkSampleWeight(owner, sampleWeight, matrix.rows);
  const weights = timesClassWeight(owner, given, settings.classWeight, classes, codes);
  const target: TreeTarget = { kind: 'classes', codes, k: classes.length, criterion: settings.criterion };
  const tree = yield* grow(owner, settings, matrix, target, weights);
  return { tree, columns: matrix.columns, classes };
}

/** Checks all that a fit of numbers is given and grows the tree. */
export function* growNumbers(
  owner: string,
  settings: TreeSettings & { criterion: NumberCriterion },
  x: MatrixLike,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): Steps<GrownTree> {
  const matrix = toMatrix(owner, x, { allowMissing: true });
  const targets = toTargets(owner, y, matrix.rows);
  const weights = checkSampleWeight(owner, sampleWeight, matrix.rows);
  checkNumbers(owner, settings.criterion, targets, weights);
  const target: TreeTarget = { kind: 'numbers', y: targets, criterion: settings.criterion };
  const tree = yield* grow(owner, settings, matrix, target, weights);
  return { tree, columns: matrix.columns };
}

function* grow(
  owner: string,
  settings: TreeSettings,
  matrix: ReturnType<typeof toMatrix>,
  target: TreeTarget,
  weights: Float64Array | null,
): Steps<Tree> {
  const { rows, columns } = matrix;
  const options = growOptionsOf(owner, settings, rows, columns, totalWeight(owner, weights, rows));
  yield;
  const data = yield* prepareSteps(matrix, settings.categoricalFeatures);
  // Where nothing is drawn, the default stream stays as it is.
  const draws = options.splitter === 'random' || options.maxFeatures < columns;
  const random = draws ? randomFrom(settings.seed) : new Random(0);
  return yield* growTreeSteps(data, target, options, weights, random);
}
