import { inspect } from 'node:util';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  accuracyScore,
  balancedAccuracyScore,
  classificationReport,
  cohenKappaScore,
  confusionMatrix,
  f1Score,
  falseNegativeRate,
  falsePositiveRate,
  fbetaScore,
  hammingLoss,
  jaccardScore,
  matthewsCorrcoef,
  precisionRecallFscoreSupport,
  precisionScore,
  recallScore,
  trueNegativeRate,
  truePositiveRate,
  zeroOneLoss,
} from '../src/index.ts';
import { read, weighted } from './read.ts';

type Labels = string[] | number[];

describe('classification, worked by hand', () => {
  // 8 rows: 3 true positives, 2 false negatives, 1 false positive, 2 true negatives.
  const y = [1, 1, 1, 1, 1, 0, 0, 0];
  const p = [1, 1, 1, 0, 0, 1, 0, 0];

  it('C7 L1948, erratum: specificity is TN / (TN + FP), not TN / (TN + FN)', () => {
    expectClose(trueNegativeRate(y, p), 2 / 3);
    expectClose(trueNegativeRate(y, p), 1 - falsePositiveRate(y, p));
    const { tn, fn } = confusionMatrix(y, p).rates(1);
    const printed = tn / (tn + fn);
    expectClose(printed, 2 / 4);
  });

  it('C7: rates, precision and F of the same rows', () => {
    expectClose(truePositiveRate(y, p), 3 / 5);
    expectClose(falseNegativeRate(y, p), 2 / 5);
    expectClose(falsePositiveRate(y, p), 1 / 3);
    expectClose(precisionScore(y, p), 3 / 4);
    expectClose(recallScore(y, p), 3 / 5);
    expectClose(f1Score(y, p), (2 * 0.75 * 0.6) / 1.35);
    expectClose(fbetaScore(y, p, { beta: 2 }), (5 * 0.75 * 0.6) / (4 * 0.75 + 0.6));
    expect(fbetaScore(y, p, { beta: Number.POSITIVE_INFINITY })).toBe(recallScore(y, p));
    expect(fbetaScore(y, p, { beta: 0 })).toBe(precisionScore(y, p));
    expectClose(jaccardScore(y, p), 3 / 6);
    expect(confusionMatrix(y, p).rates(1)).toEqual({ tp: 3, fp: 1, fn: 2, tn: 2 });
    expect(confusionMatrix(y, p).at(1, 0)).toBe(2);
  });

  it('C7 L1903-1913: with 990 healthy and 10 ill, naming all healthy has accuracy .99 and finds nobody', () => {
    const truth = Array.from({ length: 1000 }, (_, i) => (i < 10 ? 'tumor' : 'healthy'));
    const always = truth.map(() => 'healthy');
    expectClose(accuracyScore(truth, always), 0.99);
    expect(truePositiveRate(truth, always, { posLabel: 'tumor' })).toBe(0);
    expect(f1Score(truth, always, { posLabel: 'tumor' })).toBe(0);
    expect(balancedAccuracyScore(truth, always)).toBe(0.5);
    expect(balancedAccuracyScore(truth, always, { adjusted: true })).toBe(0);
    expect(matthewsCorrcoef(truth, always)).toBe(0);
    expectClose(cohenKappaScore(truth, always), 0, { atol: 1e-12 });
  });

  it('A17: the confusion matrix of irises, printed with its labels', () => {
    const truth = ['setosa', 'versicolor', 'virginica'].flatMap((name) => new Array<string>(50).fill(name));
    const predicted = [...truth];
    predicted[60] = predicted[61] = 'virginica';
    predicted[120] = 'versicolor';
    const matrix = confusionMatrix(truth, predicted);
    expect(matrix.toArray()).toEqual([
      [50, 0, 0],
      [0, 48, 2],
      [0, 1, 49],
    ]);
    expect(String(matrix)).toBe(
      [
        'ConfusionMatrix: true labels down, predicted across',
        '            setosa  versicolor  virginica',
        '    setosa      50           0          0',
        'versicolor       0          48          2',
        ' virginica       0           1         49',
      ].join('\n'),
    );
    expect(inspect(matrix)).toBe(String(matrix));
    expect(JSON.parse(JSON.stringify(matrix))).toEqual({ labels: matrix.labels, matrix: matrix.toArray() });
    expectClose(accuracyScore(truth, predicted), 0.98);
  });
});

