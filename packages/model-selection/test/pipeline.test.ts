import { inspect } from 'node:util';
import { checkKnown, DataError, OptionError, ShapeError } from '@maru-ml/base';
import { LinearDiscriminantAnalysis, PCA, type PCAModel } from '@maru-ml/linalg';
import {
  ColumnTransformer,
  MinMaxScaler,
  OneHotEncoder,
  SelectKBest,
  SimpleImputer,
  StandardScaler,
  StandardScalerModel,
} from '@maru-ml/preprocessing';
import {
  type ClassifierModel,
  type Clusterer,
  type ClusterModel,
  fromBytes,
  type MatrixLike,
  type Model,
  type SparseRows,
  sparseFromElements,
  type Table,
  tensor,
  toBytes,
} from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import {
  checkClassifier,
  checkRegressor,
  checkTransformer,
  type Spec,
  type Traits,
} from '@maru-ml/tooling/testing/conformance';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type ClassifierPipelineModel,
  crossValidateSync,
  PipelineModel,
  pipeline,
  StratifiedKFold,
  validationCurve,
} from '../src/index.ts';
import { Centering, CenteringModel, NearestCentroid, NearestCentroidModel, Ridge, RidgeModel } from './estimators.ts';

const classes = { CenteringModel, StandardScalerModel, NearestCentroidModel, RidgeModel };

/** A pipeline as a class that is made of options, as the conformance checks want it. */
function spec(kind: Traits['kind'], make: (steps: { options: object }[]) => object): Spec {
  function Estimator(options: { steps?: { options: object }[] } = {}): object {
    checkKnown('Pipeline', options, ['steps']);
    return make(options.steps ?? [{ options: {} }, { options: {} }]);
  }
  return {
    name: 'Pipeline',
    Estimator: Estimator as unknown as Spec['Estimator'],
    Model: {
      fromJSON: (json: unknown) => PipelineModel.fromJSON(json, { classes }),
    },
    traits: {
      kind,
      missing: 'refuse',
      sparse: false,
      float32: 'widen',
      deterministic: true,
      sampleWeight: 'repeat',
      rowOrder: 'free',
      iterative: false,
    },
    toBytes,
    fromBytes,
    tensor: (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype }),
  };
}

checkClassifier(
  spec('classifier', ([first, last]) => pipeline(new Centering(first!.options), new NearestCentroid(last!.options))),
);
checkRegressor(spec('regressor', ([first, last]) => pipeline(new Centering(first!.options), new Ridge(last!.options))));
checkTransformer(
  spec('transformer', ([first, last]) => pipeline(new Centering(first!.options), new StandardScaler(last!.options))),
);

// Widths in m and weights in g: without scaling the weights alone decide.
const x = [[0.1, 900], [0.2, 300], [0.15, 500], [0.9, 800], [0.8, 200], [0.85, 600]]; // biome-ignore format: rows
const y = ['thin', 'thin', 'thin', 'wide', 'wide', 'wide'];

