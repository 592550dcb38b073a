import { type Steps, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { categoryOrderOf } from './category-order.ts';
import type { Criterion } from './criterion.ts';
import { prepareSteps } from './data.ts';
import { growSteps } from './grower.ts';
import { growOptionsOf, totalWeight } from './options.ts';
import { splitterNamed } from './splitter-named.ts';
import type { Tree } from './tree.ts';
import { categoricalOf, type TreeSettings } from './tree-options.ts';

/** Grows the tree of an estimator's options from input that is checked already. It is not pruned. */
export function* fitTree(
  owner: string,
  settings: TreeSettings,
  matrix: Matrix,
  weights: Float64Array | null,
  criterionOf: () => Criterion,
): Steps<Tree> {
  const { rows, columns } = matrix;
  const weight = totalWeight(owner, weights, rows);
  const categorical = categoricalOf(owner, settings.categoricalFeatures, columns);
  const options = growOptionsOf(owner, settings, rows, columns, weight);
  yield;
  const data = yield* prepareSteps(matrix, categorical);
  // Where nothing is drawn, the default stream stays as it is.
  const draws = settings.splitter === 'random' || options.maxFeatures < columns;
  const random = streamFrom(draws ? settings.seed : 0);
  const criterion = criterionOf();
  const Splitter = splitterNamed(settings.splitter);
  return yield* growSteps(
    new Splitter(data, criterion, options, weights, random, categoryOrderOf(data, criterion)),
    criterion,
    options,
  );
}