interface Scores {
  zeroDivision: 0 | 1;
  labels: Labels | null;
  precision: Record<string, number | number[]>;
  recall: Record<string, number | number[]>;
  f1: Record<string, number | number[]>;
  f2: Record<string, number | number[]>;
  jaccard: Record<string, number | number[]>;
}

interface Case {
  name: string;
  yTrue: string[];
  yPred: string[];
  weights: number[] | null;
  labels: string[];
  some: string[];
  accuracy: number;
  rightWeight: number;
  zeroOne: number;
  wrongWeight: number;
  hamming: number;
  balanced: number;
  adjusted: number;
  matthews: number;
  kappa: number[];
  kappaSome: number | null;
  matrix: number[][];
  matrixSome: number[][];
  shares: Record<'true' | 'pred' | 'all', number[][]>;
  scores: Scores[];
  report: string;
  reportSome: string;
  binary?: Record<string, number>;
}

describe('classification, as scikit-learn', () => {
  const { cases, reports } = read<{
    cases: Case[];
    reports: {
      yTrue: string[];
      yPred: string[];
      options: { digits?: number; labels?: string[]; sample_weight?: number[] };
      text: string;
    }[];
  }>('classification');

  for (const c of cases) {
    it(c.name, () => {
      const options = weighted(c.weights);
      const { yTrue: y, yPred: p } = c;
      expectClose(accuracyScore(y, p, options), c.accuracy);
      expectClose(accuracyScore(y, p, { normalize: false, ...options }), c.rightWeight);
      expectClose(zeroOneLoss(y, p, options), c.zeroOne);
      expectClose(zeroOneLoss(y, p, { normalize: false, ...options }), c.wrongWeight);
      expectClose(hammingLoss(y, p, options), c.hamming);
      expectClose(balancedAccuracyScore(y, p, options), c.balanced);
      expectClose(balancedAccuracyScore(y, p, { adjusted: true, ...options }), c.adjusted, { atol: 1e-15 });
      expectClose(matthewsCorrcoef(y, p, options), c.matthews);
      const kappas = ([null, 'linear', 'quadratic'] as const).map((weights) =>
        cohenKappaScore(y, p, { weights, ...options }),
      );
      expectClose(kappas, c.kappa, { atol: 1e-15 });
      const kappaSome = () => cohenKappaScore(y, p, { labels: c.some, ...options });
      // Where scikit-learn gives NaN there is an error.
      if (c.kappaSome === null) {
        const alone = 'cohenKappaScore: chance alone gives full agreement, as both lists hold the same single label';
        expectError(kappaSome, DataError, alone);
      } else expectClose(kappaSome(), c.kappaSome, { atol: 1e-15 });
      const matrix = confusionMatrix(y, p, options);
      expect(matrix.labels).toEqual(c.labels);
      expectClose(matrix.toArray(), c.matrix);
      expectClose(confusionMatrix(y, p, { labels: c.some, ...options }).toArray(), c.matrixSome);
      for (const [normalize, expected] of Object.entries(c.shares)) {
        expectClose(confusionMatrix(y, p, { normalize: normalize as 'all', ...options }).toArray(), expected);
      }
      expect(String(classificationReport(y, p, options))).toBe(c.report);
      const some = classificationReport(y, p, {
        labels: c.some,
        targetNames: c.some.map((label) => `class ${label} of several`),
        digits: 4,
        zeroDivision: 1,
        ...options,
      });
      expect(String(some)).toBe(c.reportSome);
    });

    it(`${c.name}: averages of precision, recall and F`, () => {
      for (const s of c.scores) {
        const options = {
          zeroDivision: s.zeroDivision,
          ...(s.labels === null ? {} : { labels: s.labels as string[] }),
          ...weighted(c.weights),
        };
        for (const average of ['micro', 'macro', 'weighted', null] as const) {
          const name = `zeroDivision ${s.zeroDivision}, labels ${s.labels}, average ${average}`;
          const at = String(average === null ? 'None' : average);
          const all = { average: average as 'macro', ...options };
          expectClose(precisionScore(c.yTrue, c.yPred, all), s.precision[at], { name });
          expectClose(recallScore(c.yTrue, c.yPred, all), s.recall[at], { name });
          expectClose(f1Score(c.yTrue, c.yPred, all), s.f1[at], { name });
          expectClose(fbetaScore(c.yTrue, c.yPred, { beta: 2, ...all }), s.f2[at], { name });
          expectClose(jaccardScore(c.yTrue, c.yPred, all), s.jaccard[at], { name });
          const { precision, recall, fscore } = precisionRecallFscoreSupport(c.yTrue, c.yPred, { beta: 2, ...all });
          expectClose([precision, recall, fscore], [s.precision[at], s.recall[at], s.f2[at]], { name });
        }
      }
    });

    if (c.binary === undefined) continue;
    const expected = c.binary;
    it(`${c.name}: the positive class`, () => {
      const options = weighted(c.weights);
      const [y, p] = [c.yTrue as unknown as number[], c.yPred as unknown as number[]];
      expectClose(precisionScore(y, p, options), expected.precision);
      expectClose(recallScore(y, p, options), expected.recall);
      expectClose(f1Score(y, p, options), expected.f1);
      expectClose(fbetaScore(y, p, { beta: 0.5, ...options }), expected.fHalf);
      expectClose(jaccardScore(y, p, options), expected.jaccard);
      expectClose(f1Score(y, p, { posLabel: 0, ...options }), expected.f1OfZero);
      expectClose(trueNegativeRate(y, p, options), expected.specificity);
      expectClose(truePositiveRate(y, p, options), expected.recall);
      expectClose(falsePositiveRate(y, p, options), expected.falseAlarms);
      expectClose(falseNegativeRate(y, p, options), expected.missed);
      const truth = y.map((label) => label === 1);
      const found = p.map((label) => label === 1);
      expect(f1Score(truth, found, options)).toBe(f1Score(y, p, options));
    });
  }

  for (const [i, { yTrue, yPred, options, text }] of reports.entries()) {
    it(`prints report ${i} character for character`, () => {
      const { sample_weight: sampleWeight, ...rest } = options;
      const report = classificationReport(yTrue, yPred, {
        ...rest,
        ...(sampleWeight === undefined ? {} : { sampleWeight }),
      });
      expect(String(report)).toBe(text);
    });
  }
});

