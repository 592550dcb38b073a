import { DataError } from '@maru-ml/base';
import { iris } from '@maru-ml/datasets/iris';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { LinearSVC, LinearSVR, OneClassSVM, SVC, SVR, SVRModel } from '../src/index.ts';

const exact = { tol: 1e-10 };

describe('SVC, worked by hand', () => {
  it('parts two points in the middle', () => {
    // w·1 + b = 1 and -w + b = -1: w = 1, b = 0, and w = Σ β x gives β = ∓½. The margin is 2 wide.
    const model = new SVC({ kernel: 'linear', C: 10, ...exact }).fit([[-1], [1]], ['left', 'right']);
    expectClose(model.dualCoef, [[-0.5, 0.5]]);
    expectClose(model.coef!, [[1]]);
    expectClose([model.intercept[0]!, model.margin[0]!], [0, 2], { atol: 1e-12 });
    expectClose(model.decisionFunction([[0], [3], [-0.5]]), [0, 3, -0.5], { atol: 1e-12 });
    expect(model.predict([[-0.1], [0.1]])).toEqual(['left', 'right']);
    // With C = .1 both multipliers stop at .1, so that w = .2 and the margin is 10 wide.
    const soft = new SVC({ kernel: 'linear', C: 0.1, ...exact }).fit([[-1], [1]], ['left', 'right']);
    expectClose([soft.coef!.data[0]!, soft.intercept[0]!, soft.margin[0]!], [0.2, 0, 10], { atol: 1e-12 });
  });

  it('solves exclusive or by a polynomial of degree 2', () => {
    // (x·z + 1)²: all four points are support vectors with α = ⅛, and the answer is -x₁x₂ (S. Haykin, "Neural Networks", 2nd ed.
    // (1999), section 6.6).
    const x = [
      [-1, -1],
      [-1, 1],
      [1, -1],
      [1, 1],
    ];
    const model = new SVC({ kernel: 'poly', degree: 2, gamma: 1, coef0: 1, C: 10, ...exact }).fit(x, [0, 1, 1, 0]);
    expect([...model.support]).toEqual([0, 3, 1, 2]);
    expectClose(model.dualCoef, [[-1 / 8, -1 / 8, 1 / 8, 1 / 8]]);
    expectClose(model.decisionFunction([[2, 3], [-2, 0.5], ...x]), [-6, 1, -1, 1, 1, -1], { atol: 1e-12 });
    // ‖w‖² = Σ α = ½.
    expectClose(model.margin, [2 * Math.sqrt(2)]);
  });

  it('weighs rows: one of weight 3 may cost three times as much', () => {
    const model = new SVC({ kernel: 'linear', C: 0.1, ...exact }).fit([[-1], [1], [1]], [0, 1, 1], {
      sampleWeight: [3, 1, 1],
    });
    // Σ β = 0 leaves .2 for the first, though it may have .3.
    expectClose(model.dualCoef, [[-0.2, 0.1, 0.1]]);
  });
});

describe('A21: iris, petals of versicolor and virginica', () => {
  const { x, y, targetNames, featureNames } = iris();
  const columns = ['petal length (cm)', 'petal width (cm)'].map((name) => featureNames.indexOf(name));
  const places = [...y.keys()].filter((i) => targetNames[y[i] as number] !== 'setosa');
  const rows = places.map((i) => columns.map((j) => x.data[i * x.shape[1] + j]!));
  const labels = places.map((i) => targetNames[y[i] as number]!);

  /** Precision, recall and F1 of each class. */
  function figures(predicted: readonly string[]): string[][] {
    return ['versicolor', 'virginica'].map((label) => {
      const right = labels.filter((l, i) => l === label && predicted[i] === label).length;
      const precision = right / predicted.filter((l) => l === label).length;
      const recall = right / 50;
      return [precision, recall, (2 * precision * recall) / (precision + recall)].map((v) => v.toFixed(2));
    });
  }

  // The source's figures are those of the linear kernel on centimeters.
  const source = [
    ['0.96', '0.94', '0.95'],
    ['0.94', '0.96', '0.95'],
  ];

  it('C = 10: .95 right, with a margin of .36 cm', () => {
    const model = new SVC({ kernel: 'linear', C: 10 }).fit(rows, labels);
    expect(model.score(rows, labels)).toBe(0.95);
    expect(figures(model.predict(rows))).toEqual(source);
    expectClose(model.margin, [0.3596392], { rtol: 1e-3 });
    expect([...model.nSupport]).toEqual([7, 8]);
  });

  it('C = .1: .95 right, with a margin of 1.31 cm, where three equal rows lie on the boundary', () => {
    const model = new SVC({ kernel: 'linear', C: 0.1, tol: 1e-10 }).fit(rows, labels);
    // All 50 support vectors are at their bounds, so that w = .1 (Σ virginica - Σ versicolor) = (25, 20) / 21, and b is -52 / 7.
    expectClose(model.coef!, [[25 / 21, 20 / 21]]);
    expectClose(model.intercept, [-52 / 7]);
    expectClose(model.margin, [1.3122044], { rtol: 1e-3 });
    expect([...model.nSupport]).toEqual([25, 25]);
    // (4.8, 1.8) is on the boundary to the last digit: a versicolor and two virginica, which the source's rounding took for virginica.
    const scores = model.decisionFunction(rows) as Float64Array;
    const onIt = rows.flatMap(([length, width], i) => (length === 4.8 && width === 1.8 ? [i] : []));
    expect(onIt.map((i) => labels[i])).toEqual(['versicolor', 'virginica', 'virginica']);
    for (const i of onIt) expect(Math.abs(scores[i]!)).toBeLessThan(1e-9);
    const predicted = model.predict(rows).map((label, i) => (onIt.includes(i) ? 'virginica' : label));
    expect(figures(predicted)).toEqual(source);
  });
});

