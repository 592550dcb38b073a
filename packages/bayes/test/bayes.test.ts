import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { iris } from '@maru-ml/datasets/iris';
import { encodeArray, fromBytes, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, type Spec, type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BernoulliNB,
  BernoulliNBModel,
  CategoricalNB,
  CategoricalNBModel,
  ComplementNB,
  ComplementNBModel,
  GaussianNB,
  GaussianNBModel,
  MultinomialNB,
  MultinomialNBModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const estimators = { GaussianNB, MultinomialNB, ComplementNB, BernoulliNB, CategoricalNB };
const models = { GaussianNBModel, MultinomialNBModel, ComplementNBModel, BernoulliNBModel, CategoricalNBModel };
type Name = keyof typeof estimators;
const sparse = (rows: number[][]) => toSparse(tensor(rows, { dtype: 'float64' }));

/** The kit's rows as counts, in which the groups differ by the columns that are large. */
const counted: NonNullable<Spec['adapt']> = ({ x, y }) => ({
  x: x.map((row) => row.map((v) => Math.max(0, Math.round(v + 1)))),
  y,
});

const adaptations: Partial<Record<Name, Spec['adapt']>> = {
  MultinomialNB: counted,
  // A column of its own for each group, since what all columns have equally tells a complement nothing.
  ComplementNB: (data) => {
    const { x, y } = counted(data);
    return { x: x.map((row, i) => row.map((value, j) => value + (j === y[i] ? 8 : 0))), y };
  },
  BernoulliNB: ({ x, y }) => ({ x: x.map((row) => row.map((value) => value - 2)), y }),
  CategoricalNB: counted,
};

for (const name of Object.keys(estimators) as Name[]) {
  checkClassifier({
    name,
    Estimator: estimators[name],
    Model: models[`${name}Model`],
    traits: traits[name] as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
    ...(traits[name].sparse && { sparseRows: sparse }),
    ...(adaptations[name] && { adapt: adaptations[name] }),
  });
}

describe('worked by hand', () => {
  // Words: Beijing, Chinese, Japan, Macao, Shanghai, Tokyo. Manning, Raghavan and Schütze, examples 13.1 and 13.2.
  const documents = [
    [1, 2, 0, 0, 0, 0],
    [0, 2, 0, 0, 1, 0],
    [0, 1, 0, 1, 0, 0],
    [0, 1, 1, 0, 0, 1],
  ];
  const china = ['yes', 'yes', 'yes', 'no'];
  const test = [0, 3, 1, 0, 0, 1];

  it('the documents about China, by counts', () => {
    const model = new MultinomialNB().fit(documents, china);
    // P(yes) (3/7)³ 1/14 1/14 and P(no) (2/9)³ 2/9 2/9
    const yes = (3 / 4) * (3 / 7) ** 3 * (1 / 14) ** 2;
    const no = (1 / 4) * (2 / 9) ** 5;
    expect(model.predictOne(test)).toBe('yes');
    expectClose(model.predictJointLogProba([test]).toArray(), [[Math.log(no), Math.log(yes)]], { rtol: 1e-14 });
    expectClose(model.predictProba([test]).toArray(), [[no / (no + yes), yes / (no + yes)]], { rtol: 1e-13 });
  });

  it('the documents about China, by what is there', () => {
    const model = new BernoulliNB().fit(documents, china);
    // P(yes) 4/5 1/5 1/5 (1 - 2/5)² (1 - 2/5) and P(no) (2/3)³ (1 - 1/3)³
    const yes = (3 / 4) * (4 / 5) * (1 / 5) ** 2 * (3 / 5) ** 3;
    const no = (1 / 4) * (2 / 3) ** 3 * (2 / 3) ** 3;
    expect(model.predictOne(test)).toBe('no');
    expectClose(model.predictJointLogProba([test]).toArray(), [[Math.log(no), Math.log(yes)]], { rtol: 1e-13 });
  });

  it('normal densities of one column', () => {
    // Means 1 and 5, variances 1 and 4: N(2; 1, 1) and N(2; 5, 4) with equal shares.
    const model = new GaussianNB({ varSmoothing: 0 }).fit([[0], [2], [3], [7]], [false, false, true, true]);
    expect([model.theta.toArray(), model.var.toArray()]).toEqual([
      [[1], [5]],
      [[1], [4]],
    ]);
    const density = (x: number, mean: number, variance: number) =>
      Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    const [a, b] = [density(2, 1, 1), density(2, 5, 4)];
    expectClose(model.predictProba([[2]]).toArray(), [[a / (a + b), b / (a + b)]], { rtol: 1e-14 });
  });

  it('categories: sunny or not', () => {
    // Of class 0 sees category 0 twice, of class 1 categories 0 and 2; α = 1, three categories.
    const model = new CategoricalNB().fit([[0], [0], [0], [2]], [0, 0, 1, 1]);
    const chances = [
      [3 / 5, 1 / 5, 1 / 5],
      [2 / 5, 1 / 5, 2 / 5],
    ];
    expectClose(
      model.featureLogProb[0]!.toArray(),
      chances.map((row) => row.map(Math.log)),
      { rtol: 1e-13 },
    );
    expectClose(model.predictProba([[2]]).toArray(), [[1 / 3, 2 / 3]], { rtol: 1e-13 });
  });

  it('complements: the weights of a class come from the others', () => {
    // Without class 0 the columns have 1 + 1 and 3 + 1 of 6.
    const model = new ComplementNB().fit(
      [
        [2, 0],
        [1, 3],
      ],
      [0, 1],
    );
    expectClose(
      model.featureLogProb.toArray(),
      [
        [-Math.log(2 / 6), -Math.log(4 / 6)],
        [-Math.log(3 / 4), -Math.log(1 / 4)],
      ],
      { rtol: 1e-13 },
    );
  });
});

interface Case {
  name: Name;
  options: object;
  x: number;
  y: number;
  test: number;
  weights: number;
  batches: [number, number][] | null;
  predict: number[];
  proba: number[][];
  logProba: number[][];
  joint: number[][];
  fields: Record<string, unknown>;
}

const cases = ['bayes', 'counts'].flatMap((file) => {
  const { cases, data } = JSON.parse(readFileSync(new URL(`fixtures/${file}.json`, import.meta.url), 'utf8'));
  return (cases as Case[]).map((one) => ({ ...one, data }));
});

describe('beside scikit-learn', () => {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
    return typeof value === 'object' && value !== null ? (value as { toArray(): unknown }).toArray() : value;
  };

  it.each(cases.map((one, i) => [`${i}: ${one.name} ${JSON.stringify(one.options)}`, one] as const))(
    '%s',
    (_, { name, options, batches, ...one }) => {
      const [x, y, test] = [one.x, one.y, one.test].map((place) => one.data[place]) as [
        number[][],
        number[],
        number[][],
      ];
      const sampleWeight = one.data[one.weights] ?? undefined;
      const estimator = new estimators[name](options);
      const fits = [x, ...(traits[name].sparse ? [sparse(x)] : [])].map((rows) =>
        estimator.fit(rows as number[][], y, { sampleWeight }),
      );
      if (batches !== null) {
        const part = <T>(list: T[], i: number) => list.slice(...batches[i]!);
        const classes = [...new Set(y)];
        const first = estimator.fit(part(x, 0), part(y, 0), { classes });
        fits.splice(
          0,
          2,
          batches
            .slice(1)
            .reduce((model, _, i) => model.update(part(x, i + 1), part(y, i + 1)), first as GaussianNBModel<number>),
        );
      }
      for (const model of fits) {
        expect(model.predict(test)).toEqual(one.predict);
        expectClose(model.predictProba(test).toArray(), one.proba, { rtol: 1e-12, atol: 1e-300 });
        expectClose(model.predictLogProba(test).toArray(), one.logProba, { rtol: 1e-12, atol: 1e-12 });
        expectClose(model.predictJointLogProba(test).toArray(), one.joint, { rtol: 1e-12, atol: 1e-12 });
        for (const [field, value] of Object.entries(one.fields)) {
          expectClose(plain(model[field as 'classes']), value, { rtol: 1e-12, atol: 1e-12, name: field });
        }
      }
    },
  );
});

