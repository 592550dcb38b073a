import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as metrics from '../src/index.ts';
import {
  d2AbsoluteErrorScore,
  d2PinballScore,
  d2TweedieScore,
  explainedVarianceScore,
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanGammaDeviance,
  meanPinballLoss,
  meanPoissonDeviance,
  meanSquaredError,
  meanSquaredLogError,
  meanTweedieDeviance,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
} from '../src/index.ts';
import { read, weighted } from './read.ts';

describe('regression, worked by hand', () => {
  it('B L361-363, worked example 4: squares punish two large errors more than four small ones, absolute values do not', () => {
    const y = new Array<number>(10).fill(5);
    const twoOffByTwo = y.map((value, i) => (i < 2 ? value + 2 : value));
    const fourOffByOne = y.map((value, i) => (i < 4 ? value - 1 : value));
    expectClose(meanSquaredError(y, twoOffByTwo), 0.8);
    expectClose(meanSquaredError(y, fourOffByOne), 0.4);
    expectClose(meanAbsoluteError(y, twoOffByTwo), 0.4);
    expectClose(meanAbsoluteError(y, fourOffByOne), 0.4);
  });

  it('worked example 5: 8 predicted as 5.5 costs 6.25', () => {
    expect(meanSquaredError([8], [5.5])).toBe(6.25);
    expect(rootMeanSquaredError([8], [5.5])).toBe(2.5);
  });

  it('C7 L1882: both forms of R² are equal for least squares with an intercept, and only there', () => {
    // The line of least squares through (1, 1), (2, 3), (3, 2), (4, 6): slope 1.4, intercept -0.5.
    const y = [1, 3, 2, 6];
    const line = [1, 2, 3, 4].map((x) => 1.4 * x - 0.5);
    expectClose(r2Score(y, line), 0.7);
    expectClose(r2Score(y, line, { form: 'regression' }), 0.7);
    const other = line.map((value) => value + 1);
    expectClose(r2Score(y, other), 0.7 - 4 / 14);
    expectClose(r2Score(y, other, { form: 'regression' }), 0.7 + 4 / 14);
  });

  it('medians, largest errors and quantiles of five numbers', () => {
    const [y, p] = [
      [1, 2, 3, 4, 10],
      [1, 1, 5, 4, 4],
    ];
    expect(medianAbsoluteError(y, p)).toBe(1);
    expect(medianAbsoluteError(y, p, { sampleWeight: [1, 1, 1, 1, 5] })).toBe(6);
    expect(maxError(y, p)).toBe(6);
    // Too low by 1 and 6, too high by 2.
    expectClose(meanPinballLoss(y, p, { alpha: 0.9 }), (0.9 * 7 + 0.1 * 2) / 5);
  });
});

interface Case {
  name: string;
  yTrue: number[];
  yPred: number[];
  weights: number[] | null;
  maxError: number;
  scores: Record<string, number>;
  pinball: { alpha: number; meanPinballLoss: number; d2PinballScore: number }[];
  tweedie: { power: number; meanTweedieDeviance: number; d2TweedieScore: number }[];
}

type Score = (yTrue: number[], yPred: number[], options: object) => number;

