import { readFileSync } from 'node:fs';
import { DataError, OptionError, type Progress, ShapeError } from '@maru-ml/base';
import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel } from '@maru-ml/linalg';
import { StandardScaler } from '@maru-ml/preprocessing';
import {
  type Classifier,
  type ClassifierModel,
  fromBytes,
  type Label,
  type MatrixLike,
  type Table,
  tensor,
  toBytes,
  toSparse,
} from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, failuresOf, type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CalibratedClassifier,
  CalibratedClassifierModel,
  calibrate,
  calibrationCurve,
  crossValidate,
  DummyClassifier,
  gridSearch,
  IsotonicRegression,
  IsotonicRegressionModel,
  isotonicRegression,
  KFold,
  pipeline,
  StratifiedKFold,
  scorerOf,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };
import { NearestCentroid, NearestCentroidModel, Ridge } from './estimators.ts';

const rowsToTensor = (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype });
const classes = { NearestCentroidModel, LinearDiscriminantAnalysisModel };

/** The kit makes estimators of their options alone, so the classifier within is always this one. */
class CalibratedCentroid extends CalibratedClassifier {
  constructor(options: object = {}) {
    super(new NearestCentroid(), options);
  }
}
const calibratedSpec = {
  name: 'CalibratedClassifier',
  Estimator: CalibratedCentroid,
  Model: {
    fromJSON: (json: unknown) => CalibratedClassifierModel.fromJSON(json, { classes }),
  },
  traits: traits.CalibratedClassifier as Traits,
  toBytes,
  fromBytes,
  tensor: rowsToTensor,
};
for (const options of [{}, { method: 'isotonic' }, { ensemble: false }])
  checkClassifier({ ...calibratedSpec, options });

describe('IsotonicRegression conforms as a regressor, with one column', () => {
  it('but for the checks that need a second one', async () => {
    const adapt = ({ x, y }: { x: number[][]; y: number[] }) => ({
      x: x.map(([, , , value]) => [value!]),
      y: x.map(([, , , value], i) => value! ** 3 + 0.1 * Math.sign(y[i]!)),
    });
    const failures = await failuresOf('regressor', {
      name: 'IsotonicRegression',
      Estimator: IsotonicRegression,
      Model: IsotonicRegressionModel,
      traits: traits.IsotonicRegression as Traits,
      toBytes,
      fromBytes,
      tensor: rowsToTensor,
      options: { outOfBounds: 'clip' },
      adapt,
    });
    // They damage column 1, or cut all columns but one off.
    expect(Object.keys(failures).sort()).toEqual([
      'refuses NaN by its place',
      'refuses infinity by its place',
      'refuses rows with other columns than it was fitted with',
    ]);
  });

  it('what these checks would check, with the column there is', () => {
    const fit = (x: number[][]) => new IsotonicRegression().fit(x, [1, 2, 3]);
    const model = fit([[1], [2], [3]]);
    const nan = 'IsotonicRegression: x[2, 0] is NaN; impute or drop missing values first (see SimpleImputer)';
    const infinite = 'IsotonicRegression: x[1, 0] is Infinity; all numbers must be finite';
    for (const run of [fit, (x: number[][]) => model.predict(x)]) {
      expectError(() => run([[1], [2], [Number.NaN]]), DataError, nan);
      expectError(() => run([[1], [Number.POSITIVE_INFINITY], [2]]), DataError, infinite);
    }
    const wide = 'IsotonicRegression: x has 2 columns, but the model was fitted with 1';
    expectError(() => model.predict([[1, 2]]), ShapeError, wide);
  });
});

interface Case {
  target: 'two' | 'three';
  base: 'scores' | 'probabilities';
  method: 'sigmoid' | 'isotonic';
  ensemble: boolean;
  weighted: boolean;
  proba: number[][];
  sigmoids?: [number, number][];
}
const reference = JSON.parse(readFileSync(new URL('./fixtures/calibration.json', import.meta.url), 'utf8')) as {
  x: number[][];
  two: number[];
  three: string[];
  weights: number[];
  new: number[][];
  cases: Case[];
  prefit: Case[];
  xi: number[];
  yi: number[];
  wi: number[];
  at: number[];
  isotonic: {
    options: { yMin: number | null; yMax: number | null; increasing: boolean | 'auto' };
    weighted: boolean;
    sign: number;
    x: number[];
    y: number[];
    at: number[];
  }[];
  lists: { increasing: boolean; weighted: boolean; y: number[] }[];
  p: number[];
  happened: number[];
  curves: { nBins: number; strategy: 'uniform' | 'quantile'; posLabel: number; curve: [number[], number[]] }[];
};
const { x, two, three, weights, xi, yi, wi } = reference;
const column = (values: readonly number[]) => values.map((value) => [value]);

