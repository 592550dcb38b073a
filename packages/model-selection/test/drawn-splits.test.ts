/** What scikit-learn's splitters that draw have in common with ours: how much goes into each part. */
import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import {
  GroupShuffleSplit,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  selectRows,
  trainValidationTestSplit,
} from '../src/index.ts';

const fixture = JSON.parse(readFileSync(new URL('fixtures/drawn-splits.json', import.meta.url), 'utf8'));
const rows = Array.from({ length: 100 }, (_, i) => [i]);

describe('drawn splits beside scikit-learn', () => {
  it('RepeatedKFold: rows of each fold', () => {
    const folds = [...new RepeatedKFold({ nSplits: 3, nRepeats: 2, seed: 1 }).split(11)];
    expectClose(
      folds.map(({ test }) => test.length),
      fixture.repeated,
    );
  });

  it('RepeatedStratifiedKFold: rows of each class in each fold', () => {
    const folds = [...new RepeatedStratifiedKFold({ nSplits: 3, nRepeats: 2, seed: 1 }).split(21, fixture.y)];
    const counts = folds.map(({ test }) =>
      [0, 1, 2].map((label) => Array.from(test).filter((i) => fixture.y[i] === label).length),
    );
    expectClose(counts, fixture.stratified);
  });

  it('GroupShuffleSplit: groups of each part', () => {
    const { groups } = fixture;
    const splitter = new GroupShuffleSplit({ nSplits: 4, testSize: 0.25, seed: 1 });
    const counts = [...splitter.split(groups.length, undefined, groups)].map(({ train, test }) =>
      [train, test].map((part) => new Set(Array.from(part, (i) => groups[i])).size),
    );
    expectClose(counts, fixture.grouped);
  });

  it('trainValidationTestSplit: rows of each part', () => {
    const { xTrain, xValidation, xTest } = trainValidationTestSplit(rows, undefined, { ratio: [5, 3, 2], seed: 1 });
    expectClose(
      [xTrain, xValidation, xTest].map((part) => part.length),
      fixture.three,
    );
  });

  it('selectRows: the rows at these places', () => {
    expectClose(selectRows(rows, fixture.chosen), fixture.rows);
  });
});
