import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { tensor } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  auc,
  averagePrecisionScore,
  brierScoreLoss,
  detCurve,
  hingeLoss,
  logLoss,
  precisionRecallCurve,
  rocAucScore,
  rocCurve,
  topKAccuracyScore,
} from '../src/index.ts';
import { read, weighted } from './read.ts';

describe('curves, worked by hand', () => {
  // The rows from the best score down: + + - + -.
  const y = [1, 0, 1, 1, 0];
  const s = [0.9, 0.1, 0.8, 0.4, 0.6];

  it('C7 L1962: the area under the curve is the Riemann sum of its steps', () => {
    const { fpr, tpr, thresholds } = rocCurve(y, s, { dropIntermediate: false });
    expectClose(fpr, [0, 0, 0, 0.5, 0.5, 1]);
    expectClose(tpr, [0, 1 / 3, 2 / 3, 2 / 3, 1, 1]);
    expectClose(thresholds, [Number.POSITIVE_INFINITY, 0.9, 0.8, 0.6, 0.4, 0.1]);
    let riemann = 0;
    for (let i = 1; i < fpr.length; i++) riemann += (fpr[i]! - fpr[i - 1]!) * tpr[i]!;
    expectClose(riemann, 5 / 6);
    expectClose(auc(fpr, tpr), 5 / 6);
    // Of the 6 pairs of a positive and a negative row, 5 are in the right order.
    expectClose(rocAucScore(y, s), 5 / 6);
  });

  it('leaves out the point on the straight line from (0, 0) to (0, 2/3)', () => {
    const { fpr, tpr } = rocCurve(y, s);
    expectClose(fpr, [0, 0, 0, 0.5, 0.5, 1]);
    expectClose(rocCurve([1, 1, 1, 0], [4, 3, 2, 1]).tpr, [0, 1 / 3, 1, 1]);
    expectClose(auc(fpr, tpr), 5 / 6);
  });

  it('precision, recall and their average', () => {
    const { precision, recall, thresholds } = precisionRecallCurve(y, s);
    expectClose(thresholds, [0.1, 0.4, 0.6, 0.8, 0.9]);
    expectClose(precision, [3 / 5, 3 / 4, 2 / 3, 1, 1, 1]);
    expectClose(recall, [1, 1, 2 / 3, 2 / 3, 1 / 3, 0]);
    expectClose(averagePrecisionScore(y, s), (1 + 1 + 3 / 4) / 3);
  });

  it('example 6, 001 L1052-1060: for (0, 1), the prediction (0, 1) costs 0 and (1, 0) infinity', () => {
    const cost = (row: number[], eps?: number) =>
      logLoss([1], [row], { labels: [0, 1], ...(eps === undefined ? {} : { eps }) });
    expect(cost([0, 1], 0)).toBe(0);
    expect(cost([1, 0], 0)).toBe(Number.POSITIVE_INFINITY);
    // By default a certain error costs much, but not all.
    expectClose(cost([1, 0]), 52 * Math.LN2);
    // 001 L981-990: softmax(2, 1, .1), of which the first is right.
    const softmax = [0.659001138, 0.242432971, 0.0985658914];
    expectClose(logLoss([0], [softmax], { labels: [0, 1, 2] }), 0.4170300163, { rtol: 1e-8 });
  });

  it('E6 L542-556: the hinge loss of three classes', () => {
    expectClose(hingeLoss([0, 1, 2], [[3, 1, 0], [1, 1, 0], [2, 1, 2.5]]), (0 + 1 + 0.5) / 3); // biome-ignore format: rows
    expectClose(hingeLoss([0, 1], [-2, 0.25]), 0.375);
  });
});

interface Curve {
  name: string;
  yTrue: number[];
  yScore: number[];
  weights: number[] | null;
  roc: number[][];
  full: number[][];
  pr: number[][];
  det: number[][];
  auc: number;
  partial: [number, number][];
  ap: number;
  apOfZero: number;
}

interface TableCase {
  name: string;
  yTrue: string[];
  proba: number[][];
  decision: number[][];
  weights: number[] | null;
  ovr: Record<string, number | number[]>;
  ovo: Record<'macro' | 'weighted', number> | null;
  ap: Record<string, number | number[]>;
  logLoss: number;
  logSum: number;
  brier: number;
  hinge: number;
  topK: number[];
  topKCount: number;
}

