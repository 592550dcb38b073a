import { type Steps, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import type { Criterion } from './criterion.ts';
import { prepareSteps } from './data.ts';
import { growSteps } from './grower.ts';
import { growOptionsOf, type TreeSettings, totalWeight } from './options.ts';
import type { Tree } from './tree.ts';

/** Grows the tree of an estimator's options from input that is checked already. It is not pruned. */
export function* fitTree(
  owner: string,
  settings: TreeSettings,
  matrix: Matrix,
  weights: Float64Array | null,
  criterionOf: () => Criterion,
): Steps<Tree> {
  const { rows, columns } = matrix;
  const options = growOptionsOf(owner, settings, rows, columns, totalWeight(owner, weights, rows));
  yield;
  const data = yield* prepareSteps(matrix, settings.categoricalFeatures);
  // Where nothing is drawn, the default stream stays as it is.
  const draws = options.splitter === 'random' || options.maxFeatures < columns;
  const random = streamFrom(draws ? settings.seed : 0);
  return yield* growSteps(data, criterionOf(), options, weights, random);
}
