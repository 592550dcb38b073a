import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustedMutualInfoScore,
  adjustedRandScore,
  calinskiHarabaszScore,
  completenessScore,
  daviesBouldinScore,
  fowlkesMallowsScore,
  homogeneityCompletenessVMeasure,
  homogeneityScore,
  mutualInfoScore,
  normalizedMutualInfoScore,
  pairConfusion,
  pairwiseDistances,
  randScore,
  silhouetteSamples,
  silhouetteScore,
  vMeasureScore,
} from '../src/index.ts';
import { read } from './read.ts';

describe('clustering, worked by hand', () => {
  it('two classes of two, in clusters of three and one', () => {
    const [classes, clusters] = [
      ['a', 'a', 'b', 'b'],
      [0, 0, 0, 1],
    ];
    // Of the 12 ordered pairs, the two of a are together in both.
    expect(pairConfusion(classes, clusters)).toEqual({ together: 2, split: 2, merged: 4, apart: 4 });
    expect(randScore(classes, clusters)).toBe(0.5);
    expectClose(adjustedRandScore(classes, clusters), 0, { atol: 1e-15 });
    expectClose(fowlkesMallowsScore(classes, clusters), Math.sqrt((1 / 3) * (1 / 2)));
    // H(classes) = log 2; given the clusters, 3/4 of the rows have classes of 2/3 and 1/3.
    const rest = -(3 / 4) * ((2 / 3) * Math.log(2 / 3) + (1 / 3) * Math.log(1 / 3));
    expectClose(mutualInfoScore(classes, clusters), Math.LN2 - rest);
    expectClose(homogeneityScore(classes, clusters), 1 - rest / Math.LN2);
  });

  it('silhouettes of four points on a line', () => {
    const x = [[0], [1], [4], [6]];
    // Rows 0 and 1 are 1 apart, and 5 and 4 from the others on the average.
    expectClose(silhouetteSamples(x, [0, 0, 1, 1]), [4 / 5, 3 / 4, 1.5 / 3.5, 3.5 / 5.5]);
    expectClose(calinskiHarabaszScore(x, [0, 0, 1, 1]), (4 * 2.25 ** 2) / ((0.5 + 2) / 2));
    expectClose(daviesBouldinScore(x, [0, 0, 1, 1]), 1.5 / 4.5);
  });
});

interface PairCase {
  name: string;
  labelsTrue: number[];
  labelsPred: number[];
  pairs: [[number, number], [number, number]];
  rand: number;
  adjustedRand: number;
  fowlkesMallows: number;
  mutual: number;
  normalized: number[];
  adjusted: number[];
  homogeneity: number;
  completeness: number;
  v: number;
  vTwo: number;
}

interface RowCase {
  name: string;
  x: number[][];
  labels: number[];
  samples: number[];
  score: number;
  manhattan: number[];
  chebyshev: number[];
  calinskiHarabasz: number;
  daviesBouldin: number;
}

const MEANS = ['arithmetic', 'geometric', 'min', 'max'] as const;

describe('clustering, as scikit-learn', () => {
  const { pairs, rows } = read<{ pairs: PairCase[]; rows: RowCase[] }>('clustering');

  for (const c of pairs) {
    it(c.name, () => {
      const { labelsTrue: a, labelsPred: b } = c;
      const { together, split, merged, apart } = pairConfusion(a, b);
      expect([
        [apart, merged],
        [split, together],
      ]).toEqual(c.pairs);
      const close = { atol: 1e-12 };
      expectClose(randScore(a, b), c.rand);
      expectClose(adjustedRandScore(a, b), c.adjustedRand, close);
      expectClose(fowlkesMallowsScore(a, b), c.fowlkesMallows);
      expectClose(mutualInfoScore(a, b), c.mutual, close);
      expectClose(
        MEANS.map((averageMethod) => normalizedMutualInfoScore(a, b, { averageMethod })),
        c.normalized,
        close,
      );
      expectClose(
        MEANS.map((averageMethod) => adjustedMutualInfoScore(a, b, { averageMethod })),
        c.adjusted,
        close,
      );
      expectClose(homogeneityScore(a, b), c.homogeneity, close);
      expectClose(completenessScore(a, b), c.completeness, close);
      expectClose(vMeasureScore(a, b), c.v, close);
      expectClose(vMeasureScore(a, b, { beta: 2 }), c.vTwo, close);
      expectClose(homogeneityCompletenessVMeasure(a, b, { beta: 2 }), {
        homogeneity: homogeneityScore(a, b),
        completeness: completenessScore(a, b),
        vMeasure: vMeasureScore(a, b, { beta: 2 }),
      });
    });
  }

  for (const c of rows) {
    it(c.name, () => {
      const close = { atol: 1e-12 };
      expectClose(silhouetteSamples(c.x, c.labels), c.samples, close);
      expectClose(silhouetteScore(c.x, c.labels), c.score, close);
      expectClose(silhouetteSamples(c.x, c.labels, { metric: 'manhattan' }), c.manhattan, close);
      expectClose(silhouetteSamples(c.x, c.labels, { metric: 'chebyshev' }), c.chebyshev, close);
      const distances = pairwiseDistances(c.x);
      expectClose(silhouetteSamples(distances, c.labels, { metric: 'precomputed' }), c.samples, close);
      expectClose(calinskiHarabaszScore(c.x, c.labels), c.calinskiHarabasz);
      expectClose(daviesBouldinScore(c.x, c.labels), c.daviesBouldin);
    });
  }
});