describe('curves and probabilities, as scikit-learn', () => {
  const { curves, tables, two, missing } = read<{
    curves: Curve[];
    tables: TableCase[];
    two: {
      yTrue: number[];
      decision: number[];
      proba: number[];
      weights: number[];
      hinge: number[];
      brier: number[];
      logLoss: number[];
      topK: number[];
      certain: number;
    };
    missing: { yTrue: string[]; labels: string[]; proba: number[][]; logLoss: number; ovo: number };
  }>('ranking');

  for (const c of curves) {
    it(c.name, () => {
      const options = weighted(c.weights);
      const roc = rocCurve(c.yTrue, c.yScore, options);
      expect(roc.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
      expectClose([roc.fpr, roc.tpr, roc.thresholds.slice(1)], c.roc);
      const full = rocCurve(c.yTrue, c.yScore, { dropIntermediate: false, ...options });
      expectClose([full.fpr, full.tpr, full.thresholds.slice(1)], c.full);
      const pr = precisionRecallCurve(c.yTrue, c.yScore, options);
      expectClose([pr.precision, pr.recall, pr.thresholds], c.pr);
      const det = detCurve(c.yTrue, c.yScore, options);
      expectClose([det.fpr, det.fnr, det.thresholds], c.det, { atol: 1e-15 });
      expectClose(rocAucScore(c.yTrue, c.yScore, options), c.auc);
      expectClose(auc(full.fpr, full.tpr), c.auc);
      for (const [maxFpr, expected] of c.partial) {
        expectClose(rocAucScore(c.yTrue, c.yScore, { maxFpr, ...options }), expected, { name: `maxFpr ${maxFpr}` });
      }
      expectClose(averagePrecisionScore(c.yTrue, c.yScore, options), c.ap);
      const turned = c.yScore.map((score) => -score);
      expectClose(averagePrecisionScore(c.yTrue, turned, { posLabel: 0, ...options }), c.apOfZero);
    });
  }

  for (const c of tables) {
    it(c.name, () => {
      const options = weighted(c.weights);
      for (const average of ['macro', 'weighted', 'micro', null] as const) {
        const at = String(average ?? 'None');
        const all = { average: average as 'macro', ...options };
        expectClose(rocAucScore(c.yTrue, c.proba, all), c.ovr[at], { name: `ovr ${at}` });
        expectClose(averagePrecisionScore(c.yTrue, c.decision, all), c.ap[at], { name: `precision ${at}` });
      }
      for (const [average, expected] of Object.entries(c.ovo ?? {})) {
        const score = rocAucScore(c.yTrue, c.proba, { multiClass: 'ovo', average: average as 'macro' });
        expectClose(score, expected, { name: `ovo ${average}` });
      }
      expectClose(logLoss(c.yTrue, c.proba, options), c.logLoss);
      expectClose(logLoss(c.yTrue, tensor(c.proba, { dtype: 'float64' }), options), c.logLoss);
      expectClose(logLoss(c.yTrue, c.proba, { normalize: false, ...options }), c.logSum);
      expectClose(brierScoreLoss(c.yTrue, c.proba, options), c.brier);
      expectClose(hingeLoss(c.yTrue, c.decision, options), c.hinge);
      for (const [i, expected] of c.topK.entries()) {
        expectClose(topKAccuracyScore(c.yTrue, c.decision, { k: i + 1, ...options }), expected, {
          name: `top ${i + 1}`,
        });
      }
      expectClose(topKAccuracyScore(c.yTrue, c.decision, { normalize: false, ...options }), c.topKCount);
    });
  }

  it('two classes', () => {
    const { yTrue: y, decision, proba, weights } = two;
    const options = { sampleWeight: weights };
    expectClose([hingeLoss(y, decision), hingeLoss(y, decision, options)], two.hinge);
    expectClose([brierScoreLoss(y, proba), brierScoreLoss(y, proba, options)], two.brier);
    const both = proba.map((p) => [1 - p, p]);
    expectClose([logLoss(y, proba), logLoss(y, proba, options)], two.logLoss);
    expectClose([logLoss(y, both), logLoss(y, both, options)], two.logLoss);
    const top = (scores: number[], rest = {}) => topKAccuracyScore(y, scores, { k: 1, ...rest });
    expectClose([top(decision), top(proba), top(decision, options)], two.topK);
    expectClose(logLoss([0, 1, 1], [[1, 0], [0, 1], [1, 0]]), two.certain); // biome-ignore format: rows
    // A table of both probabilities is as good as those of the second class.
    expect(rocAucScore(y, both)).toBe(rocAucScore(y, proba));
    expect(averagePrecisionScore(y, both)).toBe(averagePrecisionScore(y, proba));
    expectClose(brierScoreLoss(y, both), brierScoreLoss(y, proba));
  });

  it('labels that do not occur', () => {
    expectClose(logLoss(missing.yTrue, missing.proba, { labels: missing.labels }), missing.logLoss);
    const proba = [...missing.proba, [0.3, 0.3, 0.4], [0.3, 0.5, 0.2]];
    expectClose(rocAucScore([0, 2, 0, 1, 2], proba, { multiClass: 'ovo', labels: [0, 1, 2] }), missing.ovo);
  });
});

describe('curves, laws', () => {
  const rows = fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: -6, max: 6 }), fc.nat(3)), { minLength: 2, maxLength: 40 })
    .filter((list) => [true, false].every((label) => list.some((row) => row[0] === label && row[2] > 0)));

  it('the area is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(rows, (list) => {
        let [right, pairs] = [0, 0];
        for (const [a, high, w] of list) {
          for (const [b, low, v] of list) {
            if (!a || b) continue;
            pairs += w * v;
            right += w * v * (high > low ? 1 : high === low ? 0.5 : 0);
          }
        }
        const [y, s, sampleWeight] = [list.map((r) => r[0]), list.map((r) => r[1]), list.map((r) => r[2])];
        expectClose(rocAucScore(y, s, { sampleWeight }), right / pairs);
        const { fpr, tpr } = rocCurve(y, s, { sampleWeight });
        expectClose(auc(fpr, tpr), right / pairs);
        // Turned scores turn the area, and only the order of the scores counts.
        const turned = s.map((score) => -score);
        expectClose(rocAucScore(y, turned, { sampleWeight }), 1 - right / pairs, { atol: 1e-12 });
        const grown = s.map((score) => score ** 3 * 1e-3);
        expectClose(rocAucScore(y, grown, { sampleWeight }), right / pairs);
      }),
    );
  });

  it('weights of 1 change nothing', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [y, s] = [list.map((r) => r[0]), list.map((r) => r[1])];
        const sampleWeight = list.map(() => 1);
        expect(rocCurve(y, s, { sampleWeight })).toEqual(rocCurve(y, s));
        expect(precisionRecallCurve(y, s, { sampleWeight })).toEqual(precisionRecallCurve(y, s));
        expect(detCurve(y, s, { sampleWeight })).toEqual(detCurve(y, s));
      }),
    );
  });

  it('many rows: weights are sorted by their digits, which gives the same curve', () => {
    const random = new Random(5);
    const n = 20_000;
    const s = Float64Array.from({ length: n }, (_, i) =>
      i % 3 === 0 ? -0 : random.normal() * 10 ** random.integer(7),
    );
    const y = Array.from(s, (score) => random.uniform() < 1 / (1 + Math.exp(-score)));
    const sampleWeight = Array.from(s, () => 1);
    expect(rocCurve(y, s, { sampleWeight })).toEqual(rocCurve(y, s));
  });
});