describe('regression, as scikit-learn', () => {
  const { cases, zeros, constant } = read<{
    cases: Case[];
    zeros: {
      yTrue: number[];
      yPred: number[];
      poisson: number;
      tweedie: { power: number; value: number }[];
      percentage: number;
      log: number;
    };
    constant: ({ yTrue: number[]; yPred: number[] } & Record<string, number>)[];
  }>('regression');

  for (const c of cases) {
    const which = c.weights === null ? 'no weights' : c.weights.includes(0) ? 'weights, some 0' : 'weights';
    it(`${c.name} rows, ${which}`, () => {
      const options = weighted(c.weights);
      for (const [name, expected] of Object.entries(c.scores)) {
        const score = (metrics as unknown as Record<string, Score>)[name]!;
        expectClose(score(c.yTrue, c.yPred, options), expected, { name });
      }
      expectClose(maxError(c.yTrue, c.yPred), c.maxError);
      for (const { alpha, ...expected } of c.pinball) {
        const name = `alpha ${alpha}`;
        expectClose(meanPinballLoss(c.yTrue, c.yPred, { alpha, ...options }), expected.meanPinballLoss, { name });
        expectClose(d2PinballScore(c.yTrue, c.yPred, { alpha, ...options }), expected.d2PinballScore, { name });
      }
      for (const { power, ...expected } of c.tweedie) {
        const name = `power ${power}`;
        const deviance = meanTweedieDeviance(c.yTrue, c.yPred, { power, ...options });
        expectClose(deviance, expected.meanTweedieDeviance, { name });
        expectClose(d2TweedieScore(c.yTrue, c.yPred, { power, ...options }), expected.d2TweedieScore, { name });
      }
    });
  }

  it('counts with zeros', () => {
    expectClose(meanPoissonDeviance(zeros.yTrue, zeros.yPred), zeros.poisson);
    for (const { power, value } of zeros.tweedie) {
      expectClose(meanTweedieDeviance(zeros.yTrue, zeros.yPred, { power }), value, { name: `power ${power}` });
    }
    expectClose(meanAbsolutePercentageError(zeros.yTrue, zeros.yPred), zeros.percentage);
    expectClose(meanSquaredLogError(zeros.yTrue, zeros.yPred), zeros.log);
  });

  it('constant targets and constant predictions', () => {
    for (const { yTrue, yPred, ...expected } of constant) {
      const scores = {
        r2Score: r2Score(yTrue, yPred),
        explainedVarianceScore: explainedVarianceScore(yTrue, yPred),
        d2AbsoluteErrorScore: d2AbsoluteErrorScore(yTrue, yPred),
      };
      expectClose(scores, expected);
    }
  });
});

describe('regression, laws', () => {
  const lists = fc
    .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), fc.nat(4)), {
      minLength: 2,
      maxLength: 30,
    })
    .filter((rows) => rows.some(([, , weight]) => weight > 0));

  it('integer weights equal repetition', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const repeated = rows.flatMap((row) => new Array<(typeof row)[]>(row[2]).fill([row]).flat());
        fc.pre(repeated.length > 1);
        const [y, p, sampleWeight] = [0, 1, 2].map((i) => rows.map((row) => row[i]!)) as [number[], number[], number[]];
        const [ys, ps] = [repeated.map((row) => row[0]), repeated.map((row) => row[1])];
        const scores = [meanSquaredError, meanAbsoluteError, r2Score, explainedVarianceScore, meanPinballLoss];
        for (const score of scores) expectClose(score(y, p, { sampleWeight }), score(ys, ps), { atol: 1e-9 });
      }),
    );
  });

  it('R² is at most 1, explained variance is at least R² and ignores an offset', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const [y, p] = [rows.map((row) => row[0]), rows.map((row) => row[1])];
        fc.pre(new Set(y).size > 1);
        expect(r2Score(y, p)).toBeLessThanOrEqual(1);
        const explained = explainedVarianceScore(y, p);
        expect(explained).toBeGreaterThanOrEqual(r2Score(y, p) - 1e-12);
        const moved = p.map((value) => value + 7);
        expectClose(explainedVarianceScore(y, moved), explained, { atol: 1e-9 });
        expectClose(meanPinballLoss(y, p), meanAbsoluteError(y, p) / 2, { atol: 1e-12 });
        expectClose(d2TweedieScore(y, p), r2Score(y, p), { atol: 1e-9 });
      }),
    );
  });
});

