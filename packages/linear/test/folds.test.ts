import { KFold } from '@maru-ml/model-selection';
import { describe, expect, it } from 'vitest';
import { foldsOf } from '../src/folds.ts';

describe('the folds of models that validate themselves', () => {
  it.each([
    [2, 2],
    [5, 3],
    [13, 5],
    [100, 7],
    [12, 12],
  ])('%d rows in %d folds are those of KFold', (n, k) => {
    const plain = (folds: Iterable<{ train: ArrayLike<number>; test: ArrayLike<number> }>) =>
      Array.from(folds, ({ train, test }) => [Array.from(train), Array.from(test)]);
    expect(plain(foldsOf('LassoCV', k, n))).toEqual(plain(new KFold({ nSplits: k }).split(n)));
  });
});
