import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { backend } from '@maru-ml/kernels';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { fromBytes, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  HistGradientBoostingClassifier,
  HistGradientBoostingRegressor,
  IsolationForest,
  IsolationForestModel,
  RandomForestClassifier,
  RandomForestRegressor,
} from '../src/index.ts';
import { numbers } from './data.ts';

const one = { maxIter: 1, minSamplesLeaf: 1, learningRate: 1, earlyStopping: false } as const;

describe('by hand', () => {
  it('one round of squared errors is the best split of the means', () => {
    // Means of y left and right of 2.5: 1.5 and 11.
    const model = new HistGradientBoostingRegressor({ ...one, maxLeafNodes: 2 }).fit(
      [[1], [2], [3], [4]],
      [1, 2, 10, 12],
    );
    expectClose(Array.from(model.predict([[0], [2.4], [2.6], [9]])), [1.5, 1.5, 11, 11], { rtol: 1e-7 });
  });

  it('l2 pulls a step towards 0: Σ gradient / (Σ hessian + λ)', () => {
    // From the mean 6.25 by -9.5 / (2 + 2) and 9.5 / (2 + 2).
    const model = new HistGradientBoostingRegressor({ ...one, maxLeafNodes: 2, l2Regularization: 2 });
    const predicted = model.fit([[1], [2], [3], [4]], [1, 2, 10, 12]).predict([[1], [4]]);
    expectClose(Array.from(predicted), [6.25 - 9.5 / 4, 6.25 + 9.5 / 4], { rtol: 1e-7 });
  });

  it('a step of the logistic loss', () => {
    // F₀ = log(.5 / .5) = 0; leaves of one class: gradients ± ½, hessians ¼, so F = ± 2.
    const model = new HistGradientBoostingClassifier(one).fit([[1], [2], [3], [4]], ['a', 'a', 'b', 'b']);
    expectClose(Array.from(model.decisionFunction([[1], [4]]) as Float64Array), [-2, 2], { rtol: 1e-7 });
    expectClose(model.predictProba([[4]]).data[1]!, 1 / (1 + Math.exp(-2)), { rtol: 1e-7 });
  });

  it('the gamma loss steps from the log of the mean by (Σ y e⁻ᶠ - n) / Σ y e⁻ᶠ', () => {
    const y = [1, 3, 10, 14];
    const f = Math.log(7);
    // The first row alone gains most; its step is (1/7 - 1) / (1/7) = -6, that of the others (27/7 - 3) / (27/7).
    const model = new HistGradientBoostingRegressor({ ...one, loss: 'gamma', maxLeafNodes: 2 }).fit(
      [[1], [2], [3], [4]],
      y,
    );
    expectClose(Array.from(model.predict([[1], [4]])), [Math.exp(f - 6), Math.exp(f + 6 / 27)], { rtol: 1e-6 });
  });

  it('a round of absolute errors puts medians of the residuals into leaves', () => {
    const model = new GradientBoostingRegressor({
      loss: 'absoluteError',
      nEstimators: 1,
      learningRate: 1,
      maxDepth: 1,
    });
    // The median of all is 3; residuals -2, -1, 0, 7, 8 with signs - - - + +: leaves -1 and 7 (the lower of two).
    const fitted = model.fit([[1], [2], [3], [4], [5]], [1, 2, 3, 10, 11]);
    expect(Array.from(fitted.predict([[1], [5]]))).toEqual([2, 10]);
  });

  it('an isolated point is the outlier, and a score is -2^(-E[h] / c(m))', () => {
    const x = [...Array.from({ length: 63 }, (_, i) => [(i % 8) / 10, Math.floor(i / 8) / 10]), [9, 9]];
    const model = new IsolationForest({ seed: 0 }).fit(x);
    const scores = model.scoreSamples(x);
    expect(scores.indexOf(Math.min(...scores))).toBe(63);
    expect(model.predict(x)[63]).toBe(-1);
    expect(model.predictOne([9, 9])).toBe(-1);
    expect(model.predictOne([0.3, 0.3])).toBe(1);
    // Equal rows cannot be told apart: each tree is a leaf with all m rows, E[h] = c(m), so the score is -½.
    expectClose(
      Array.from(new IsolationForest({ seed: 0 }).fit([[1], [1], [1]]).scoreSamples([[1], [5]])),
      [-0.5, -0.5],
    );
    const copy = IsolationForestModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(copy.scoreSamples(x)).toEqual(scores);
    expect(fromBytes(IsolationForestModel, toBytes(model)).decisionFunction(x)).toEqual(model.decisionFunction(x));
    expect(String(copy)).toBe('IsolationForestModel: 100 trees of 64 rows each, 2 columns, outliers below -0.5');
    const contaminated = new IsolationForest({ seed: 0, contamination: 0.25 }).fit(x);
    expect(contaminated.predict(x).filter((label) => label === -1).length).toBeCloseTo(16, -1);
  });

  it('an isolation tree of one column knows nothing of the others, and one of rows drawn again sees each once', () => {
    // The second column is the same in all rows: a tree that sees it alone asks nothing, and its leaf holds all m rows, E[h] = c(m).
    const x = Array.from({ length: 16 }, (_, i) => [i, 7]);
    const [columns, seeds] = [new Set<number>(), Array.from({ length: 20 }, (_, seed) => seed)];
    for (const seed of seeds) {
      const scores = new IsolationForest({ nEstimators: 1, maxFeatures: 1, seed }).fit(x).scoreSamples(x);
      const blind = scores.every((score) => Math.abs(score + 0.5) < 1e-12);
      columns.add(blind ? 1 : 0);
      expect(blind || new Set(scores).size > 1).toBe(true);
    }
    expect(columns.size).toBe(2);
    // Of two rows drawn twice each of four pairs is as probable; two equal ones make a leaf of one row, whose way is 0 long: -2^0.
    const pairs = new Set(
      seeds.map((seed) => {
        const model = new IsolationForest({ nEstimators: 1, bootstrap: true, seed }).fit([[0], [1]]);
        return Array.from(model.scoreSamples([[0], [1]])).join(' ');
      }),
    );
    // One question, of c(2) = 1: -2^-1.
    expect([...pairs].sort()).toEqual(['-0.5 -0.5', '-1 -1']);
  });
});