describe('regression, what has no answer', () => {
  it('says what is wrong with the numbers', () => {
    const score = (yTrue: unknown, yPred: unknown, options?: unknown) => () =>
      meanSquaredError(yTrue as number[], yPred as number[], options as object);
    expectError(score('ab', [1]), OptionError, "meanSquaredError: yTrue must be an array of numbers, got 'ab'");
    expectError(
      score([1], undefined),
      OptionError,
      'meanSquaredError: yPred must be an array of numbers, got undefined',
    );
    expectError(score([], []), DataError, 'meanSquaredError: yTrue must not be empty');
    expectError(
      score([1, 2], [1]),
      ShapeError,
      'meanSquaredError: yTrue has length 2, but yPred has length 1; they must be equally long',
    );
    expectError(
      score([1, Number.NaN], [1, 2]),
      DataError,
      'meanSquaredError: yTrue[1] must be a finite number, got NaN',
    );
    expectError(
      score([1, 2], Float64Array.of(1, Number.POSITIVE_INFINITY)),
      DataError,
      'meanSquaredError: yPred[1] must be a finite number, got Infinity',
    );
    expectError(score([1], ['1']), DataError, "meanSquaredError: yPred[0] must be a finite number, got '1'");
    expectError(
      score([1, 2], [1, 2], { sampleWeight: [1] }),
      ShapeError,
      'meanSquaredError: yTrue has length 2, but sampleWeight has length 1; they must be equally long',
    );
    expectError(
      score([1, 2], [1, 2], { sampleWeight: [1, -1] }),
      DataError,
      'meanSquaredError: sampleWeight[1] must be a finite number ≥ 0, got -1',
    );
    expectError(
      score([1, 2], [1, 2], { sampleWeight: [0, 0] }),
      DataError,
      'meanSquaredError: sampleWeight must not be all 0',
    );
    expectError(
      score([1], [1], { sampleWeights: [1] }),
      OptionError,
      'meanSquaredError: there is no option sampleWeights, only sampleWeight',
    );
  });

  it('refuses scores that are not defined', () => {
    expectError(
      () => r2Score([1], [1]),
      DataError,
      'r2Score: the score of a single row is not defined; give at least two',
    );
    expectError(
      () => d2AbsoluteErrorScore([1], [1]),
      DataError,
      'd2AbsoluteErrorScore: the score of a single row is not defined; give at least two',
    );
    expectError(
      () => d2TweedieScore([1], [1]),
      DataError,
      'd2TweedieScore: the score of a single row is not defined; give at least two',
    );
    expectError(
      () => d2TweedieScore([2, 2], [1, 2]),
      DataError,
      'd2TweedieScore: yTrue is constant, so there is no deviance to explain',
    );
    expectError(
      () => r2Score([2, 2], [1, 2], { form: 'regression' }),
      DataError,
      "r2Score: yTrue is constant, so SSR / SST is not defined; use form 'residual'",
    );
    expectError(
      () => r2Score([1, 2], [1, 2], { form: 'both' as 'residual' }),
      OptionError,
      "r2Score: form must be 'residual' or 'regression', got 'both'",
    );
    expectError(
      () => meanSquaredLogError([1, -1], [1, 2]),
      DataError,
      'meanSquaredLogError: yTrue[1] must be > -1, got -1',
    );
    expectError(
      () => meanPinballLoss([1], [1], { alpha: 1.5 }),
      OptionError,
      'meanPinballLoss: alpha must be a number ≥ 0 and ≤ 1, got 1.5',
    );
    expectError(
      () => meanPoissonDeviance([1, -1], [1, 1]),
      DataError,
      'meanPoissonDeviance: yTrue[1] must be ≥ 0 for the power 1, got -1',
    );
    expectError(
      () => meanGammaDeviance([1, 0], [1, 1]),
      DataError,
      'meanGammaDeviance: yTrue[1] must be > 0 for the power 2, got 0',
    );
    expectError(
      () => meanTweedieDeviance([1], [0], { power: -1 }),
      DataError,
      'meanTweedieDeviance: yPred[0] must be > 0 for the power -1, got 0',
    );
    expectError(
      () => meanTweedieDeviance([1], [1], { power: 0.5 }),
      OptionError,
      'meanTweedieDeviance: power must be ≤ 0 or ≥ 1, as no distribution has one between, got 0.5',
    );
  });

  it('refuses sums that overflow', () => {
    const [y, p] = [
      [1e200, -1e200],
      [0, 0],
    ];
    const message = (owner: string) => `${owner}: sums overflow; divide all numbers by a constant first`;
    for (const score of [meanSquaredError, rootMeanSquaredError, r2Score, explainedVarianceScore, d2TweedieScore]) {
      expectError(() => score(y, p), DataError, message(score.name));
    }
    expectError(() => maxError([1e308], [-1e308]), DataError, message('maxError'));
    expectError(() => meanGammaDeviance([1e308], [1e-300]), DataError, message('meanGammaDeviance'));
  });

  it('leaves its input untouched', () => {
    const y = Float64Array.of(3, 1, 2);
    const p = Float64Array.of(2, 3, 1);
    medianAbsoluteError(y, p);
    d2PinballScore(y, p);
    expect([[...y], [...p]]).toEqual([
      [3, 1, 2],
      [2, 3, 1],
    ]);
  });
});
