import { boston } from '@maru-ml/datasets/boston';
import { accuracyScore, meanSquaredError } from '@maru-ml/metrics';
import { tensor } from '@maru-ml/tensor';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import nist from '../../linalg/test/fixtures/nist.json' with { type: 'json' };
import {
  ElasticNet,
  Lasso,
  LassoCV,
  LinearRegression,
  LogisticRegression,
  LogisticRegressionModel,
  Perceptron,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
} from '../src/index.ts';
import { l1Norm, squaredNorm } from '../src/norms.ts';
import { lossOf, multiclassHinge } from '../src/sgd-losses.ts';

describe('worked by hand', () => {
  it('least squares: a line through (0, 1), (1, 2), (2, 4)', () => {
    // x̄ = 1, ȳ = 7/3, Σ (x - x̄)(y - ȳ) = 3, Σ (x - x̄)² = 2.
    const model = new LinearRegression().fit([[0], [1], [2]], [1, 2, 4]);
    expectClose(model.coef, [1.5]);
    expectClose(model.intercept, 5 / 6);
    expectClose(model.score([[0], [1], [2]], [1, 2, 4]), 1 - 1 / 6 / (14 / 3));
    // Through the origin: Σ x y / Σ x² = 10 / 5.
    expectClose(new LinearRegression({ fitIntercept: false }).fit([[0], [1], [2]], [1, 2, 4]).coef, [2]);
  });

  it('D1: the closed form (XᵀX)⁻¹ Xᵀ y of y = 2x + 3 with noise', () => {
    const x = [-4, -1, 0, 2, 5];
    const noise = [0.1, -0.2, 0.15, -0.1, 0.05];
    const y = x.map((value, i) => 2 * value + 3 + noise[i]!);
    // [Σx² Σx; Σx n] inverted by hand: Σx = 2, Σx² = 46, n = 5, determinant 226.
    const [sumY, sumXY] = [y.reduce((s, v) => s + v, 0), y.reduce((s, v, i) => s + v * x[i]!, 0)];
    const model = new LinearRegression().fit(x.map((v) => [v]), y); // biome-ignore format: rows of one
    expectClose(model.coef, [(5 * sumXY - 2 * sumY) / 226]);
    expectClose(model.intercept, (46 * sumY - 2 * sumXY) / 226);
    expectClose(model.coef, [2], { atol: 0.05 });
  });

  it('B2: the cost of W x on (1, 1), (2, 2), (3, 3) is 0 for W = 1, and 4.67 for W = 0 and W = 2', () => {
    const x = [[1], [2], [3]];
    const y = [1, 2, 3];
    const cost = (predicted: ArrayLike<number>) => meanSquaredError(y, predicted);
    const fitted = new LinearRegression({ fitIntercept: false }).fit(x, y);
    expectClose(fitted.coef, [1]);
    expect(cost(fitted.predict(x))).toBeLessThan(1e-28);
    // A penalty so large that nothing is left of W.
    const none = new Lasso({ alpha: 1000, fitIntercept: false }).fit(x, y);
    expect([...none.coef]).toEqual([0]);
    expectClose(cost(none.predict(x)), 14 / 3);
    expectClose(cost(x.map(([value]) => 2 * value!)), 14 / 3);
    // Example 5: y = .5 x + 4 where 2 x + 2 is right, at x = 3: 5.5 instead of 8, squared 6.25.
    const line = new LinearRegression().fit([[0], [2]], [4, 5]);
    expectClose(line.predictOne([3]), 5.5);
    expectClose((8 - line.predictOne([3])) ** 2, 6.25);
  });

  it('B2: gradient descent comes to W = 1', () => {
    const options = { penalty: null, learningRate: 'constant', eta0: 0.1, tol: null, maxIter: 100, seed: 0 } as const;
    const model = new SGDRegressor({ ...options, fitIntercept: false }).fit([[1], [2], [3]], [1, 2, 3]);
    expectClose(model.coef, [1]);
    // One step of scikit-learn's ½ (p - y)²: W = 0 + .1 · 1 at the first row.
    const step = new SGDRegressor({ ...options, fitIntercept: false, shuffle: false, maxIter: 1 }).fit([[1]], [1]);
    expectClose(step.coef, [0.1]);
  });

  it('B3: hours 1 to 6 and who passed', () => {
    const hours = [[1], [2], [3], [4], [5], [6]];
    const passed = [false, false, false, true, true, true];
    const model = new LogisticRegression().fit(hours, passed);
    expect(model.predict(hours)).toEqual(passed);
    expectClose(model.decisionFunction([[3.5]]), [0], { atol: 1e-9 });
    expectClose(model.predictProba([[3.5]]), [[0.5, 0.5]]);
    // A line fitted to 0 and 1 crosses .5 at 3.5 too, but one late hour more moves it.
    const zeroOne = passed.map(Number);
    expectClose(new LinearRegression().fit(hours, zeroOne).predictOne([3.5]), 0.5);
    const moved = new LinearRegression().fit([...hours, [50]], [...zeroOne, 1]);
    expect(moved.predictOne([4])).toBeLessThan(0.5);
    expect(new LogisticRegression().fit([...hours, [50]], [...passed, true]).predictOne([4])).toBe(true);
  });

  it('B3: softmax(2, 1, .1) is .659, .242, .099', () => {
    const json = JSON.parse(JSON.stringify(new LogisticRegression().fit([[0], [1], [2]], [0, 1, 2])));
    const encoded = (values: number[], shape: number[]) => ({
      dtype: 'float64',
      shape,
      data: btoa(String.fromCharCode(...new Uint8Array(Float64Array.from(values).buffer))),
    });
    const model = LogisticRegressionModel.fromJSON({
      ...json,
      coef: encoded([2, 1, 0.1], [3, 1]),
      intercept: encoded([0, 0, 0], [3]),
    });
    const [row] = model.predictProba([[1]]).toArray();
    expectClose(row, [0.65900114, 0.24243297, 0.09856589], { rtol: 1e-7 });
    expect(row!.map((p) => p.toFixed(3))).toEqual(['0.659', '0.242', '0.099']);
    expectClose(model.predictLogProba([[1]]).toArray()[0], row!.map(Math.log));
  });

  it('E6 and example 13: the penalties of w = (1, 0, 0, 0) and (¼, ¼, ¼, ¼), and the erratum of the source', () => {
    const w1 = Float64Array.of(1, 0, 0, 0);
    const w2 = Float64Array.of(0.25, 0.25, 0.25, 0.25);
    expect([squaredNorm(w1), squaredNorm(w2)]).toEqual([1, 0.25]);
    expect([l1Norm(w1), l1Norm(w2)]).toEqual([1, 1]);
    // β w² + |w| with β = 1.
    const elastic = (w: Float64Array) => 1 * squaredNorm(w) + l1Norm(w);
    expect([elastic(w1), elastic(w2)]).toEqual([2, 1.25]);
    // Both give w · x = 1 for x = (1, 1, 1, 1): a ridge has equal shares, a lasso does not mind.
    const x = [[1, 1, 1, 1]];
    const ridge = new Ridge({ alpha: 1e-9, fitIntercept: false }).fit(x, [1]);
    expectClose(ridge.coef, w2, { rtol: 1e-8 });
    // The elastic net too: λ₁ = λ₂ = .05, so each is (1 - .05) / (4 + .05).
    const net = new ElasticNet({ alpha: 0.1, l1Ratio: 0.5, fitIntercept: false, tol: 1e-14 }).fit(x, [1]);
    expectClose(net.coef, w2.map(() => 0.95 / 4.05), { rtol: 1e-5 }); // biome-ignore format: short
    expectClose(l1Norm(new Lasso({ alpha: 1e-9, fitIntercept: false }).fit(x, [1]).coef), 1, { rtol: 1e-8 });
    // The notes compute Σ (1 - w)² and Σ |1 - w| instead: 3 and 2.25, 3 and 3.
    const away = (w: Float64Array) => w.map((value) => 1 - value);
    expect([squaredNorm(away(w1)), squaredNorm(away(w2))]).toEqual([3, 2.25]);
    expect([l1Norm(away(w1)), l1Norm(away(w2))]).toEqual([3, 3]);
  });

  it('E6: the hinge loss of all classes, Σ max(0, s_c - s_y + 1), and that 2 W has loss 0 too', () => {
    // Scores 3.2, 5.1, -1.7 of which the first is true: max(0, 2.9) + max(0, -3.9) = 2.9.
    const slopes = new Float64Array(3);
    expectClose(multiclassHinge.evaluate(Float64Array.of(3.2, 5.1, -1.7), 0, slopes), 2.9);
    expect([...slopes]).toEqual([-1, 1, 0]);
    expectClose(multiclassHinge.evaluate(Float64Array.of(2.2, 2.5, -3.1), 2, slopes), 6.3 + 6.6);
    expect([...slopes]).toEqual([1, 1, -2]);
    for (const times of [1, 2]) {
      expect(multiclassHinge.evaluate(Float64Array.of(1.3 * times, 4.9 * times, 2 * times), 1, slopes)).toBe(0);
    }
    const x = [[0, 0], [0, 1], [5, 5], [6, 5], [-5, 5], [-5, 6]]; // biome-ignore format: three groups
    const y = ['a', 'a', 'b', 'b', 'c', 'c'];
    const model = new SGDClassifier({ loss: 'multiclassHinge', seed: 0 }).fit(x, y);
    expect(model.predict(x)).toEqual(y);
    expect(model.coef.shape).toEqual([3, 2]);
  });

  it('the perceptron: one pass over AND by hand', () => {
    // η 1, w = 0: (0,0) on the line counts as wrong, so b = -1; (0,1) and (1,0) are right; (1,1) is wrong: w = (1, 1), b = 0.
    const x = [[0, 0], [0, 1], [1, 0], [1, 1]]; // biome-ignore format: four rows
    const and = [0, 0, 0, 1];
    const once = new Perceptron({ shuffle: false, maxIter: 1, tol: null }).fit(x, and);
    expect(once.coef.toArray()).toEqual([[1, 1]]);
    expect([...once.intercept]).toEqual([0]);
    const model = new Perceptron({ shuffle: false }).fit(x, and);
    expect(model.predict(x)).toEqual(and);
    // XOR has no such line.
    const xor = [0, 1, 1, 0];
    expect(new Perceptron({ seed: 0, maxIter: 200, tol: null }).fit(x, xor).score(x, xor)).toBeLessThan(1);
  });

  it('losses by hand', () => {
    const at = (name: Parameters<typeof lossOf>[0], p: number, y: number) => {
      const loss = lossOf(name, 0.1);
      return [loss.value(p, y), loss.slope(p, y)];
    };
    expectClose(at('hinge', 0.5, 1), [0.5, -1]);
    expectClose(at('hinge', 1.5, 1), [0, 0]);
    expectClose(at('perceptron', -0.5, 1), [0.5, -1]);
    expectClose(at('squaredHinge', -1, 1), [4, -4]);
    expectClose(at('modifiedHuber', -2, 1), [8, -4]);
    expectClose(at('modifiedHuber', 0, -1), [1, 2]);
    expectClose(at('logLoss', 0, 1), [Math.LN2, -0.5]);
    expectClose(at('logLoss', -800, 1), [800, -1]);
    expectClose(at('huber', 2, 1), [0.1 - 0.005, 0.1]);
    expectClose(at('epsilonInsensitive', 1.05, 1), [0, 0]);
    expectClose(at('squaredEpsilonInsensitive', 0, 1), [0.81, -1.8]);
    expectClose(at('squaredError', 3, 1), [2, 2]);
  });

  it('a lasso of one column shrinks by α: w = sign(c) max(|c| - α, 0) for columns of mean square 1', () => {
    const x = [[1], [-1], [1], [-1]];
    const y = [3, -1, 1, -3]; // c = Σ x y / n = 2
    for (const [alpha, w] of [
      [0.5, 1.5],
      [2, 0],
      [3, 0],
    ] as const) {
      // biome-ignore format: pairs
      expectClose(new Lasso({ alpha }).fit(x, y).coef, [w]);
    }
    // The elastic net divides by 1 + α (1 - ρ) besides.
    expectClose(new ElasticNet({ alpha: 1, l1Ratio: 0.5 }).fit(x, y).coef, [1.5 / 1.5]);
    // A ridge divides Σ x y = 8 by Σ x² + α.
    expectClose(new Ridge({ alpha: 4 }).fit(x, y).coef, [1]);
  });

  it('leave-one-out of RidgeCV is what leaving each row out gives', () => {
    const x = [[1, 2], [2, 1], [3, 5], [4, 3], [5, 8], [7, 1]]; // biome-ignore format: six rows
    const y = [1, 3, 2, 5, 4, 9];
    const alphas = [0.5, 2, 8];
    const model = new RidgeCV({ alphas }).fit(x, y);
    const brute = alphas.map((alpha) => {
      const squares = x.map((row, i) => {
        const others = x.filter((_, k) => k !== i);
        const fit = new Ridge({ alpha }).fit(others, y.filter((_, k) => k !== i)); // biome-ignore format: short
        return (y[i]! - fit.predictOne(row)) ** 2;
      });
      return squares.reduce((sum, value) => sum + value, 0) / squares.length;
    });
    expectClose(model.errors, brute);
    expect(model.alpha).toBe(alphas[brute.indexOf(Math.min(...brute))]);
    expectClose(model.coef, new Ridge({ alpha: model.alpha }).fit(x, y).coef);
  });
});