describe('the report as a value', () => {
  it('holds what it prints', () => {
    const [truth, predicted]: string[][] = [
      ['a', 'b', 'b', 'b'],
      ['a', 'a', 'b', 'b'],
    ];
    const report = classificationReport(truth!, predicted!);
    expectTypeOf(report.labels).toEqualTypeOf<readonly string[]>();
    expect(report.of('b')).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8, support: 3 });
    expect(report.classes[0]).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3, support: 1 });
    expect(report.accuracy).toBe(0.75);
    expect(report.microAvg.f1).toBe(0.75);
    expectClose(report.macroAvg, { precision: 0.75, recall: 5 / 6, f1: (2 / 3 + 0.8) / 2, support: 4 });
    expectClose(report.weightedAvg.precision, 0.875);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ labels: ['a', 'b'], accuracy: 0.75 });
    expect(inspect(report)).toBe(String(report));
    expectError(() => report.of('c'), OptionError, "ClassificationReport: 'c' is not among the labels ['a', 'b']");
    expect(classificationReport(['a', 'b'], ['a', 'b'], { labels: ['a'] }).accuracy).toBeUndefined();
  });
});

describe('classification, laws', () => {
  const rows = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 40 });

  it('integer weights equal repetition, names of labels do not matter, and averages agree with the accuracy', () => {
    fc.assert(
      fc.property(rows, (list) => {
        fc.pre(list.some((row) => row[2] > 0));
        const repeated = list.flatMap((row) => Array.from({ length: row[2] }, () => row));
        const kept = list.filter((row) => row[2] > 0);
        const [y, p, sampleWeight] = [0, 1, 2].map((i) => kept.map((row) => row[i]!)) as [number[], number[], number[]];
        const [ys, ps] = [repeated.map((row) => row[0]), repeated.map((row) => row[1])];
        const scores = [
          accuracyScore,
          balancedAccuracyScore,
          matthewsCorrcoef,
          (a: number[], b: number[], options: object) => f1Score(a, b, { average: 'macro', ...options }),
          (a: number[], b: number[], options: object) => recallScore(a, b, { average: 'weighted', ...options }),
        ];
        for (const score of scores) {
          const expected = score(ys, ps, {});
          expectClose(score(y, p, { sampleWeight }), expected, { atol: 1e-12 });
          const named = (codes: number[]) => codes.map((code) => 'dcba'[code]!) as unknown as number[];
          expectClose(score(named(ys), named(ps), {}), expected, { atol: 1e-12 });
        }
        expectClose(f1Score(ys, ps, { average: 'micro' }), accuracyScore(ys, ps));
        expectClose(recallScore(ys, ps, { average: 'weighted' }), accuracyScore(ys, ps));
        const matrix = confusionMatrix(ys, ps);
        const diagonal = matrix.labels.reduce((sum, label) => sum + matrix.at(label, label), 0);
        expectClose(diagonal / ys.length, accuracyScore(ys, ps));
      }),
    );
  });

  it('a perfect prediction scores 1 everywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }), (y) => {
        expect(accuracyScore(y, y)).toBe(1);
        expect(balancedAccuracyScore(y, y)).toBe(1);
        expect(f1Score(y, y, { average: 'macro' })).toBe(1);
        expectClose(matthewsCorrcoef(y, y), new Set(y).size > 1 ? 1 : 0);
        if (new Set(y).size > 1) expect(cohenKappaScore(y, y)).toBe(1);
      }),
    );
  });
});