describe('clustering, laws', () => {
  const partitions = fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { minLength: 1, maxLength: 30 });

  it('names do not matter, both sides may be changed, and equal partitions score 1', () => {
    fc.assert(
      fc.property(partitions, (list) => {
        const [a, b] = [list.map((pair) => pair[0]), list.map((pair) => pair[1])];
        const named = a.map((code) => `cluster ${9 - code}`);
        const scores = [
          randScore,
          adjustedRandScore,
          fowlkesMallowsScore,
          mutualInfoScore,
          normalizedMutualInfoScore,
          adjustedMutualInfoScore,
          vMeasureScore,
        ];
        for (const score of scores) {
          expectClose(score(named, b), score(a, b), { atol: 1e-9, name: score.name });
          expectClose(score(b, a), score(a, b), { atol: 1e-9, name: score.name });
          if (score === mutualInfoScore || (score === fowlkesMallowsScore && new Set(a).size === a.length)) continue;
          expectClose(score(a, named), 1, { atol: 1e-9, name: score.name });
        }
        expectClose(homogeneityScore(a, b), completenessScore(b, a), { atol: 1e-12 });
        expectClose(vMeasureScore(a, b), normalizedMutualInfoScore(a, b), { atol: 1e-9 });
      }),
    );
  });

  it('random partitions score 0 on the average, if adjusted', () => {
    const random = new Random(3);
    let [rand, information] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const draw = () => Array.from({ length: 60 }, () => random.integer(5));
      const [a, b] = [draw(), draw()];
      rand += adjustedRandScore(a, b) / 200;
      information += adjustedMutualInfoScore(a, b) / 200;
    }
    expect(Math.abs(rand)).toBeLessThan(0.01);
    expect(Math.abs(information)).toBeLessThan(0.01);
  });

  it('many rows: blocks of distances add up to the silhouettes from all distances at once', () => {
    const random = new Random(4);
    const n = 1500;
    const labels = Array.from({ length: n }, () => random.integer(4));
    const x = labels.map((label) => [label + random.normal(), random.normal(), label * random.uniform()]);
    const given = silhouetteSamples(pairwiseDistances(x), labels, { metric: 'precomputed' });
    expectClose(silhouetteSamples(x, labels), given, { atol: 1e-12 });
    for (const s of given) expect(Math.abs(s)).toBeLessThanOrEqual(1);
  });
});

describe('clustering, what has no answer', () => {
  const x = [[0], [1], [2]];

  it('numbers of clusters for which nothing can be compared', () => {
    const message = (owner: string, k: number) =>
      `${owner}: the number of clusters must be from 2 to the number of rows - 1, got ${k} of 3`;
    for (const score of [silhouetteScore, silhouetteSamples, calinskiHarabaszScore, daviesBouldinScore]) {
      expectError(() => score(x, [0, 0, 0]), DataError, message(score.name, 1));
      expectError(() => score(x, [0, 1, 2]), DataError, message(score.name, 3));
    }
  });

  it('says what is wrong', () => {
    expectError(() => silhouetteScore(x, [0, 1]), ShapeError, 'silhouetteScore: labels has length 2, but x has 3 rows');
    expectError(
      () => silhouetteScore(x, [0, 0, 1], { metric: 'precomputed' }),
      ShapeError,
      "silhouetteScore: distances must be [n, n] for metric 'precomputed', got [3, 1]",
    );
    const distances = [[0, 1, 2], [1, 0.5, 1], [2, 1, 0]]; // biome-ignore format: rows
    expectError(
      () => silhouetteScore(distances, [0, 0, 1], { metric: 'precomputed' }),
      DataError,
      'silhouetteScore: the distance of a row from itself must be 0, got 0.5 at [1, 1]',
    );
    expectError(
      () => silhouetteScore([[0, -1, 2], [1, 0, 1], [2, 1, 0]], [0, 0, 1], { metric: 'precomputed' }), // biome-ignore format: rows
      DataError,
      'silhouetteScore: a distance must be ≥ 0, got -1 at [0, 1]',
    );
    expectError(
      () => silhouetteScore([[1e200], [0], [1]], [0, 0, 1]),
      DataError,
      'silhouetteScore: at [0, 1] distances overflow; divide x by a constant first',
    );
    expectError(
      () => daviesBouldinScore([[1e200], [0], [1]], [0, 0, 1]),
      DataError,
      'daviesBouldinScore: squared distances in x overflow; divide x by a constant first',
    );
    expectError(
      () => randScore([0, 1], [0]),
      ShapeError,
      'randScore: labelsTrue has length 2, but labelsPred has length 1; they must be equally long',
    );
    expectError(() => mutualInfoScore([], []), DataError, 'mutualInfoScore: labelsTrue must not be empty');
    expectError(
      () => adjustedMutualInfoScore([0], [0], { averageMethod: 'mean' as 'min' }),
      OptionError,
      "adjustedMutualInfoScore: averageMethod must be 'arithmetic', 'geometric', 'min' or 'max', got 'mean'",
    );
    expectError(
      () => vMeasureScore([0], [0], { beta: -1 }),
      OptionError,
      'vMeasureScore: beta must be a number ≥ 0, got -1',
    );
  });
});