describe('laws', () => {
  const rows = fc.array(fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 20 });

  it('updates in any batches give the model of all rows', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 3 }), (x, cut) => {
        const y = x.map((_, i) => i % 2);
        for (const Estimator of [MultinomialNB, ComplementNB, BernoulliNB, CategoricalNB]) {
          const whole = new Estimator().fit(x, y);
          const parts = new Estimator().fit(x.slice(0, cut), y.slice(0, cut), { classes: [0, 1] });
          expect(JSON.stringify(parts.update(x.slice(cut), y.slice(cut)))).toBe(JSON.stringify(whole));
        }
      }),
    );
  });

  it('Gaussian moments do not depend on the batches', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 3 }), (x, cut) => {
        const y = x.map((_, i) => i % 2);
        const shifted = x.map((row, i) => row.map((value, j) => value + ((i >> 1) % 2) * (j + 1) + 1e3));
        const estimator = new GaussianNB({ varSmoothing: 0 });
        const usable = (part: number[][]) => part.length > 3;
        if (!usable(shifted.slice(cut * 2))) return;
        let whole: GaussianNBModel<number>;
        let parts: GaussianNBModel<number>;
        try {
          whole = estimator.fit(shifted, y);
          parts = estimator
            .fit(shifted.slice(0, cut * 2), y.slice(0, cut * 2))
            .update(shifted.slice(cut * 2), y.slice(cut * 2));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          return;
        }
        expectClose(parts.theta.toArray(), whole.theta.toArray(), { rtol: 1e-12 });
        expectClose(parts.var.toArray(), whole.var.toArray(), { rtol: 1e-7, atol: 1e-9 });
      }),
    );
  });

  it('multiplying the rows of a text does not change which class is likelier without priors', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 9 }), (x, factor) => {
        const y = x.map((_, i) => i % 2);
        const model = new MultinomialNB({ fitPrior: false }).fit(x, y);
        const margin = (row: number[]) => {
          const [[a, b]] = model.predictJointLogProba([row]).toArray() as [[number, number]];
          return b - a;
        };
        expectClose(margin(x[0]!.map((value) => factor * value)), factor * margin(x[0]!), { rtol: 1e-9, atol: 1e-9 });
      }),
    );
  });
});

