import { readFileSync } from 'node:fs';
import { DataError, OptionError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { failuresOf, type Traits } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import {
  crossValidate,
  DummyClassifier,
  DummyClassifierModel,
  DummyRegressor,
  DummyRegressorModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const forms = {
  toBytes,
  fromBytes,
  tensor: (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype }),
  sparseRows: (rows: number[][]) => toSparse(tensor(rows, { dtype: 'float64' })),
};

describe('baselines conform but for what they are not: good', () => {
  it('DummyClassifier as a classifier', async () => {
    const failures = await failuresOf('classifier', {
      name: 'DummyClassifier',
      Estimator: DummyClassifier,
      Model: DummyClassifierModel,
      traits: traits.DummyClassifier as Traits,
      options: { seed: 0 },
      ...forms,
    });
    expect(failures).toEqual({
      'tells groups apart that lie far apart, and scores the share it gets right':
        'it must get most rows right, got 0.3333333333333333',
    });
  });

  it('DummyRegressor as a regressor', async () => {
    const failures = await failuresOf('regressor', {
      name: 'DummyRegressor',
      Estimator: DummyRegressor,
      Model: DummyRegressorModel,
      traits: traits.DummyRegressor as Traits,
      ...forms,
    });
    expect(failures).toEqual({ 'fits a line with little noise, and scores R²': 'R² must be above 0.5, got 0' });
  });
});

interface ClassifierCase {
  strategy: string;
  constant: string | null;
  weighted: boolean;
  prior: number[];
  predict: string[] | null;
  proba: number[][];
}
interface RegressorCase {
  strategy: 'mean' | 'median' | 'quantile' | 'constant';
  quantile: number | null;
  constant: number | null;
  weighted: boolean;
  value: number;
  score: number;
}
const reference = JSON.parse(readFileSync(new URL('./fixtures/calibration.json', import.meta.url), 'utf8')) as {
  x: number[][];
  three: string[];
  weights: number[];
  yi: number[];
  wi: number[];
  dummies: { classifiers: ClassifierCase[]; regressors: RegressorCase[] };
};
const { x, three, weights, yi, wi, dummies } = reference;

describe('baselines, worked by hand', () => {
  it('three of four are a', () => {
    const [rows, labels] = [[[1], [2], [3], [4]], [...'aaba']];
    const model = new DummyClassifier().fit(rows, labels);
    expect(model.predict([[9], [9]])).toEqual(['a', 'a']);
    expect(model.predictProba([[9]]).toArray()).toEqual([[0.75, 0.25]]);
    expectClose(model.predictLogProba([[9]]).toArray(), [[Math.log(0.75), Math.log(0.25)]]);
    expect(model.score(rows, labels)).toBe(0.75);
    expect(String(model)).toBe("DummyClassifierModel: prior of 2 classes, always 'a'");
    const fit = (options: object) => new DummyRegressor(options).fit(rows, [1, 2, 3, 10]);
    const models = [
      fit({}),
      fit({ strategy: 'median' }),
      fit({ strategy: 'quantile', quantile: 0.9 }),
      fit({ strategy: 'constant', constant: 7 }),
    ];
    expectClose(
      models.map(({ constant }) => constant),
      [4, 2.5, 3 + 0.7 * 7, 7],
    );
    expect(String(fit({}))).toBe('DummyRegressorModel: always 4');
    expect(String(new DummyRegressor({ strategy: 'quantile', quantile: 0.9 }))).toBe(
      "DummyRegressor { strategy: 'quantile', quantile: 0.9 }",
    );
  });
});

describe('baselines against scikit-learn', () => {
  it('classifiers', () => {
    for (const { strategy, constant, weighted, prior, predict, proba } of dummies.classifiers) {
      const name = strategy === 'most_frequent' ? 'mostFrequent' : (strategy as 'prior');
      const model = new DummyClassifier({ strategy: name, constant, seed: 0 }).fit(
        x,
        three,
        weighted ? { sampleWeight: weights } : {},
      );
      expectClose(model.classPrior, prior, { rtol: 1e-12 });
      expectClose(model.predictProba(x.slice(0, 2)).toArray(), proba, { rtol: 1e-12 });
      if (predict !== null) expect(model.predict(x.slice(0, 2))).toEqual(predict);
    }
  });

  it('regressors', () => {
    const rows = x.slice(0, 30).map(([a]) => [a!]);
    for (const { strategy, quantile, constant, weighted, value, score } of dummies.regressors) {
      const model = new DummyRegressor({ strategy, quantile, constant }).fit(
        rows,
        yi,
        weighted ? { sampleWeight: wi } : {},
      );
      expectClose(model.constant, value, { rtol: 1e-12 });
      expectClose(model.score(rows, yi), score, { rtol: 1e-9, atol: 1e-12 });
    }
  });
});

describe('baselines that draw', () => {
  const many = Array.from({ length: 3000 }, () => [0]);
  const labels = many.map((_, i) => (i % 5 === 0 ? 'rare' : i % 5 < 3 ? 'even' : 'more'));

  for (const [strategy, shares] of [
    ['stratified', { even: 0.4, more: 0.4, rare: 0.2 }],
    ['uniform', { even: 1 / 3, more: 1 / 3, rare: 1 / 3 }],
  ] as const) {
    it(`${strategy}: by the shares, the same for the same seed and after saving`, () => {
      const model = new DummyClassifier({ strategy, seed: 3 }).fit(many, labels);
      const drawn = model.predict(many);
      for (const [label, p] of Object.entries(shares)) {
        const share = drawn.filter((own) => own === label).length / drawn.length;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / drawn.length));
      }
      expect(model.predict(many)).toEqual(drawn);
      expect(fromBytes(DummyClassifierModel, toBytes(model)).predict(many)).toEqual(drawn);
      expect(new DummyClassifier({ strategy, seed: 4 }).fit(many, labels).predict(many)).not.toEqual(drawn);
      expect(model.predictOne([0])).toBe(drawn[0]);
      const proba = model.predictProba(many).toArray();
      if (strategy === 'uniform') expectClose(proba[7], [1 / 3, 1 / 3, 1 / 3]);
      else expect(proba.map((row) => model.classes[row.indexOf(1)])).toEqual(drawn);
    });
  }

  it('two fits without a seed draw differently', () => {
    const fit = () => new DummyClassifier({ strategy: 'uniform' }).fit(many, labels).predict(many);
    expect(fit()).not.toEqual(fit());
  });

  it('cross-validate', async () => {
    const scores = await crossValidate(new DummyClassifier(), many, labels, {
      cv: 3,
      scoring: ['accuracy', 'balancedAccuracy'],
    });
    expectClose(scores.testScores.accuracy, [0.4, 0.4, 0.4]);
    expectClose(scores.testScores.balancedAccuracy, [1 / 3, 1 / 3, 1 / 3]);
  });
});

it('baselines refuse what they cannot use', () => {
  expectError(
    () => new DummyClassifier({ strategy: 'constant' }),
    OptionError,
    "DummyClassifier: constant is needed for the strategy 'constant'",
  );
  expectError(
    () => new DummyClassifier({ strategy: 'constant', constant: 'c' }).fit([[1]], ['a']),
    DataError,
    "DummyClassifier: constant must be one of the labels of y, got 'c'",
  );
  expectError(
    () => new DummyRegressor({ strategy: 'quantile' }),
    OptionError,
    "DummyRegressor: quantile is needed for the strategy 'quantile'",
  );
  expectError(
    () => new DummyRegressor({ strategy: 'quantile', quantile: 1.5 }),
    OptionError,
    'DummyRegressor: quantile must be a number ≥ 0 and ≤ 1, got 1.5',
  );
  expectError(
    () => new DummyRegressor({ constant: Number.POSITIVE_INFINITY }),
    OptionError,
    'DummyRegressor: constant must be a number, got Infinity',
  );
});