describe('pipeline, worked by hand', () => {
  it('does what its steps do one after the other', () => {
    const scaler = new StandardScaler().fit(x);
    const centroid = new NearestCentroid().fit(scaler.transform(x), y);
    const model = pipeline(new StandardScaler(), new NearestCentroid()).fit(x, y);
    expect(model.predict(x)).toEqual(y);
    expect(model.predict(x)).toEqual(centroid.predict(scaler.transform(x)));
    expect(model.predictProba(x)).toEqual(centroid.predictProba(scaler.transform(x)));
    expect(new NearestCentroid().fit(x, y).score(x, y)).toBeLessThan(1);
    expect(model.score(x, y)).toBe(1);
    expect(model.predictOne([0.8, 900])).toBe('wide');
    expect(model.classes).toEqual(['thin', 'wide']);
    expect(model.nFeaturesIn).toBe(2);
    expect(model.steps[0].mean).toEqual(scaler.mean);
  });

  it('hands y to each step that learns from it: the discriminant, and the classifier behind it', () => {
    const model = pipeline(new StandardScaler(), new LinearDiscriminantAnalysis(), new NearestCentroid()).fit(x, y);
    expect(model.predict(x)).toEqual(y);
    expect(model.steps[2].nFeaturesIn).toBe(1);
    // Its last step decides what it is: a discriminant at the end is a classifier.
    expect(pipeline(new StandardScaler(), new LinearDiscriminantAnalysis()).fit(x, y).classes).toEqual([
      'thin',
      'wide',
    ]);
  });

  it('takes named columns where its first step does, and chooses columns by y', () => {
    const columns = {
      width: Float64Array.of(0.1, 0.2, Number.NaN, 0.9, 0.8, 0.85),
      wood: ['oak', null, 'oak', 'ash', 'ash', 'ash'],
      noise: Float64Array.of(1, 2, 1, 2, 1, 2),
    };
    const parts = new ColumnTransformer<typeof columns>([
      ['numbers', pipeline(new SimpleImputer(), new StandardScaler()), ['width', 'noise']],
      ['words', new OneHotEncoder({ handleUnknown: 'ignore' }), ['wood']],
    ]);
    const model = pipeline(parts, new SelectKBest({ k: 2 }), new NearestCentroid()).fit(columns, y);
    expect(model.predict(columns)).toEqual(y);
    expect(model.steps[2].nFeaturesIn).toBe(2);
    const { testScore } = crossValidateSync(
      pipeline(parts, new SelectKBest({ k: 2 }), new NearestCentroid()),
      columns,
      y,
      { cv: new StratifiedKFold({ nSplits: 3 }) },
    );
    expect(testScore).toHaveLength(3);
  });

  it('hands weights to the steps that take them, of which the last must be one', async () => {
    const sampleWeight = [2, 1, 1, 1, 1, 0];
    const weighted = new StandardScaler().fit(x, { sampleWeight });
    const model = pipeline(new StandardScaler(), new PCA({ nComponents: 2 }), new Ridge()).fit(x, [1, 2, 3, 4, 5, 6], {
      sampleWeight,
    });
    expect(model.steps[0].mean).toEqual(weighted.mean);
    const later = await pipeline(new StandardScaler(), new PCA({ nComponents: 2 }), new Ridge()).fitAsync(
      x,
      [1, 2, 3, 4, 5, 6],
      { sampleWeight },
    );
    expect(JSON.stringify(later)).toBe(JSON.stringify(model));
    const refusal = refusalOf(() => new PCA().fit(x, { sampleWeight }));
    expect(refusal).toMatch(/^PCA: there is no option sampleWeight/);
    expectError(() => pipeline(new StandardScaler(), new PCA()).fit(x, { sampleWeight }), OptionError, refusal);
  });

  it('can be a step', () => {
    const inner = pipeline(new Centering(), new StandardScaler());
    const model = pipeline(inner, new NearestCentroid()).fit(x, y);
    expect(model.predict(x)).toEqual(y);
    expect(model.predictOne(x[3]!)).toBe('wide');
    const copy = PipelineModel.fromJSON(JSON.parse(JSON.stringify(model)), { classes });
    expect(copy.predict!(x)).toEqual(y);
    expectClose(inner.fit(x).inverseTransform(inner.fit(x).transform(x)), x);
  });

  it('ends in a clusterer', () => {
    const model = pipeline(new Centering(), new Halves()).fit(x);
    expect([...model.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect('classes' in model || 'transform' in model).toBe(false);
  });

  it('has what its last step has, and no more', () => {
    const regressor = pipeline(new Centering(), new Ridge()).fit(x, [1, 2, 3, 4, 5, 6]);
    expect(regressor.predict(x)).toBeInstanceOf(Float64Array);
    for (const name of ['classes', 'predictProba', 'decisionFunction', 'transform', 'labels']) {
      expect(name in regressor).toBe(false);
    }
    expect('inverseTransform' in pipeline(new Centering(), new MinMaxScaler()).fit(x)).toBe(true);
    expect('predict' in pipeline(new Centering(), new MinMaxScaler()).fit(x)).toBe(false);
  });

  it('prints its steps', () => {
    const estimator = pipeline(new Centering(), new Ridge());
    expect(inspect(estimator)).toBe('Pipeline\n  1. Centering\n  2. Ridge { alpha: 0.000001 }');
    expect(inspect(estimator.fit(x, [1, 2, 3, 4, 5, 6]))).toBe(
      'PipelineModel\n  1. CenteringModel: 2 columns\n  2. RidgeModel: 2 columns',
    );
    const long = pipeline(new Centering(), new Centering(), new Centering(), new Ridge());
    expect(String(long)).toBe('Pipeline\n  1. Centering\n  2. Centering\n  3. Centering\n  … 4 steps in all');
    expect(estimator.options).toEqual({
      steps: [
        { type: 'Centering', options: {} },
        { type: 'Ridge', options: { alpha: 1e-6 } },
      ],
    });
  });
});

describe('pipeline, types', () => {
  it('is of the kind of its last step', () => {
    const classifier = pipeline(new StandardScaler(), new NearestCentroid());
    const model = classifier.fit(x, y);
    expectTypeOf(model.predict(x)).toEqualTypeOf<string[]>();
    expectTypeOf(model.predictOne).parameter(0).toEqualTypeOf<ArrayLike<number>>();
    expectTypeOf(model.predictProba(x)).toEqualTypeOf<Table>();
    expectTypeOf(model.steps[0]).toEqualTypeOf<StandardScalerModel>();
    expectTypeOf(model).toExtend<ClassifierModel<string, MatrixLike>>();
    const numbered = classifier.fitAsync(x, [1, 2, 1, 2, 1, 2] as number[]);
    expectTypeOf<Awaited<typeof numbered>['predict']>().returns.toEqualTypeOf<number[]>();
    const regressor = pipeline(new StandardScaler(), new Ridge());
    expectTypeOf(regressor.fit(x, [1, 2, 3, 4, 5, 6]).predict(x)).toEqualTypeOf<Float64Array>();
    const transformer = pipeline(new StandardScaler(), new PCA());
    expectTypeOf(transformer.fit(x).steps[1]).toEqualTypeOf<PCAModel>();
    expectTypeOf(transformer.fit(x).transform(x)).toEqualTypeOf<Table>();
    // @ts-expect-error a transformer does not predict
    transformer.fit(x).predict;
    // @ts-expect-error a classifier needs labels
    expectError(() => classifier.fit(x), OptionError, 'Pipeline: y must be an array of labels, got undefined');
    // @ts-expect-error a regressor needs numbers
    expect(() => regressor.fit(x, y)).toThrow(DataError);
    // @ts-expect-error Ridge has no probabilities
    regressor.fit(x, [1, 2, 3, 4, 5, 6]).predictProba;
  });

  it('a curve takes the type of its parameter from its values, and its rows from the estimator', async () => {
    const shrunk = (alpha: number) => pipeline(new StandardScaler(), new Ridge({ alpha }));
    const curve = await validationCurve((alpha) => shrunk(alpha), [0.1, 1], x, [1, 2, 3, 4, 5, 6], { cv: 2 });
    expectTypeOf(curve.values).toEqualTypeOf<readonly number[]>();
    expect(curve.testScores.shape).toEqual([2, 2]);
    // @ts-expect-error rows of text are not for a scaler
    await expect(validationCurve((alpha) => shrunk(alpha), [0.1, 1], ['a', 'b'], [1, 2])).rejects.toThrow();
    // @ts-expect-error a regressor needs numbers
    await expect(validationCurve((alpha) => shrunk(alpha), [0.1, 1], x, y)).rejects.toThrow(DataError);
  });

  it('does not compile where a step does not take what the one before makes', () => {
    // @ts-expect-error a classifier in the middle makes no rows
    const middle = pipeline(new NearestCentroid(), new StandardScaler());
    expectError(
      () => (middle as { fit(x: unknown, y: unknown): unknown }).fit(x, y),
      OptionError,
      'pipeline: step 1 must make rows for the next, but its model has no transform',
    );
    // StandardScaler takes sparse rows, Ridge does not.
    pipeline(new Words(), new StandardScaler({ withMean: false }));
    // @ts-expect-error sparse rows are not for Ridge
    const sparse = pipeline(new Words(), new Ridge());
    expect(() => (sparse as { fit(x: unknown, y: unknown): unknown }).fit(['a b', 'b'], [1, 2])).toThrow(
      'Ridge: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an object; make sparse rows dense: toDense(x)',
    );
    // What the first step takes, the pipeline takes.
    expectTypeOf(pipeline(new Words(), new StandardScaler({ withMean: false })).fit)
      .parameter(0)
      .toEqualTypeOf<readonly string[]>();
    // @ts-expect-error there must be a step
    expectError(() => pipeline(), OptionError, 'pipeline: there must be at least one step');
    // @ts-expect-error a model is no estimator
    expect(() => pipeline(new Centering().fit(x))).toThrow('pipeline: step 1 must be an estimator, got');
    expectError(
      // @ts-expect-error steps in an array
      () => pipeline([new StandardScaler()]),
      OptionError,
      'pipeline: step 1 must be an estimator, got [a StandardScaler]; steps are arguments of their own: pipeline(a, b)',
    );
  });
});

describe('pipeline, errors', () => {
  it('about what it was given come in its name, others in that of the step', () => {
    const model = pipeline(new Centering(), new NearestCentroid()).fit(x, y);
    expectError(() => model.predict([[1]]), ShapeError, 'Pipeline: x has 1 column, but the model was fitted with 2');
    try {
      model.predict([[1]]);
    } catch (error) {
      expect((error as Error).cause).toMatchObject({
        message: 'Centering: x has 1 column, but the model was fitted with 2',
      });
    }
    expectError(
      () => pipeline(new Centering(), new PCA({ nComponents: 5 })).fit(x),
      ShapeError,
      refusalOf(() => new PCA({ nComponents: 5 }).fit(x)),
    );
    expectError(
      () => pipeline(new Centering(), new NearestCentroid()).fit(x, ['a']),
      ShapeError,
      'Pipeline: y has 1 label, but x has 6 rows',
    );
    // StandardScaler lets missing values pass, so they are found where they are not wanted.
    expectError(
      () => pipeline(new StandardScaler(), new NearestCentroid()).fit([[1, Number.NaN], [2, 3]], ['a', 'b']), // biome-ignore format: rows
      DataError,
      'NearestCentroid: x[0, 1] is NaN; impute or drop missing values first (see SimpleImputer)',
    );
  });

  it('loading names the class that is missing', () => {
    const json = JSON.parse(JSON.stringify(pipeline(new Centering(), new NearestCentroid()).fit(x, y)));
    expectError(
      () => PipelineModel.fromJSON(json, { classes: { CenteringModel } }),
      OptionError,
      'PipelineModel.fromJSON: the class of step 2, NearestCentroidModel, is missing; give it as { classes: { NearestCentroidModel } }',
    );
    expectError(
      () => PipelineModel.fromJSON({ ...json, steps: [] }, { classes }),
      DataError,
      'PipelineModel.fromJSON: steps must be an array of saved models, got []',
    );
    expectError(
      () => PipelineModel.fromJSON({ ...json, steps: [1] }, { classes }),
      DataError,
      'PipelineModel.fromJSON: step 1 is no saved model, got 1',
    );
    expectError(
      () => PipelineModel.fromJSON({ ...json, steps: [{ type: 'toString' }] }, { classes }),
      OptionError,
      'PipelineModel.fromJSON: the class of step 1, toString, is missing; give it as { classes: { toString } }',
    );
    type Steps = readonly [Centering, NearestCentroid];
    const model = PipelineModel.fromJSON<ClassifierPipelineModel<string, Steps>>(json, { classes });
    expectTypeOf(model.predict(x)).toEqualTypeOf<string[]>();
    expect(model.predict(x)).toEqual(pipeline(new Centering(), new NearestCentroid()).fit(x, y).predict(x));
  });

  it('fitAsync stops between two steps', async () => {
    const controller = new AbortController();
    class Aborts extends Centering {
      override async fitAsync(rows: MatrixLike): Promise<CenteringModel> {
        controller.abort(new RangeError('enough'));
        return this.fit(rows);
      }
    }
    const promise = pipeline(new Aborts(), new NearestCentroid()).fitAsync(x, y, { signal: controller.signal });
    await expectError(() => promise, RangeError, 'enough');
  });
});

describe('pipeline, serving', () => {
  it('answers single rows as it answers all, from the same buffers', () => {
    const model = pipeline(new Centering(), new StandardScaler(), new NearestCentroid()).fit(x, y);
    expect(x.map((row) => model.predictOne(row))).toEqual(model.predict(x));
    const made = pipeline(new Centering(), new StandardScaler()).fit(x);
    const out = new Float64Array(2);
    expect(made.transformOne(x[1]!, out)).toBe(out);
    expect([...out]).toEqual(made.transform(x).toArray()[1]);
  });

  it('answers many rows block by block with the numbers of all at once', () => {
    const same = (a: ArrayLike<unknown>, b: ArrayLike<unknown>) =>
      a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
    const n = 34_000;
    const many = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(i) * (i % 2 === 0 ? 1 : 900));
    const scaler = new StandardScaler().fit(x);
    const centered = new StandardScaler({ withStd: false }).fit(scaler.transform(x));
    const rows = centered.transform(scaler.transform(x));
    const discriminant = new LinearDiscriminantAnalysis().fit(rows, y);
    const model = pipeline(
      new StandardScaler(),
      new StandardScaler({ withStd: false }),
      new LinearDiscriminantAnalysis(),
    ).fit(x, y);
    for (const data of [many, Float32Array.from(many)]) {
      const table = { data, shape: [n, 2] };
      const made = centered.transform(scaler.transform(table));
      expect(same(model.predict(table), discriminant.predict(made))).toBe(true);
      const [probabilities, all] = [model.predictProba(table), discriminant.predictProba(made)];
      expect([probabilities.shape, probabilities.dtype]).toEqual([all.shape, all.dtype]);
      expect(same(probabilities.data, all.data)).toBe(true);
    }
    const regressor = pipeline(new StandardScaler(), new Ridge()).fit(x, [1, 2, 3, 4, 5, 6]);
    const table = { data: many, shape: [n, 2] };
    expect(same(regressor.predict(table), regressor.steps[1]!.predict(scaler.transform(table)))).toBe(true);
    many[2 * 33_000 + 1] = Number.NEGATIVE_INFINITY;
    const message = 'Pipeline: x[33000, 1] is -Infinity; all numbers must be finite';
    expectError(() => regressor.predict(table), DataError, message);
    many[2 * 33_000 + 1] = Number.NaN;
    const refusal = refusalOf(() => regressor.steps[1]!.predict(scaler.transform(table)));
    expect(refusal).toContain('x[33000, 1] is NaN');
    expectError(() => regressor.predict(table), DataError, refusal);
  });

  it('does not allocate', { tags: ['node'] }, async () => {
    const model = pipeline(new StandardScaler(), new StandardScaler(), new LinearDiscriminantAnalysis()).fit(x, y);
    const made = pipeline(new StandardScaler(), new StandardScaler()).fit(x);
    const row = Float64Array.from(x[0]!);
    const out = new Float64Array(2);
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      model.predictOne(row);
      made.transformOne(row, out);
    });
  });
});