/** The discriminant without its decision function. */
class Probabilities implements Classifier {
  readonly options = {};
  fit<L extends Label>(rows: MatrixLike, y: ArrayLike<L>): ClassifierModel<L> {
    const model = new LinearDiscriminantAnalysis().fit(rows, y);
    return new Proxy(model, {
      get: (target, name) => {
        if (name === 'decisionFunction') return undefined;
        const value = target[name as keyof typeof target] as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as unknown as ClassifierModel<L>;
  }
  async fitAsync<L extends Label>(rows: MatrixLike, y: ArrayLike<L>): Promise<ClassifierModel<L>> {
    return this.fit(rows, y);
  }
}

describe('calibration, worked by hand', () => {
  it('isotonic: neighbors that fall are pooled to their mean', () => {
    // 1, 3, 2, 4: 3 and 2 become 2.5. With weight 3 on the 2 they become (3 + 6) / 4.
    expect([...isotonicRegression([1, 3, 2, 4])]).toEqual([1, 2.5, 2.5, 4]);
    expect([...isotonicRegression([1, 3, 2, 4], { sampleWeight: [1, 1, 3, 1] })]).toEqual([1, 2.25, 2.25, 4]);
    expect([...isotonicRegression([1, 3, 2, 4], { increasing: false })]).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect([...isotonicRegression([1, 3, 2, 4], { yMin: 2, yMax: 3 })]).toEqual([2, 2.5, 2.5, 3]);
    const model = new IsotonicRegression().fit([[0], [1], [2], [4]], [1, 3, 2, 4]);
    expect([...model.predict([[0.5], [1.5], [3]])]).toEqual([1.75, 2.5, 3.25]);
    expect(String(model)).toBe('IsotonicRegressionModel: 4 corners, 1 at 0 to 4 at 4');
  });

  it('the sigmoid of equal scores is flat, though their mean is rounded', () => {
    // .7 of 15 rows, five of which are of the second class.
    const labels = Array.from({ length: 15 }, (_, i) => (i % 3 === 0 ? 'b' : 'a'));
    const always = { nFeaturesIn: 1, classes: ['a', 'b'], decisionFunction: () => new Float64Array(15).fill(0.7) };
    const rows = labels.map(() => [0]);
    const model = calibrate(always as never, rows as never, labels);
    expectClose(model.sigmoids![0]![0]!.a, 0, { atol: 1e-9 });
    expectClose(model.predictProba(rows as never).toArray()[0]!, [
      1 - (5 * (6 / 7) + 10 / 12) / 15,
      (5 * (6 / 7) + 10 / 12) / 15,
    ]);
  });

  it('the sigmoid of scores that differ by less than its slope can say is flat', () => {
    const tiny = {
      nFeaturesIn: 1,
      classes: ['a', 'b'],
      decisionFunction: (x: number[][]) => Float64Array.from(x, ([value]) => value! * 1e-320),
    };
    const rows = [[1], [2], [3], [4]];
    const model = calibrate(tiny as never, rows as never, [...'abab']);
    expectClose(
      model.predictProba(rows as never),
      rows.map(() => [0.5, 0.5]),
    );
  });

  it('the sigmoid of scores that say nothing is the smoothed share', () => {
    // Three of one class and one of the other, all with the same score: targets are 4/5 three times... 1 of (1 + 1) / (1 + 2) = 2/3, 3 of
    // 1 / (3 + 2) = 1/5. Their mean is (2/3 + 3/5) / 4 = 19/60.
    const model = new NearestCentroid().fit([[0], [0], [0], [0]], ['a', 'a', 'a', 'b']);
    const calibrated = calibrate(model, [[0], [0], [0], [0]], ['a', 'a', 'a', 'b']);
    expectClose(calibrated.predictProba([[0]]).toArray(), [[41 / 60, 19 / 60]], { rtol: 1e-10 });
  });

  it('a curve of four rows in two bins', () => {
    const curve = calibrationCurve(['no', 'yes', 'yes', 'yes'], [0.1, 0.3, 0.6, 1], { nBins: 2 });
    expectClose(curve.probTrue, [0.5, 1]);
    expectClose(curve.probPred, [0.2, 0.8]);
  });

  it('a probability that a quantile falls on is in the bin that scikit-learn puts it in', () => {
    const p = Array.from({ length: 7 }, (_, i) => i / 8);
    const curve = calibrationCurve([0, 1, 0, 1, 0, 1, 0], p, { nBins: 6, strategy: 'quantile' });
    // By exact arithmetic 4/8 would be the last of the fourth bin: there it begins the fifth.
    expect([...curve.probPred]).toEqual([0, 0.125, 0.3125, 0.5625, 0.75]);
    expect([...curve.probTrue]).toEqual([0, 1, 0.5, 0.5, 0]);
  });
});

describe('calibration against scikit-learn', () => {
  for (const { target, base, method, ensemble, proba } of reference.cases) {
    it(`${method} of ${base}, ${target} classes, ${ensemble ? 'an ensemble' : 'one model'}`, async () => {
      const estimator = base === 'scores' ? new LinearDiscriminantAnalysis() : new Probabilities();
      const calibrated = new CalibratedClassifier(estimator, { method, cv: 4, ensemble });
      const labels: Label[] = target === 'two' ? two : three;
      const model = calibrated.fit(x, labels);
      expectClose(model.predictProba(reference.new).toArray(), proba, { rtol: 1e-8, atol: 1e-10 });
      expect(model.models).toHaveLength(ensemble ? 4 : 1);
      expect((await calibrated.fitAsync(x, labels)).predictProba(x)).toEqual(model.predictProba(x));
    });
  }

  for (const { target, method, weighted, proba, sigmoids } of reference.prefit) {
    it(`${method} of a fitted model, ${target} classes${weighted ? ', weighted' : ''}`, () => {
      const labels: Label[] = target === 'two' ? two : three;
      const model = new LinearDiscriminantAnalysis().fit(x.slice(0, 40), labels.slice(0, 40));
      const options = weighted ? { method, sampleWeight: weights.slice(40) } : { method };
      const calibrated = calibrate(model, x.slice(40), labels.slice(40), options);
      expectClose(calibrated.predictProba(reference.new).toArray(), proba, { rtol: 1e-8, atol: 1e-10 });
      if (sigmoids === undefined) expect(calibrated.sigmoids).toBeUndefined();
      else
        expectClose(
          calibrated.sigmoids![0]!.map(({ a, b }) => [a, b]),
          sigmoids,
          { rtol: 1e-7, atol: 1e-9 },
        );
    });
  }

  it('isotonic regressions', () => {
    for (const { options, weighted, sign, ...expected } of reference.isotonic) {
      const regression = new IsotonicRegression({ ...options, outOfBounds: 'clip' });
      const model = regression.fit(
        column(xi),
        yi.map((value) => sign * value),
        weighted ? { sampleWeight: wi } : {},
      );
      // Corners that differ by rounding alone may be there or not; the function is the same.
      expectClose(model.predict(column(reference.at)), expected.at, { rtol: 1e-9, atol: 1e-12 });
      expectClose(model.predict(column(expected.x)), expected.y, { rtol: 1e-9, atol: 1e-12 });
      expect(model.increasing).toBe(options.increasing === 'auto' ? sign === 1 : options.increasing);
    }
    for (const { increasing, weighted, y } of reference.lists) {
      const sampleWeight = wi.map((weight) => weight + 0.1);
      const found = isotonicRegression(yi, { increasing, yMin: 0.5, yMax: 2, ...(weighted && { sampleWeight }) });
      expectClose(found, y, { rtol: 1e-9 });
    }
  });

  it('calibration curves', () => {
    for (const { nBins, strategy, posLabel, curve } of reference.curves) {
      const found = calibrationCurve(reference.happened, reference.p, { nBins, strategy, posLabel });
      expectClose(found.probTrue, curve[0], { rtol: 1e-12 });
      expectClose(found.probPred, curve[1], { rtol: 1e-12 });
    }
  });
});

describe('calibrated classifiers', () => {
  it('are typed, print, and take part in pipelines and searches', async () => {
    const calibrated = new CalibratedClassifier(pipeline(new StandardScaler(), new LinearDiscriminantAnalysis()), {
      cv: 3,
    });
    const model = calibrated.fit(x, three);
    expectTypeOf(model.predict(x)).toEqualTypeOf<string[]>();
    expect(String(new CalibratedClassifier(new NearestCentroid()))).toBe(
      "CalibratedClassifier { NearestCentroid, method: 'sigmoid', cv: 5, ensemble: true }",
    );
    expect(String(new CalibratedClassifier(new NearestCentroid(), { cv: new KFold() }))).toBe(
      "CalibratedClassifier { NearestCentroid, method: 'sigmoid', cv: a KFold, ensemble: true }",
    );
    expect(String(model).split('\n')[0]).toBe('CalibratedClassifierModel: 3 classes, sigmoid, 3 models');
    const scores = await crossValidate(pipeline(new StandardScaler(), calibrated), x, three, {
      cv: 3,
      scoring: 'negLogLoss',
    });
    expect(scores.testScore.every((score) => score > -1.2)).toBe(true);
    const search = gridSearch(
      ({ method }) => new CalibratedClassifier(new LinearDiscriminantAnalysis(), { method, cv: 3 }),
      { method: ['sigmoid', 'isotonic'] },
      { cv: 3, scoring: scorerOf('negBrierScore') },
    );
    expect(search.fit(x, two).bestModel.models).toHaveLength(3);
  });

  it('take the rows that the classifier takes', () => {
    class Counting extends Probabilities {
      override fit<L extends Label>(rows: MatrixLike, y: ArrayLike<L>): ClassifierModel<L> {
        const sparse = rows as unknown as ReturnType<typeof toSparse>;
        const dense = (some: typeof sparse) =>
          Array.from({ length: some.shape[0] }, (_, i) => [some.indptr[i + 1]! - some.indptr[i]!]);
        const model = new NearestCentroid().fit(dense(sparse), y);
        return {
          ...model,
          nFeaturesIn: sparse.shape[1],
          predictProba: (some: never): Table => model.predictProba(dense(some)),
        } as unknown as ClassifierModel<L>;
      }
    }
    const sparse = toSparse(tensor(x.map((row, i) => row.map((v, j) => (j <= two[i]! ? v : 0)))));
    const model = new CalibratedClassifier(new Counting() as Classifier<never>, {
      cv: new StratifiedKFold({ nSplits: 3 }),
    }).fit(sparse as never, two);
    expect(model.score(sparse as never, two)).toBeGreaterThan(0.9);
  });

  it('tell of their folds, and stop', () => {
    const told: Progress[] = [];
    const calibrated = new CalibratedClassifier(new NearestCentroid(), { cv: 3 });
    calibrated.fit(x, three, { onProgress: (progress) => void told.push(progress) });
    expect(told).toEqual([1, 2, 3].map((step) => ({ step, total: 3, unit: 'fold', metrics: {} })));
    expect(calibrated.fit(x, three, { onProgress: ({ step }) => step < 2 }).models).toHaveLength(2);
    const one = new CalibratedClassifier(new NearestCentroid(), { cv: 3, ensemble: false });
    expectError(
      () => one.fit(x, three, { onProgress: () => false }),
      OptionError,
      'CalibratedClassifier: onProgress ended it after 1 of 4 fits; without ensemble all are needed',
    );
  });

  it('are calibrated: of many rows with a probability near p, a share near p is of the class', () => {
    // Scores that are the logits times four: far too sure. Their sigmoid is that of a quarter.
    let state = 1;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const logits = Array.from({ length: 4000 }, () => [8 * uniform() - 4]);
    const labels = logits.map(([logit]) => uniform() < 1 / (1 + Math.exp(-logit!)));
    const sure = {
      classes: [false, true],
      nFeaturesIn: 1,
      decisionFunction: (rows: number[][]) => Float64Array.from(rows, ([logit]) => 4 * logit!),
    };
    const model = calibrate(sure as unknown as ClassifierModel<boolean>, logits, labels);
    const [{ a, b }] = model.sigmoids![0] as [{ a: number; b: number }];
    expect(Math.abs(a + 0.25)).toBeLessThan(0.02);
    expect(Math.abs(b)).toBeLessThan(0.15);
    const { probTrue, probPred } = calibrationCurve(
      labels,
      model
        .predictProba(logits)
        .toArray()
        .map(([, p]) => p!),
      { nBins: 4 },
    );
    expectClose(probTrue, probPred, { rtol: 0, atol: 0.07 });
  });

  it('refuse what cannot be calibrated', () => {
    const refuse = (run: () => unknown, ErrorClass: new (message: string) => Error, message: string) =>
      expectError(run, ErrorClass, message);
    const make = (options: object, estimator: unknown = new NearestCentroid()) =>
      new CalibratedClassifier(estimator as Classifier, options);
    const owner = 'CalibratedClassifier';
    refuse(() => make({}, 3), OptionError, `${owner}: estimator must be a classifier, got 3`);
    refuse(() => make({ method: 'beta' }), OptionError, `${owner}: method must be 'sigmoid' or 'isotonic', got 'beta'`);
    refuse(() => make({ cv: 1 }), OptionError, `${owner}: cv must be an integer ≥ 2, a splitter or splits, got 1`);
    refuse(
      () => make({}).fit(x.slice(0, 3), ['a', 'a', 'a']),
      DataError,
      `${owner}: y must have at least two classes, got one`,
    );
    refuse(
      () => make({}).fit(x.slice(0, 8), [...'aaaaabbb']),
      DataError,
      `${owner}: cv is 5, but the label 'b' has only 3 rows`,
    );
    refuse(
      () => make({}, new Ridge()).fit(x, two),
      OptionError,
      `${owner}: the model must have classes and decisionFunction or predictProba, got a RidgeModel`,
    );
    const model = new NearestCentroid().fit(x, three);
    refuse(
      () =>
        calibrate(
          model,
          x,
          three.map((name) => (name === 'oak' ? 'elm' : name)),
        ),
      DataError,
      `calibrate: y[${three.indexOf('oak')}] is 'elm', which the model does not know`,
    );
    refuse(
      () =>
        calibrate(
          model,
          x.map((row) => row.slice(1)),
          three,
        ),
      ShapeError,
      'calibrate: x has 2 columns, but the model was fitted with 3',
    );
    refuse(
      () => calibrate(model, x, three, { cv: 3 } as object),
      OptionError,
      'calibrate: there is no option cv, only method and sampleWeight',
    );
    const json = JSON.parse(JSON.stringify(calibrate(model, x, three)));
    const short = structuredClone(json);
    short.members[0].calibrators.pop();
    refuse(
      () => CalibratedClassifierModel.fromJSON(short, { classes }),
      DataError,
      'CalibratedClassifierModel.fromJSON: a model of 3 classes has 2 calibrators',
    );
    refuse(
      () => CalibratedClassifierModel.fromJSON(json),
      OptionError,
      'CalibratedClassifierModel.fromJSON: the class of the model, NearestCentroidModel, is missing; give it as { classes: { NearestCentroidModel } }',
    );
  });
});

describe('what folds may lack', () => {
  const rows = [[0], [1], [2], [3], [4], [5]];
  const halves = [...'aaabbb'];

  it('a model of one class gives it all, as it would any class beside those it does not know', () => {
    const cv = [
      { train: Int32Array.of(0, 1), test: Int32Array.of(2, 3, 4) },
      { train: Int32Array.of(0, 3), test: Int32Array.of(1, 4) },
    ];
    for (const method of ['sigmoid', 'isotonic'] as const) {
      const model = new CalibratedClassifier(new DummyClassifier(), { method, cv }).fit(rows, halves);
      // The second model says half of each.
      expectClose(model.predictProba([[7]]), [[0.75, 0.25]]);
    }
  });

  it('a fold of which no row weighs anything cannot calibrate', () => {
    const cv = [
      { train: Int32Array.of(0, 1, 3), test: Int32Array.of(2, 4) },
      { train: Int32Array.of(2, 4, 5), test: Int32Array.of(0, 3) },
    ];
    for (const method of ['sigmoid', 'isotonic'] as const) {
      const estimator = new CalibratedClassifier(new DummyClassifier(), { method, cv });
      expectError(
        () => estimator.fit(rows, halves, { sampleWeight: [1, 1, 0, 1, 0, 1] }),
        DataError,
        'CalibratedClassifier: the rows to calibrate by all weigh 0; use folds whose test rows weigh something',
      );
    }
  });

  it('scores of pairs of classes, which are none of classes, are refused, through pipelines and searches too', () => {
    const within = new NearestCentroid().fit(x, three);
    const pairs = {
      classes: within.classes,
      nFeaturesIn: 3,
      decisionFunctionShape: 'ovo',
      decisionFunction: (given: MatrixLike) => within.predictProba(given),
      predict: (given: MatrixLike) => within.predict(given),
      toString: () => 'PairsModel',
    };
    const estimator = { options: {}, fit: () => pairs, fitAsync: async () => pairs } as unknown as Classifier;
    const message =
      "CalibratedClassifier: decisionFunctionShape of an object must be 'ovr', a score a class, got 'ovo'";
    expectError(() => calibrate(pairs as never, x, three), OptionError, message);
    expectError(() => new CalibratedClassifier(estimator).fit(x, three), OptionError, message);
    const piped = pipeline(new StandardScaler(), estimator);
    expectError(
      () => new CalibratedClassifier(piped as never).fit(x, three),
      OptionError,
      message.replace('an object', 'a PipelineModel'),
    );
    const searched = gridSearch(() => estimator, { C: [1] }, { scoring: () => 1, cv: 2 });
    expectError(
      () => new CalibratedClassifier(searched as never).fit(x, three),
      OptionError,
      message.replace('an object', 'a fitted Search'),
    );
  });
});

describe('isotonic regressions and curves', () => {
  it('laws: the fit rises, has the mean of y, and no rising list is nearer', () => {
    const lists = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lists, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 }), (pairs, steps) => {
        const y = pairs.map(([value]) => value);
        const w = pairs.map(([, weight]) => weight);
        const fitted = isotonicRegression(y, { sampleWeight: w });
        const distance = (other: ArrayLike<number>) =>
          y.reduce((sum, value, i) => sum + w[i]! * (value - other[i]!) ** 2, 0);
        for (let i = 1; i < y.length; i++) expect(fitted[i]!).toBeGreaterThanOrEqual(fitted[i - 1]!);
        const total = (values: ArrayLike<number>) => y.reduce((sum, _, i) => sum + w[i]! * values[i]!, 0);
        expectClose(total(fitted), total(y), { rtol: 1e-9, atol: 1e-9 });
        // Any other rising list: the fit with a rising one added.
        let raise = 0;
        const other = fitted.map((value, i) => {
          raise += steps[i]! / 10;
          return value + raise - 2;
        });
        expect(distance(fitted)).toBeLessThanOrEqual(distance(other) + 1e-9);
      }),
    );
  });