describe("LinearRegression on NIST's problems", () => {
  for (const { name, x, y, powers, estimates } of nist.problems) {
    it(`${name}: seven digits at least`, () => {
      const withIntercept = powers === null || powers[0] === 0;
      const rows = x.map((value) => {
        if (powers === null) return value as number[];
        const from = withIntercept ? 1 : powers[0]!;
        return Array.from({ length: powers[1]! - from + 1 }, (_, k) => power(value as number, from + k));
      });
      const model = new LinearRegression({ fitIntercept: withIntercept }).fit(rows, y);
      const found = withIntercept ? [model.intercept, ...model.coef] : [...model.coef];
      expectClose(found, estimates, { rtol: name === 'Filip' ? 1e-7 : 1e-12 });
    });
  }

  function power(x: number, k: number): number {
    let product = 1;
    for (let i = 0; i < k; i++) product *= x;
    return product;
  }
});

describe('A14: the lasso on Boston, columns and prices as they are', () => {
  const { x, y } = boston();

  it('five folds of consecutive rows and a fine grid of α: the best is about .345 with a negative mean squared error of -34.44', () => {
    // scikit-learn: validation_curve(Lasso(alpha), X, y, cv=KFold(5), scoring='neg_mean_squared_error'), alpha from .001 to 1.
    const alphas = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const model = new LassoCV({ alphas, cv: 5, tol: 1e-8 }).fit(x, y);
    expectClose(model.alpha, 0.345, { atol: 0.0015 });
    const means = model.msePath.toArray().map((row) => row.reduce((sum, mse) => sum + mse, 0) / row.length);
    const best = model.alphas.indexOf(model.alpha);
    expectClose(-means[best]!, -34.44, { atol: 0.005 });
    expect(Math.min(...means)).toBe(means[best]);
    // The whole curve and the path are there.
    expect([model.msePath.shape, model.coefPath.shape]).toEqual([[999, 5], [13, 999]]); // biome-ignore format: shapes
    expect(model.dualGaps).toHaveLength(999);
    expectClose(model.coefPath.toArray().map((row) => row[best]), model.coef); // biome-ignore format: a column
  });

  it('the grid of scikit-learn, by default', () => {
    const model = new LassoCV().fit(x, y);
    expectClose(model.alpha, 0.7248204283772594, { rtol: 1e-9 });
    const means = model.msePath.toArray().map((row) => row.reduce((sum, mse) => sum + mse, 0) / row.length);
    expectClose(Math.min(...means), 35.17852823374341, { rtol: 1e-3 });
  });
});

describe('together with other packages', () => {
  it('a tensor goes in, scores come out', () => {
    const x = tensor([[0, 1], [1, 0], [4, 5], [5, 4]]); // biome-ignore format: four rows
    const y = ['low', 'low', 'high', 'high'];
    const model = new LogisticRegression().fit(x, y);
    expect(accuracyScore(y, model.predict(x))).toBe(1);
  });
});