describe('errors and edges', () => {
  it('names what cannot be counted', () => {
    for (const name of ['MultinomialNB', 'ComplementNB'] as const) {
      const message = `${name}: x[1, 0] must be ≥ 0, as counts are, got -1`;
      expectError(() => new estimators[name]().fit([[1], [-1]], [0, 1]), DataError, message);
      expectError(() => new estimators[name]().fit(sparse([[1], [-1]]), [0, 1]), DataError, message);
      const model = new estimators[name]().fit([[1], [2]], [0, 1]);
      expectError(() => model.predict([[1], [-1]]), DataError, message);
    }
    const binary =
      'BernoulliNB: x[0, 1] must be 0 or 1, got 3; set binarize to the number above which a column is there';
    expectError(() => new BernoulliNB({ binarize: null }).fit([[1, 3]], [0]), DataError, binary);
    const negative = 'BernoulliNB: binarize must be ≥ 0 for sparse rows, whose zeros are not held, got -1';
    expectError(() => new BernoulliNB({ binarize: -1 }).fit(sparse([[1, 0]]), [0]), OptionError, negative);
    const category =
      'CategoricalNB: x[0, 1] must be a category, an integer from 0 to 16777215, got 0.5; number categories with an OrdinalEncoder';
    expectError(() => new CategoricalNB().fit([[1, 0.5]], [0]), DataError, category);
    const huge =
      'CategoricalNB: x[0, 0] must be a category, an integer from 0 to 16777215, got 1e+300; number categories with an OrdinalEncoder';
    expectError(() => new CategoricalNB().fit([[1e300]], [0]), DataError, huge);
  });

  it('names a category that it does not know', () => {
    const model = new CategoricalNB().fit(
      [
        [0, 1],
        [1, 0],
      ],
      [0, 1],
    );
    const message =
      'CategoricalNB: x[1, 1] is category 7, but the model knows categories 0 to 1 of that column; make room with minCategories';
    expectError(
      () =>
        model.predict([
          [0, 0],
          [1, 7],
        ]),
      DataError,
      message,
    );
    expectError(() => model.predictOne([0, 7]), DataError, message.replace('x[1, 1]', 'the row[1]'));
    expect(
      new CategoricalNB({ minCategories: 8 })
        .fit(
          [
            [0, 1],
            [1, 0],
          ],
          [0, 1],
        )
        .predict([[1, 7]]),
    ).toEqual([1]);
  });

  it('a million categories are counted', () => {
    const model = new CategoricalNB().fit([[0], [999_999]], ['a', 'b']);
    expect(model.nCategories).toEqual(Int32Array.of(1_000_000));
    expect(model.predictOne([999_999])).toBe('b');
  });

  it('a row that no class can have made is refused, not guessed', () => {
    const model = new MultinomialNB({ alpha: 0 }).fit(
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [0, 1],
    );
    const message =
      'MultinomialNB: x[0] has probability 0 in every class, or numbers so large that its scores overflow; use alpha > 0, and divide large numbers by a constant';
    expectError(() => model.predict([[1, 1, 0]]), DataError, message);
    expect(model.predict([[3, 0, 0]])).toEqual([0]);
    expectClose(model.predictProba([[3, 0, 0]]).toArray(), [[1, 0]]);
  });

  it('columns that do not vary have no density', () => {
    const message =
      'GaussianNB: a column of x does not vary within a class, or hardly so; a normal density needs some variance, which varSmoothing adds if a column varies at all';
    expectError(
      () =>
        new GaussianNB().fit(
          [
            [1, 2],
            [1, 2],
          ],
          [0, 1],
        ),
      DataError,
      message,
    );
    expect(
      new GaussianNB()
        .fit(
          [
            [1, 2],
            [1, 3],
          ],
          [0, 1],
        )
        .predict([[1, 2.1]]),
    ).toEqual([0]);
    const overflow = 'GaussianNB: variances of x overflow; divide x by a constant first';
    expectError(() => new GaussianNB().fit([[1e200], [-1e200]], [0, 1]), DataError, overflow);
  });

  it('log-probabilities of very unlikely classes do not underflow', () => {
    const model = new MultinomialNB().fit(
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
    );
    const [[low, high]] = model.predictLogProba([[0, 1e6]]).toArray() as [[number, number]];
    expectClose(low, 1e6 * Math.log(1 / 2), { rtol: 1e-12 });
    expect(Math.abs(high)).toBe(0);
    expect(model.predictProba([[0, 1e6]]).toArray()).toEqual([[0, 1]]);
  });

  it('rows of a stream may come one by one, though a column does not vary within a class', () => {
    const x = [
      [1, 5],
      [2, 5],
      [3, 5],
      [1, 7],
      [2, 7],
      [9, 7],
    ];
    const y = ['a', 'a', 'a', 'b', 'b', 'b'];
    const sampleWeight = [1, 2, 3, 0.5, 1, 1];
    for (const varSmoothing of [1e-9, 0.5]) {
      const estimator = new GaussianNB({ varSmoothing });
      const whole = estimator.fit(x, y, { sampleWeight });
      let stream = estimator.fit(x.slice(0, 2), y.slice(0, 2), { classes: ['a', 'b'], sampleWeight: [1, 2] });
      for (let i = 2; i < 6; i++) stream = stream.update([x[i]!], [y[i]!], { sampleWeight: [sampleWeight[i]!] });
      expectClose(stream.epsilon, whole.epsilon, { rtol: 1e-14 });
      expectClose(stream.var.toArray(), whole.var.toArray(), { rtol: 1e-12 });
      const copy = models.GaussianNBModel.fromJSON(JSON.parse(JSON.stringify(stream)));
      expect(JSON.stringify(copy.update(x, y as never[]))).toBe(JSON.stringify(stream.update(x, y)));
      const saved = JSON.parse(JSON.stringify(stream));
      for (const [rows, message] of [
        [undefined, 'count must be an integer from 1 to 2147483647, got undefined'],
        [{ ...saved.rows, count: 0 }, 'count must be an integer from 1 to 2147483647, got 0'],
        [{ ...saved.rows, squares: encodeArray(Float64Array.of(1, -1)) }, 'rows.squares must be ≥ 0'],
      ] as const) {
        const owner = 'GaussianNBModel.fromJSON: ';
        expectError(() => models.GaussianNBModel.fromJSON({ ...saved, rows }), DataError, owner + message);
      }
    }
  });

  it('the weights of a single column are not divided by their sum of 0', () => {
    expectError(
      () => new ComplementNB({ norm: true }).fit([[1], [2]], ['a', 'b']),
      DataError,
      'ComplementNB: norm divides weights by their sum, which is 0 where one column holds all; use norm: false',
    );
  });

  it('classes of a first batch may be more than those in it, and others are refused', () => {
    const first = new GaussianNB().fit([[0], [1]], ['a', 'a'], { classes: ['c', 'a', 'b'] });
    expect(first.classes).toEqual(['a', 'b', 'c']);
    expect(first.predict([[100]])).toEqual(['a']);
    expect(first.predictProba([[0]]).toArray()).toEqual([[1, 0, 0]]);
    expect(first.update([[99], [101]], ['b', 'b']).predict([[100]])).toEqual(['b']);
    const unknown =
      "GaussianNB: y holds the label 'd', which is not among the classes ['a', 'b', 'c']; give all classes with the first batch";
    expectError(() => first.update([[1]], ['d' as 'a']), DataError, unknown);
    const twice = "GaussianNB: classes must differ, got ['a', 'a']";
    expectError(() => new GaussianNB().fit([[0], [1]], ['a', 'a'], { classes: ['a', 'a'] }), OptionError, twice);
    expectError(
      () => first.update([[1, 2]], ['a']),
      ShapeError,
      'GaussianNB: x has 2 columns, but the model was fitted with 1',
    );
  });

  it('checks options', () => {
    expectError(
      () => new MultinomialNB({ alpha: -1 }),
      OptionError,
      'MultinomialNB: alpha must be a number ≥ 0, or one for each column, got -1',
    );
    expectError(
      () => new CategoricalNB({ alpha: [1] as never }),
      OptionError,
      'CategoricalNB: alpha must be a number ≥ 0, got [1]',
    );
    const minimum = 'CategoricalNB: minCategories must be an integer ≥ 1, one for each column, or null, got 0';
    expectError(() => new CategoricalNB({ minCategories: 0 }), OptionError, minimum);
    const columns = 'CategoricalNB: minCategories has 2 numbers, but x has 1 columns';
    expectError(() => new CategoricalNB({ minCategories: [1, 2] }).fit([[0]], [0]), ShapeError, columns);
    const priors = 'GaussianNB: priors must be numbers ≥ 0 that add up to 1, got [0.5, 0.6]';
    expectError(() => new GaussianNB({ priors: [0.5, 0.6] }), OptionError, priors);
    const shares = 'MultinomialNB: classPrior has 2 shares, but y has 1 class';
    expectError(() => new MultinomialNB({ classPrior: [0.5, 0.5] }).fit([[1]], ['a']), ShapeError, shares);
    const alphas = 'MultinomialNB: alpha has 2 numbers, but x has 1 columns';
    expectError(() => new MultinomialNB({ alpha: [1, 2] }).fit([[1]], ['a']), ShapeError, alphas);
  });
});