describe('the others, worked by hand', () => {
  it('SVR lays the flattest line through the tube', () => {
    // Through (0, .1) and (1, .9): w = .8, b = .1, β = ∓.8.
    const model = new SVR({ kernel: 'linear', C: 10, epsilon: 0.1, ...exact }).fit([[0], [1]], [0, 1]);
    expectClose(model.dualCoef, [-0.8, 0.8]);
    expectClose([model.coef![0]!, model.intercept], [0.8, 0.1]);
    // A tube that holds all rows needs no support vector: the line lies in the middle.
    const none = new SVR({ kernel: 'linear', epsilon: 1 }).fit([[0], [1]], [0, 1]);
    expect([none.support.length, none.predictOne([5])]).toEqual([0, 0.5]);
  });

  it('OneClassSVM parts two rows from the origin', () => {
    // α₁ + α₂ = ν n = 1.5 with the least α₁² + α₂²: .75 each, so w = (.75, .75) and ρ = .75.
    const x = [
      [1, 0],
      [0, 1],
    ];
    const model = new OneClassSVM({ kernel: 'linear', nu: 0.75, ...exact }).fit(x);
    expectClose(model.dualCoef, [0.75, 0.75]);
    expectClose([model.offset, ...model.coef!], [0.75, 0.75, 0.75]);
    expect([...model.predict([[1, 1], [0, 0]])]).toEqual([1, -1]); // biome-ignore format: one line
  });

  it('LinearSVC minimizes its objective', () => {
    // Squared hinge, two rows ±1 without an intercept: ½ w² + 2 (1 - w)² has its minimum at w = .8. Hinge: ½ w² + 2 C (1 - w) at
    // min(2 C, 1).
    const fit = (loss: 'hinge' | 'squaredHinge', C: number) =>
      new LinearSVC({ loss, C, fitIntercept: false, seed: 0, ...exact }).fit([[-1], [1]], [0, 1]);
    expectClose(fit('squaredHinge', 1).coef, [[0.8]]);
    expectClose(fit('squaredHinge', 1).margin, [2.5]);
    expectClose(fit('hinge', 1).coef, [[1]]);
    expectClose(fit('hinge', 0.25).coef, [[0.5]]);
  });

  it('LinearSVR minimizes its objective', () => {
    // One row (1, 2), a tube of .5, squared: ½ w² + (1.5 - w)² has its minimum at w = 1. Absolute: ½ w² + C (1.5 - w) at min(C, 1.5).
    const fit = (loss: 'epsilonInsensitive' | 'squaredEpsilonInsensitive', C: number) =>
      new LinearSVR({ loss, C, epsilon: 0.5, fitIntercept: false, seed: 0, ...exact }).fit([[1]], [2]);
    expectClose(fit('squaredEpsilonInsensitive', 1).coef, [1]);
    expectClose(fit('epsilonInsensitive', 1).coef, [1]);
    expectClose(fit('epsilonInsensitive', 4).coef, [1.5]);
  });

  it('LinearSVR of a row of zeros, which no line can come closer to, converges all the same', () => {
    // ½ w² + |1 - w| - .1 + |2 - 2 w| - .1 falls up to w = .95, where the row 2 lies on the edge of the tube.
    for (const zero of [0, 1e-170]) {
      const model = new LinearSVR({ epsilon: 0.1, fitIntercept: false, seed: 0, ...exact }).fit(
        [[zero], [1], [2]],
        [5, 1, 2],
      );
      expect(model.converged).toBe(true);
      expectClose(model.coef, [0.95]);
    }
  });

  it("gamma 'scale' is 1 where all numbers are equal, though their mean is rounded, and refused where the variance vanishes", () => {
    const model = new OneClassSVM().fit([[0.1], [0.1], [0.1]]);
    const kernel = Math.exp(-(0.4 ** 2));
    expectClose(model.scoreSamples([[0.1], [0.5]]), [1.5, 1.5 * kernel]);
    expectError(
      () => new SVR().fit([[1e-165], [2e-165], [5e-165]], [1, 2, 5]),
      DataError,
      'SVR: 1 / variance of x overflows; scale the columns of x first (see StandardScaler)',
    );
  });

  it("'rbf' tells rows apart that lie close together, beside one that lies far away", () => {
    const x = [...Array.from({ length: 12 }, (_, i) => [Math.sin(i * i)]), [1e9]];
    const y = x.map(([a], i) => (i === 12 ? 0 : Math.cos(3 * a!)));
    const options = { gamma: 1, C: 10, epsilon: 0.01, ...exact };
    const model = new SVR(options).fit(x, y);
    const table = x.map(([a]) => x.map(([b]) => Math.exp(-((a! - b!) ** 2))));
    const wanted = new SVR({ ...options, kernel: 'precomputed' }).fit(table, y);
    expectClose(model.dualCoef, wanted.dualCoef, { rtol: 1e-6, atol: 1e-6 });
    expectClose(model.predict(x), wanted.predict(table), { rtol: 1e-6, atol: 1e-8 });
    const loaded = SVRModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(x.map((row) => loaded.predictOne(row))).toEqual([...model.predict(x)]);
  });
});