/** Counts of words as sparse rows. */
class Words {
  readonly options = Object.freeze({});
  fit(documents: readonly string[], _options: object = {}): Counts {
    return new Counts([...new Set(documents.flatMap((text) => text.split(' ')))].sort());
  }
  async fitAsync(documents: readonly string[]): Promise<Counts> {
    return this.fit(documents);
  }
  toString(): string {
    return 'Words';
  }
}

class Counts implements Model {
  readonly nFeaturesIn = 1;
  readonly words: string[];
  constructor(words: string[]) {
    this.words = words;
  }
  transform(documents: readonly string[]): SparseRows {
    const places = documents.flatMap((text, row) => text.split(' ').map((word) => [row, this.words.indexOf(word)]));
    const ones = places.map(() => 1);
    const [rows, columns] = [places.map((place) => place[0]!), places.map((place) => place[1]!)];
    return sparseFromElements(rows, columns, ones, [documents.length, this.words.length]);
  }
  toJSON(): object {
    return { type: 'Counts', version: 1 };
  }
}

/** The sign of the first column. */
class Halves implements Clusterer {
  readonly options = Object.freeze({});
  fit(rows: MatrixLike, _options: object = {}): ClusterModel {
    const { data, shape } = rows as Table;
    const labels = Int32Array.from({ length: shape[0] }, (_, i) => Number(data[i * shape[1]]! > 0));
    const parts = { nFeaturesIn: shape[1], labels, toJSON: () => ({}) };
    return { ...parts, toString: () => 'HalvesModel' };
  }
  async fitAsync(rows: MatrixLike): Promise<ClusterModel> {
    return this.fit(rows);
  }
  toString(): string {
    return 'Halves';
  }
}

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('pipeline, damaged files', () => {
  it('steps behind one that does not transform are refused', () => {
    const steps = JSON.parse(
      JSON.stringify(pipeline(new StandardScaler(), new Ridge()).fit([[1], [2], [4]], [1, 2, 3])),
    ).steps;
    expectError(
      () =>
        PipelineModel.fromJSON(
          { type: 'PipelineModel', version: 1, steps: [...steps].reverse() },
          { classes: { StandardScalerModel, RidgeModel } },
        ),
      DataError,
      'PipelineModel.fromJSON: step 1 does not transform, so that none can follow it',
    );
  });
});