describe('laws', () => {
  const x = numbers(7, 120, 3);
  const y = x.map(([a, b]) => a! * b!);

  it('predictions rise where they are constrained to', () => {
    const options = { monotonicCst: [1, -1, 0], minSamplesLeaf: 3, earlyStopping: false };
    const model = new HistGradientBoostingRegressor(options).fit(x, y);
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, more) => {
        const [low, high] = [Math.min(a, more), Math.max(a, more)];
        expect(model.predictOne([high, b, c])).toBeGreaterThanOrEqual(model.predictOne([low, b, c]));
        const [less, greater] = [Math.min(b, more), Math.max(b, more)];
        expect(model.predictOne([a, greater, c])).toBeLessThanOrEqual(model.predictOne([a, less, c]));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('without interactions predictions are sums of functions of one column each', () => {
    const options = { interactionCst: 'noInteractions', minSamplesLeaf: 3 } as const;
    const model = new HistGradientBoostingRegressor(options).fit(x, y);
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, value, value, value, (a, b, c, otherA, otherB) => {
        const step = model.predictOne([otherA, b, c]) - model.predictOne([a, b, c]);
        expectClose(model.predictOne([otherA, otherB, c]) - model.predictOne([a, otherB, c]), step, { atol: 1e-9 });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('nodes that draw their columns ask about each equally often', () => {
    // Each column tells the same of y, so that a node that may ask about all would always take the first.
    const same = x.map(([a]) => [a!, a!, a!]);
    const options = { maxIter: 300, maxLeafNodes: 2, learningRate: 0.01, earlyStopping: false };
    const columnsOf = (maxFeatures: number, seed: number) => {
      const fit = new HistGradientBoostingRegressor({ ...options, maxFeatures, seed }).fit(same, x.map(([a]) => a!)); // biome-ignore format: short
      const { trees } = fit.toJSON() as { trees: { nodes: { data: Int32Array } }[] };
      return trees.flatMap(({ nodes }) => [nodes.data[0]!, nodes.data[4]!, nodes.data[8]!]);
    };
    const asked = columnsOf(0.3, 0).filter((column) => column >= 0);
    expect(asked.length).toBe(300);
    // Binomial with p = 1/3: 100 and a standard deviation of 8.
    for (const j of [0, 1, 2]) expect(Math.abs(asked.filter((column) => column === j).length - 100)).toBeLessThan(33);
    expect(columnsOf(0.3, 0)).toEqual(columnsOf(0.3, 0));
    expect(columnsOf(0.3, 1)).not.toEqual(columnsOf(0.3, 0));
    // Of two drawn columns the first is taken: column 2 never.
    const [first, second, third] = [0, 1, 2].map((j) => columnsOf(0.5, 0).filter((column) => column === j).length);
    expect(Math.abs(first! - 200)).toBeLessThan(33);
    expect([first! + second!, third]).toEqual([300, 0]);
    expect(columnsOf(1, 0).filter((column) => column > 0)).toEqual([]);
  });

  it('a forest predicts within the numbers that it has seen', () => {
    const model = new RandomForestRegressor({ nEstimators: 10, seed: 0 }).fit(x, y);
    const value = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const predicted = model.predictOne([a, b, c]);
        expect(predicted).toBeGreaterThanOrEqual(Math.min(...y));
        expect(predicted).toBeLessThanOrEqual(Math.max(...y));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('the training loss of boosting never rises for squared errors', () => {
    const { trainScore } = new GradientBoostingRegressor({ nEstimators: 40 }).fit(x, y);
    for (let i = 1; i < trainScore.length; i++) expect(trainScore[i]!).toBeLessThanOrEqual(trainScore[i - 1]!);
  });

  it('stopping early ends before the last round, with the losses of every round', () => {
    const noise = numbers(5, 120, 1).map(([value]) => value!);
    const settings = { earlyStopping: true, nIterNoChange: 3, minSamplesLeaf: 5, seed: 0 } as const;
    const model = new HistGradientBoostingRegressor(settings).fit(x, noise);
    expect(model.converged).toBe(true);
    expect(model.nIter).toBeLessThan(100);
    expect(model.validationScore.length).toBe(model.nIter + 1);
    const classic = new GradientBoostingRegressor({ nIterNoChange: 3, seed: 0 }).fit(x, noise);
    expect(classic.converged && classic.nIter < 100).toBe(true);
    const staged = [...model.stagedPredict(x)];
    expect(staged.length).toBe(model.nIter);
    expect(staged.at(-1)).toEqual(model.predict(x));
  });

  it('out-of-bag rows score between guessing and the rows that were fitted', () => {
    const labels = y.map((value) => value > 0);
    const model = new RandomForestClassifier({ nEstimators: 60, oobScore: true, seed: 0 }).fit(x, labels);
    expect(model.oobScore!).toBeGreaterThan(0.8);
    expect(model.oobScore!).toBeLessThan(model.score(x, labels));
    expect(model.oobDecisionFunction!.shape).toEqual([120, 2]);
  });

  it('a histogram fit gives its memory back, also when it is stopped', () => {
    const before = memoryInUse();
    new HistGradientBoostingRegressor({ maxIter: 5 }).fit(x, y);
    new HistGradientBoostingRegressor().fit(x, y, { onProgress: () => false });
    expect(() => new HistGradientBoostingRegressor({ loss: 'poisson' }).fit(x, y)).toThrow(DataError);
    expect(memoryInUse(), backend().name).toBe(before);
  });
});

describe('errors', () => {
  const x = numbers(3, 30, 2);
  const y = x.map(([a]) => a!);
  it('columns of categories are for forests and histograms', () => {
    const options: object = { categoricalFeatures: [0] };
    expectError(
      () => new GradientBoostingRegressor(options),
      OptionError,
      'GradientBoostingRegressor: there is no option categoricalFeatures, only loss, alpha, learningRate, nEstimators, subsample, criterion, nIterNoChange, validationFraction, tol, maxDepth, minSamplesSplit, minSamplesLeaf, minWeightFractionLeaf, maxFeatures, maxLeafNodes, minImpurityDecrease, ccpAlpha and seed',
    );
    const named = 'RandomForestRegressor: categoricalFeatures names column';
    expectError(
      () => new RandomForestRegressor({ categoricalFeatures: [2] }).fit(x, y),
      ShapeError,
      `${named} 2 (the first is 0), but x has 2 columns`,
    );
  });

  it('name what the loss, columns and options cannot be', () => {
    const owner = 'HistGradientBoostingRegressor: ';
    const hist = (options: object) => new HistGradientBoostingRegressor(options).fit(x, y);
    const bad = y.findIndex((value) => value < 0);
    expectError(
      () => hist({ loss: 'poisson' }),
      DataError,
      `${owner}y[${bad}] must be ≥ 0 for the Poisson loss, got ${y[bad]}`,
    );
    expectError(
      () => hist({ loss: 'gamma' }),
      DataError,
      `${owner}y[${bad}] must be > 0 for the gamma loss, got ${y[bad]}`,
    );
    const tiny = y.map((value) => value * 1e-200);
    expectError(
      () => new HistGradientBoostingRegressor().fit(x, tiny),
      DataError,
      `${owner}the gradients vanish in float32; multiply y by a constant first`,
    );
    expectError(() => hist({ loss: 'quantile' }), OptionError, `${owner}the loss 'quantile' needs a quantile`);
    expectError(
      () => hist({ categoricalFeatures: [5] }),
      OptionError,
      `${owner}categoricalFeatures has column 5, but x has 2 columns`,
    );
    expectError(
      () => hist({ monotonicCst: [1] }),
      OptionError,
      `${owner}monotonicCst has 1 constraints, but x has 2 columns`,
    );
    expectError(
      () => hist({ monotonicCst: [1, 0], categoricalFeatures: [0] }),
      OptionError,
      `${owner}column 0 is categorical, so it can have no constraint`,
    );
    for (const [interactionCst, message] of [
      ['all', "must be 'pairwise', 'noInteractions' or lists of columns, got 'all'"],
      [[0], '[0] must be an array of columns, got 0'],
      [[[0, 0.5]], '[0][1] must be an integer ≥ 0, got 0.5'],
      [[[0], [3]], ' has column 3, but x has 2 columns'],
    ] as const) {
      const space = message.startsWith('must') ? ' ' : '';
      expectError(() => hist({ interactionCst: interactionCst as never }), OptionError, `${owner}interactionCst${space}${message}`); // biome-ignore format: one line
    }
    expectError(() => hist({ maxFeatures: 2 }), OptionError, `${owner}maxFeatures must be a number > 0 and ≤ 1, got 2`);
    expectError(
      () => hist({ categoricalFeatures: [0] }),
      DataError,
      `${owner}categorical column 0 must hold integers, got ${Math.min(...x.map(([a]) => a!))}; encode it (see OrdinalEncoder)`,
    );
    expectError(
      () => hist({ loss: 'absoluteError', monotonicCst: [1, 0] }),
      OptionError,
      `${owner}monotonicCst needs a loss with Newton steps, such as 'squaredError'`,
    );
    const three = y.map((_, i) => i % 3);
    expectError(
      () => new HistGradientBoostingClassifier({ monotonicCst: [1, 0] }).fit(x, three),
      OptionError,
      'HistGradientBoostingClassifier: monotonicCst needs two classes, got 3',
    );
    expectError(
      () => new GradientBoostingClassifier({ loss: 'exponential' }).fit(x, three),
      OptionError,
      'GradientBoostingClassifier: the exponential loss needs two classes, got 3',
    );
    expectError(
      () => new RandomForestClassifier({ bootstrap: false, oobScore: true }),
      OptionError,
      'RandomForestClassifier: oobScore needs bootstrap: true',
    );
    expectError(
      () => new RandomForestClassifier({ maxSamples: 99 }).fit(x, three),
      OptionError,
      'RandomForestClassifier: maxSamples is 99, but x has 30 rows',
    );
    const isolation = (options: object) => () => new IsolationForest(options).fit(x);
    const amount = 'an integer ≥ 1 or a share above 0 and below 1';
    for (const [options, message] of [
      [{ maxFeatures: 0 }, `maxFeatures must be ${amount}, got 0`],
      [{ maxFeatures: 1.5 }, `maxFeatures must be ${amount}, got 1.5`],
      [{ maxFeatures: 'sqrt' }, `maxFeatures must be ${amount}, got 'sqrt'`],
      [{ maxFeatures: 3 }, 'maxFeatures is 3, but x has 2 columns'],
      [{ maxSamples: 31 }, 'maxSamples is 31, but x has 30 rows'],
      [{ maxSamples: 0 }, `maxSamples must be 'auto', ${amount}, got 0`],
      [{ bootstrap: 1 }, 'bootstrap must be true or false, got 1'],
    ] as const) {
      expectError(isolation(options), OptionError, `IsolationForest: ${message}`);
    }
  });
});