describe('classification, edges', () => {
  it('types: a number, or an array of one for each class', () => {
    expectTypeOf(precisionScore(['a'], ['a'], { average: 'macro' })).toEqualTypeOf<number>();
    expectTypeOf(precisionScore(['a'], ['a'], { average: null })).toEqualTypeOf<Float64Array>();
    expectTypeOf(precisionRecallFscoreSupport(['a'], ['a']).support).toEqualTypeOf<Float64Array>();
    expectTypeOf(precisionRecallFscoreSupport(['a'], ['a'], { average: 'macro' }).recall).toEqualTypeOf<number>();
    expectTypeOf(confusionMatrix(['a'] as string[], ['a']).labels).toEqualTypeOf<readonly string[]>();
  });

  it('one class, right or absent', () => {
    expect(accuracyScore(['a'], ['a'])).toBe(1);
    expect(f1Score([0, 0], [0, 0])).toBe(0);
    expect(f1Score([0, 0], [0, 0], { zeroDivision: 1 })).toBe(1);
    expect(precisionScore([0, 0], [0, 0], { zeroDivision: 1 })).toBe(1);
    expect(f1Score([1, 1], [1, 1])).toBe(1);
    expect(balancedAccuracyScore(['a', 'a'], ['a', 'b'])).toBe(0.5);
    expectError(
      () => balancedAccuracyScore(['a'], ['b'], { adjusted: true }),
      DataError,
      'balancedAccuracyScore: yTrue has only one class, so there is no chance level to adjust for',
    );
    expectError(
      () => cohenKappaScore(['a', 'a'], ['a', 'a']),
      DataError,
      'cohenKappaScore: chance alone gives full agreement, as both lists hold the same single label',
    );
    expectError(
      () => truePositiveRate([0, 0], [0, 1]),
      DataError,
      'truePositiveRate: yTrue has no positive rows, so the rate is not defined',
    );
    expectError(
      () => trueNegativeRate([1, 1], [0, 1]),
      DataError,
      'trueNegativeRate: yTrue has no negative rows, so the rate is not defined',
    );
  });

  it('says what is wrong with the labels', () => {
    const score = (yTrue: unknown, yPred: unknown, options?: unknown) => () =>
      accuracyScore(yTrue as string[], yPred as string[], options as object);
    expectError(score('abc', ['a']), OptionError, "accuracyScore: yTrue must be an array of labels, got 'abc'");
    expectError(score([], []), DataError, 'accuracyScore: yTrue must not be empty');
    expectError(
      score(['a', 'b'], ['a']),
      ShapeError,
      'accuracyScore: yTrue has length 2, but yPred has length 1; they must be equally long',
    );
    expectError(
      score([1, Number.NaN], [1, 1]),
      DataError,
      'accuracyScore: yTrue[1] must be a string, an integer or a boolean, got NaN',
    );
    expectError(
      score([1, 2], [1, 0.5]),
      DataError,
      'accuracyScore: yPred[1] must be a string, an integer or a boolean, got 0.5',
    );
    expectError(
      score([1, 2], ['1', '2']),
      DataError,
      "accuracyScore: labels must be of one type, but yTrue[0] is 1 and yPred[0] is '1'",
    );
    expectError(
      score([1, 'a'], [1, 1]),
      DataError,
      "accuracyScore: labels must be of one type, but yTrue[0] is 1 and yTrue[1] is 'a'",
    );
    expectError(
      score(['a'], ['a'], { normalise: true }),
      OptionError,
      'accuracyScore: there is no option normalise, only sampleWeight and normalize',
    );
    expectError(
      score(['a'], ['a'], { normalize: 1 }),
      OptionError,
      'accuracyScore: normalize must be true or false, got 1',
    );
  });

  it('says which of two raters is wrong', () => {
    expectError(
      () => cohenKappaScore([1, 2], [1, 0.5]),
      DataError,
      'cohenKappaScore: y2[1] must be a string, an integer or a boolean, got 0.5',
    );
    expectError(
      () => cohenKappaScore([1, 2], [1]),
      ShapeError,
      'cohenKappaScore: y1 has length 2, but y2 has length 1; they must be equally long',
    );
  });

  it('says what is wrong with averages and positive labels', () => {
    expectError(
      () => f1Score(['a', 'b', 'c'], ['a', 'b', 'c']),
      OptionError,
      "f1Score: average 'binary' is for two labels, but there are 3; use 'macro', 'micro', 'weighted' or null",
    );
    expectError(
      () => f1Score(['a', 'b'], ['a', 'b']),
      OptionError,
      "f1Score: the labels are ['a', 'b']; say with posLabel which of them is positive",
    );
    expectError(
      () => f1Score([2, 3], [2, 3]),
      OptionError,
      'f1Score: the labels are [2, 3]; say with posLabel which of them is positive',
    );
    expectError(
      () => f1Score(['a', 'b'], ['a', 'b'], { posLabel: 'c' }),
      OptionError,
      "f1Score: posLabel must be one of the labels ['a', 'b'], got 'c'",
    );
    expectError(
      () => f1Score(['a', 'b'], ['a', 'b'], { average: 'mean' as 'macro' }),
      OptionError,
      "f1Score: average must be 'binary', 'micro', 'macro' or 'weighted', got 'mean'",
    );
    expectError(
      () => fbetaScore([0, 1], [0, 1], { beta: -1 }),
      OptionError,
      'fbetaScore: beta must be a number ≥ 0, got -1',
    );
    expectError(
      () => f1Score([0, 1], [0, 1], { zeroDivision: 2 as 1 }),
      OptionError,
      'f1Score: zeroDivision must be 0 or 1, got 2',
    );
    expectError(
      () => confusionMatrix(['a', 'b'], ['a', 'b'], { labels: ['c'] }),
      DataError,
      'confusionMatrix: none of the labels occurs in yTrue',
    );
    expectError(
      () => confusionMatrix(['a'], ['a'], { labels: ['a', 'a'] }),
      OptionError,
      "confusionMatrix: labels must differ, but 'a' comes twice",
    );
    expectError(
      () => confusionMatrix(['a'], ['a'], { labels: [] }),
      OptionError,
      'confusionMatrix: labels must be an array of at least one label, got []',
    );
    expectError(
      () => confusionMatrix(['a'], ['a'], { labels: [1] as unknown as string[] }),
      OptionError,
      "confusionMatrix: labels must be of the type of those in yTrue, but labels[0] is 1 and yTrue[0] is 'a'",
    );
    expectError(
      () => confusionMatrix(['a'] as string[], ['a']).at('a', 'b'),
      OptionError,
      "ConfusionMatrix: 'b' is not among the labels ['a']",
    );
    expectError(
      () => classificationReport(['a', 'b'], ['a', 'b'], { targetNames: ['one'] }),
      OptionError,
      "classificationReport: targetNames must be 2 strings, one for each of the labels ['a', 'b'], got ['one']",
    );
    expectError(
      () => cohenKappaScore(['a', 'b'], ['a', 'b'], { weights: 'cubic' as 'linear' }),
      OptionError,
      "cohenKappaScore: weights must be 'linear' or 'quadratic', got 'cubic'",
    );
  });
});
