import { OptionError } from '@maru-ml/base';
import { expect, it } from 'vitest';
import { crossValidate, crossValScore } from '../src/index.ts';
import { NearestCentroid } from './estimators.ts';

const x = [[1], [2], [3], [4]];
const y = ['a', 'a', 'b', 'b'];

it('a fitted model in the place of an estimator is told', async () => {
  const model = new NearestCentroid().fit(x, y);
  const run = crossValidate(model as never, x as never, y as never);
  await expect(run).rejects.toThrow(OptionError);
  await expect(run).rejects.toThrow(
    /^crossValidate: the first argument must be an estimator, got .+; models are fitted anew for each fold$/,
  );
});

it('a number of folds in quotes is no list of splits', async () => {
  await expect(crossValScore(new NearestCentroid(), x, y, { cv: '2' as never })).rejects.toThrow(
    "crossValScore: cv must be a number of folds, a splitter or splits, got '2'",
  );
});