it('tells the irises apart as in scikit-learn', () => {
  const { x, y } = iris();
  expectClose(new GaussianNB().fit(x, y).score(x, y), 0.96);
});

it('the table of traits in the README is that of the tests', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
});

describe('damaged files', () => {
  const saved = (model: object, damage: object) => ({ ...JSON.parse(JSON.stringify(model)), ...damage });
  const x = [
    [1, 0],
    [0, 2],
  ];

  it('with a prior that has a length and no numbers are refused, and not read for ever', () => {
    const model = new CategoricalNB().fit(x, ['a', 'b']);
    for (const classPrior of [{ length: 1e9 }, 'ab', [0.5], [2, -1]]) {
      expect(() => CategoricalNBModel.fromJSON(saved(model, { classPrior }))).toThrow(DataError);
    }
    const counts = new MultinomialNB().fit(x, ['a', 'b']);
    expectError(
      () => MultinomialNBModel.fromJSON(saved(counts, { alpha: { length: 1e9 } })),
      DataError,
      'MultinomialNBModel.fromJSON: alpha must be a number ≥ 0, or one for each column, got an object',
    );
    expectError(
      () => MultinomialNBModel.fromJSON(saved(counts, { alpha: [1, 1, 1] })),
      DataError,
      'MultinomialNBModel.fromJSON: the saved model is damaged; MultinomialNB: alpha has 3 numbers, but x has 2 columns',
    );
  });

  it('with a variance of 0 or no rows are refused, where the probabilities would be NaN', () => {
    const model = new GaussianNB().fit(x, ['a', 'b']);
    const zeros = JSON.parse(JSON.stringify(encodeArray(new Float64Array(4), [2, 2])));
    expectError(
      () => GaussianNBModel.fromJSON(saved(model, { var: zeros })),
      DataError,
      'GaussianNBModel.fromJSON: var must be > 0',
    );
    const none = JSON.parse(JSON.stringify(encodeArray(new Float64Array(2))));
    expectError(
      () => GaussianNBModel.fromJSON(saved(model, { classCount: none })),
      DataError,
      'GaussianNBModel.fromJSON: classCount must be ≥ 0, and not all 0',
    );
  });
});