describe('curves and probabilities, what has no answer', () => {
  it('a single class', () => {
    expectError(
      () => rocCurve([1, 1], [0.1, 0.2]),
      DataError,
      'rocCurve: yTrue has no negative rows, so the curve is not defined',
    );
    expectError(
      () => rocCurve([0, 0], [0.1, 0.2]),
      DataError,
      'rocCurve: yTrue has no positive rows, so the curve is not defined',
    );
    expectError(
      () => detCurve([0, 1], [0.1, 0.2], { sampleWeight: [0, 1] }),
      DataError,
      'detCurve: yTrue has no negative rows, so the curve is not defined',
    );
    expect(precisionRecallCurve([1, 1], [0.1, 0.2]).recall).toEqual(Float64Array.of(1, 0.5, 0));
    expectError(
      () => precisionRecallCurve([0, 0], [0.1, 0.2]),
      DataError,
      'precisionRecallCurve: yTrue has no positive rows, so the curve is not defined',
    );
    expectError(
      () => rocAucScore(['a', 'a'], [0.1, 0.2]),
      DataError,
      "rocAucScore: yTrue holds only the label 'a', so there is no curve",
    );
    expectError(
      () => averagePrecisionScore([0, 0], [0.1, 0.2]),
      DataError,
      'averagePrecisionScore: yTrue has no positive rows, so the precision is not defined',
    );
    expectError(
      () => logLoss(['a', 'a'], [0.1, 0.2]),
      DataError,
      "logLoss: there is only the label 'a'; give all of them with the option labels",
    );
    expectError(
      () => logLoss(['a', 'a'], [0.1, 0.2], { labels: ['a'] }),
      DataError,
      "logLoss: there is only the label 'a'; labels must name at least two",
    );
    const three = [[0.2, 0.3, 0.5], [0.3, 0.3, 0.4]]; // biome-ignore format: rows
    expectError(
      () => rocAucScore(['a', 'b'], three, { labels: ['a', 'b', 'c'] }),
      DataError,
      "rocAucScore: no row is of the class 'c', so its curve is not defined",
    );
    expectError(
      () => averagePrecisionScore(['a', 'b'], three, { labels: ['a', 'b', 'c'] }),
      DataError,
      "averagePrecisionScore: no row is of the class 'c', so the precision is not defined",
    );
  });

  it('scores that do not fit the labels', () => {
    const three = ['a', 'b', 'c'];
    expectError(
      () => rocCurve(three, [1, 2, 3]),
      DataError,
      'rocCurve: yTrue must hold two labels, got 3; compare one class with the others',
    );
    expectError(
      () => rocCurve(['a', 'b'], [1, 2]),
      OptionError,
      "rocCurve: the labels are ['a', 'b']; say with posLabel which of them is positive",
    );
    expectError(
      () => rocCurve([0, 1], [1, 2, 3]),
      ShapeError,
      'rocCurve: yTrue has length 2, but yScore has length 3; they must be equally long',
    );
    expectError(
      () => rocCurve([0, 1], [1, Number.NaN]),
      DataError,
      'rocCurve: yScore[1] must be a finite number, got NaN',
    );
    expectError(
      () => rocAucScore(three, [1, 2, 3]),
      ShapeError,
      'rocAucScore: yScore must be a table [n, 3], as there are 3 labels, got a list of numbers',
    );
    expectError(
      () => rocAucScore(['a', 'b', 'a'], [[1, 2, 3], [1, 2, 3], [1, 2, 3]]), // biome-ignore format: rows
      ShapeError,
      'rocAucScore: yScore has 3 columns, but the number of labels is 2; give all labels with the option labels',
    );
    expectError(
      () => rocAucScore(['a', 'b', 'c'], [[0.2, 0.3, 0.5]]),
      ShapeError,
      'rocAucScore: yTrue has length 3, but yScore has 1 row',
    );
    const square = [[1, 0, 0], [0, 1, 0], [0, 0.5, 0.25]]; // biome-ignore format: rows
    expectError(
      () => rocAucScore(three, square),
      DataError,
      'rocAucScore: the probabilities of row 2 must add up to 1, got 0.75',
    );
    expectError(
      () => logLoss(three, square),
      DataError,
      'logLoss: the probabilities of row 2 must add up to 1, got 0.75',
    );
    expectError(
      () => logLoss([0, 1], [0.5, 1.5]),
      DataError,
      'logLoss: yProba[1] must be a probability from 0 to 1, got 1.5',
    );
    expectError(
      () => brierScoreLoss([0, 1], [[0.5, 0.5], [-0.5, 1.5]]), // biome-ignore format: rows
      DataError,
      'brierScoreLoss: yProba[1, 0] must be a probability from 0 to 1, got -0.5',
    );
    expectError(
      () => logLoss(['b', 'x'], [[0.5, 0.5], [0.5, 0.5]], { labels: ['a', 'b'] }), // biome-ignore format: rows
      DataError,
      "logLoss: yTrue[1] is 'x', which is not among the labels ['a', 'b']",
    );
    expectError(
      () => logLoss(['a', 'b'], [[0.5, 0.5], [0.5, 0.5]], { labels: ['b', 'a'] }), // biome-ignore format: rows
      OptionError,
      "logLoss: labels must ascend, as the columns of probabilities do, but 'a' comes after 'b'",
    );
    const thirds = three.map(() => [1 / 3, 1 / 3, 1 / 3]);
    expectError(
      () => rocAucScore(three, thirds, { maxFpr: 0.5 }),
      OptionError,
      'rocAucScore: maxFpr is for two labels, but there are 3',
    );
    expectError(
      () => rocAucScore(three, thirds, { multiClass: 'ovo', sampleWeight: [1, 1, 2] }),
      OptionError,
      "rocAucScore: multiClass 'ovo' takes no sampleWeight; use 'ovr'",
    );
    expectError(
      () => rocAucScore(three, thirds, { multiClass: 'ovo', average: 'micro' }),
      OptionError,
      "rocAucScore: average must be 'macro' or 'weighted' for multiClass 'ovo', got 'micro'",
    );
  });

  it('curves that turn back', () => {
    expectError(
      () => auc([0, 1, 0.5], [0, 1, 1]),
      DataError,
      'auc: x must ascend or descend throughout, but turns back at x[2]',
    );
    expectError(() => auc([0], [0]), DataError, 'auc: a curve must have at least two points, got one');
    expectError(() => auc([0, 1], [0]), ShapeError, 'auc: x has length 2, but y has length 1');
    expect(auc([1, 0.5, 0], [1, 1, 0])).toBe(0.75);
    expect(auc([1, 1], [0, 5])).toBe(0);
  });

  it('types: a number, or an array of one for each class', () => {
    expectTypeOf(rocAucScore([0, 1], [0, 1])).toEqualTypeOf<number>();
    expectTypeOf(rocAucScore([0, 1], [0, 1], { average: null })).toEqualTypeOf<Float64Array>();
  });
});