  it('stay finite between numbers whose distance is not', () => {
    const model = new IsotonicRegression().fit([[-1.7e308], [1.7e308]], [0, 1]);
    expectClose(model.predict([[0], [0.85e308]]), [0.5, 0.75]);
    const steep = new IsotonicRegression().fit([[0], [1]], [-1.6e308, 1.6e308]);
    expectClose(steep.predict([[0.25], [0.5], [1]]), [-0.8e308, 0, 1.6e308]);
  });

  it('refuse what is beyond the ends, other columns and bounds that cross', () => {
    const model = new IsotonicRegression().fit([[1], [2]], [0, 1]);
    expectError(
      () => model.predict([[1.5], [3]]),
      DataError,
      "IsotonicRegression: x[1, 0] is 3, but the model was fitted with 1 to 2; use outOfBounds: 'clip'",
    );
    expectError(
      () => model.predictOne([0]),
      DataError,
      "IsotonicRegression: the row is 0, but the model was fitted with 1 to 2; use outOfBounds: 'clip'",
    );
    expectError(
      () => new IsotonicRegression().fit([[1, 2]], [1]),
      ShapeError,
      'IsotonicRegression: x must have one column, got 2',
    );
    expectError(
      () => new IsotonicRegression({ yMin: 2, yMax: 1 }),
      OptionError,
      'IsotonicRegression: yMin must be ≤ yMax, got 2 and 1',
    );
    expectError(
      () => new IsotonicRegression({ increasing: 'yes' as 'auto' }),
      OptionError,
      "IsotonicRegression: increasing must be true, false or 'auto', got 'yes'",
    );
    expectError(() => isotonicRegression([]), DataError, 'isotonicRegression: y must have at least one number');
    expectError(
      () => isotonicRegression([1.6e308, -1.6e308]),
      DataError,
      'isotonicRegression: sums of y overflow; scale it down',
    );
    expectError(
      () => isotonicRegression([1, 2], { sampleWeight: [1, 0] }),
      DataError,
      'isotonicRegression: sampleWeight must be > 0 everywhere',
    );
    expectError(
      () => calibrationCurve([0, 1, 2], [0, 1, 1]),
      DataError,
      'calibrationCurve: yTrue must have two labels, got 3',
    );
    expectError(
      () => calibrationCurve([0, 1], [0, 1.5]),
      DataError,
      'calibrationCurve: yProb[1] must be from 0 to 1, got 1.5',
    );
    expectError(
      () => calibrationCurve([1, 1], [0, 1]),
      OptionError,
      'calibrationCurve: posLabel is needed, as yTrue has only the label 1',
    );
    expectError(
      () => calibrationCurve([0, 1], [0, 1], { posLabel: 3 }),
      OptionError,
      'calibrationCurve: posLabel must be one of the labels 0, 1, got 3',
    );
  });
});

it("the README's table of traits is made from traits.json", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
});
