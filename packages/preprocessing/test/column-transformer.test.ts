import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { type Columns, fromBytes, type MatrixLike, type Table, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ColumnTransformer,
  ColumnTransformerModel,
  type ColumnTransformerOptions,
  MinMaxScaler,
  MinMaxScalerModel,
  OneHotEncoder,
  OneHotEncoderModel,
  OrdinalEncoder,
  SelectKBest,
  SimpleImputer,
  StandardScaler,
  StandardScalerModel,
} from '../src/index.ts';
import { dense, fixture, numbers, oneByOne, type Written } from './reference.ts';
import { spec } from './spec.ts';

/** Two scalers and what is left, in the form of the checks: an estimator of nothing but options. */
class Scalers extends ColumnTransformer {
  constructor(options: ColumnTransformerOptions = {}) {
    super(
      [
        ['standard', new StandardScaler(), [0, 3]],
        ['range', new MinMaxScaler(), 1],
      ],
      options,
    );
  }
}
const classes = { StandardScalerModel, MinMaxScalerModel };
const Model = {
  fromJSON: (json: unknown) => ColumnTransformerModel.fromJSON(json, { classes }),
};
checkTransformer(spec('ColumnTransformer', Scalers, Model, { options: { remainder: 'passthrough' } }));

const titanic = {
  age: Float64Array.of(22, Number.NaN, 26, 35),
  fare: Float64Array.of(7, 71, 8, 53),
  sex: ['male', 'female', 'female', 'male'],
  alone: [false, false, true, true],
};

describe('ColumnTransformer, worked by hand', () => {
  const parts = new ColumnTransformer<typeof titanic>([
    ['num', new MinMaxScaler(), ['fare']],
    ['cat', new OneHotEncoder(), ['sex']],
    ['flags', 'passthrough', { kind: 'boolean' }],
  ]);

  it('puts parts side by side, with names', () => {
    const model = parts.fit(titanic);
    expect(model.featureNamesOut()).toEqual(['num__fare', 'cat__sex_female', 'cat__sex_male', 'flags__alone']);
    const table = model.transform(titanic) as Table;
    expect(table.columnNames).toEqual(model.featureNamesOut());
    expect(table.toArray()).toEqual([
      [0, 0, 1, 0],
      [1, 1, 0, 0],
      [1 / 64, 1, 0, 1],
      [46 / 64, 0, 1, 1],
    ]);
  });

  it('serves a record, in which other fields do not matter', () => {
    const model = parts.fit(titanic);
    const out = new Float64Array(4);
    expect([...model.transformOne({ fare: 39, sex: 'male', alone: true, age: null }, out)]).toEqual([0.5, 0, 1, 1]);
    expect([...model.transformOne({ fare: 7, sex: 'female', alone: false, name: 'Mary' }, out)]).toEqual([0, 1, 0, 0]);
    expectError(
      () => model.transformOne({ fare: 7, sex: 'f', alone: false }, out),
      DataError,
      "OneHotEncoder: column 'sex' of the row is 'f', which the model was not fitted with; handleUnknown: 'ignore' gives zeros for it",
    );
    expectError(
      () => model.transformOne({ sex: 'male', alone: false }, out),
      ShapeError,
      "ColumnTransformer: the row has no 'fare', but the model was fitted with one",
    );
  });

  it('TypeScript checks the names of columns', () => {
    // @ts-expect-error: there is no column tare
    expect(new ColumnTransformer<typeof titanic>([['num', new MinMaxScaler(), ['tare']]])).toBeDefined();
  });

  it('fills in and hands strings to encoders, by name or by number', () => {
    const model = new ColumnTransformer([
      ['age', new SimpleImputer({ strategy: 'median' }), 'age'],
      ['codes', new OrdinalEncoder(), 2],
    ]).fit(titanic);
    expect((model.transform(titanic) as Table).toArray()).toEqual([[22, 1], [26, 0], [26, 0], [35, 1]]); // biome-ignore format: four rows
  });

  it('comes back from JSON and bytes with the classes of its parts', () => {
    const model = parts.fit(titanic);
    const given = { classes: { MinMaxScalerModel, OneHotEncoderModel } };
    for (const copy of [
      ColumnTransformerModel.fromJSON(JSON.parse(JSON.stringify(model)), given),
      fromBytes(ColumnTransformerModel, toBytes(model), given),
    ]) {
      expect(copy.transform(titanic)).toEqual(model.transform(titanic));
      expect(String(copy)).toBe('ColumnTransformerModel: 4 columns to 4 (num, cat, flags)');
    }
    expectError(
      () => ColumnTransformerModel.fromJSON(JSON.parse(JSON.stringify(model)), { classes: { MinMaxScalerModel } }),
      OptionError,
      "ColumnTransformerModel.fromJSON: part 'cat' is a OneHotEncoderModel, whose class is not in classes, got MinMaxScalerModel; use { classes: { OneHotEncoderModel } }",
    );
  });
});

describe('ColumnTransformer, as scikit-learn', () => {
  const { table, cases } = fixture<{
    table: { age: Written[]; fare: number[]; sex: string[]; port: string[]; alone: boolean[] };
    cases: { name: string; sparse: boolean; names: string[]; transform: number[][] }[];
  }>('column_transformer');
  const x = { ...table, age: Float64Array.from(numbers(table.age) as number[]), fare: Float64Array.from(table.fare) };
  type Parts = ConstructorParameters<typeof ColumnTransformer<typeof x>>;
  const cat = new OneHotEncoder();
  const made: Record<string, Parts> = {
    'scaled and one-hot': [[['num', new StandardScaler(), ['fare']], ['cat', cat, ['sex', 'port']]]], // biome-ignore format: two parts
    sparse: [[['num', new StandardScaler(), ['fare']], ['cat', cat, ['sex', 'port']]], { sparseThreshold: 1 }], // biome-ignore format: two parts
    'the rest passes': [
      [['cat', new OneHotEncoder({ drop: 'first' }), ['port']], ['no', 'drop', ['sex']]], // biome-ignore format: two parts
      { remainder: 'passthrough', sparseThreshold: 0 },
    ],
    'imputed, ordered, passed': [
      [
        ['age', new SimpleImputer({ addIndicator: true }), ['age']],
        ['codes', new OrdinalEncoder(), ['port', 'sex']],
        ['as is', 'passthrough', ['alone', 'fare']],
      ],
      { verboseFeatureNamesOut: false },
    ],
    'by kind, the rest scaled': [
      [['words', cat, { kind: 'string' }]],
      { remainder: new MinMaxScaler(), sparseThreshold: 0 },
    ],
  };
  for (const { name, sparse, names, transform } of cases) {
    it(name, () => {
      const model = new ColumnTransformer(...made[name]!).fit(x);
      expect(model.sparseOutput).toBe(sparse);
      expect(model.featureNamesOut()).toEqual(names);
      expectClose(
        dense(model.transform(x)),
        transform.map((row) => row.map((value) => value ?? Number.NaN)),
      );
      const rows = x.sex.map((_, i) => ({
        age: x.age[i]!,
        fare: x.fare[i]!,
        sex: x.sex[i]!,
        port: x.port[i]!,
        alone: x.alone[i]!,
      }));
      expectClose(
        oneByOne(model as never, rows as never),
        transform.map((row) => row.map((value) => value ?? Number.NaN)),
      );
    });
  }
});

describe('ColumnTransformer, laws', () => {
  it('parts of a matrix give what their transformers give alone', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true }).map((x) => (Math.abs(x) < 1e-100 ? 0 : x));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 12 }), (x) => {
        const model = new ColumnTransformer([['a', new MinMaxScaler(), [2, 0]], ['b', new StandardScaler(), [1]]]).fit(x); // biome-ignore format: two parts
        const a = new MinMaxScaler().fit(x.map((row) => [row[2], row[0]]));
        const b = new StandardScaler().fit(x.map((row) => [row[1]]));
        const alone = x.map((row) => [...a.transform([[row[2], row[0]]]).data, ...b.transform([[row[1]]]).data]);
        expect((model.transform(x) as Table).toArray()).toEqual(alone);
      }),
    );
  });
});

describe('ColumnTransformer, regressions and edges', () => {
  const fit =
    (...given: ConstructorParameters<typeof ColumnTransformer>) =>
    () =>
      new ColumnTransformer(...given).fit(titanic);

  it('says what is wrong, and in which part', () => {
    expectError(
      fit([['num', new StandardScaler(), ['height']]]),
      OptionError,
      "ColumnTransformer: part 'num' wants column 'height', but x has 'age', 'fare', 'sex', 'alone'",
    );
    expectError(
      fit([['num', new StandardScaler(), ['sex']]]),
      OptionError,
      "ColumnTransformer: in part 'num', StandardScaler: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an object of columns, of which 'sex' holds strings; encode them (see OneHotEncoder)",
    );
    expectError(
      fit([['num', new StandardScaler(), ['fare']]], { remainder: 'passthrough' }),
      OptionError,
      "ColumnTransformer: part 'remainder' passes column 'sex' of strings; encode it (see OneHotEncoder) or drop it",
    );
    expectError(
      fit([['fill', new SimpleImputer({ strategy: 'mostFrequent' }), ['sex']]]),
      OptionError,
      "ColumnTransformer: part 'fill' gives strings in column 'sex'; encode them (see OneHotEncoder)",
    );
    expectError(
      fit([['best', new SelectKBest() as never, ['fare']]]),
      OptionError,
      'ColumnTransformer: transformers[0] is SelectKBest, which needs y; put it behind the ColumnTransformer, in a pipeline',
    );
    expectError(
      fit([['a', new StandardScaler(), ['fare']], ['a', 'drop', ['age']]]), // biome-ignore format: two parts
      OptionError,
      "ColumnTransformer: the name of transformers[1] must be of its own, without __ and not 'remainder', got 'a'",
    );
    expectError(
      fit([['a', 'passthrough', ['fare']], ['b', new StandardScaler(), ['fare']]], { verboseFeatureNamesOut: false }), // biome-ignore format: two parts
      OptionError,
      "ColumnTransformer: two columns would have the name 'fare'; use verboseFeatureNamesOut: true",
    );
    expectError(
      fit([['a', 'passthrough', { kind: 'text' as never }]]),
      OptionError,
      "ColumnTransformer: columns of transformers[0] must be names, numbers or a selector such as { kind: 'string' }, got an object",
    );
    expectError(
      fit([['a', 'drop', ['fare']]]),
      OptionError,
      'ColumnTransformer: no part has a column of x, so nothing is left',
    );
    expectError(
      () => new ColumnTransformer([['a', 'passthrough', { pattern: '^f' }]]).fit([[1, 2]]),
      OptionError,
      "ColumnTransformer: part 'a' chooses columns by name, but x is a matrix without names",
    );
    expectError(
      () => new ColumnTransformer([]),
      OptionError,
      'ColumnTransformer: transformers must be a list of [name, transformer, columns], got []',
    );
    const model = new ColumnTransformer([['a', 'passthrough', ['fare']]]).fit(titanic);
    expectError(
      () => model.transform({ age: titanic.age }),
      ShapeError,
      "ColumnTransformer: x has no column 'fare', but the model was fitted with one",
    );
    expectError(
      () => model.transform([[1, 2, 3, 4]]),
      OptionError,
      "ColumnTransformer: the model was fitted with named columns ('age', 'fare', 'sex', 'alone'); give it those, not a matrix",
    );
  });

  it('columns that no part uses may be missing in rows that come later, and new ones are ignored', () => {
    const model = new ColumnTransformer([['a', 'passthrough', { pattern: '^f' }]]).fit(titanic);
    expect((model.transform({ fare: Float64Array.of(5), cabin: ['C85'] }) as Table).toArray()).toEqual([[5]]);
  });

  it('a later column of which all is missing is of the kind that was fitted: as a list of null, and as a file is read', () => {
    const model = new ColumnTransformer([
      ['num', new SimpleImputer({ strategy: 'mean' }), ['fare']],
      ['cat', new OneHotEncoder({ sparseOutput: false, handleUnknown: 'ignore' }), ['sex']],
    ]).fit({ fare: Float64Array.of(1, 2, 6), sex: ['male', 'female', null] });
    const missing = [[null], Float64Array.of(Number.NaN)];
    for (const fare of missing) {
      for (const sex of missing) expect((model.transform({ fare, sex }) as Table).toArray()).toEqual([[3, 0, 0, 1]]);
    }
    const scaler = new ColumnTransformer([['num', new StandardScaler(), ['fare']]]).fit({
      fare: Float64Array.of(1, 3),
    });
    expect((scaler.transform({ fare: [null, null] }) as Table).toArray()).toEqual([[Number.NaN], [Number.NaN]]);
    const flags = new ColumnTransformer([['flag', 'passthrough', ['alone']]]).fit({ alone: [true, false] });
    expectError(
      () => flags.transform({ alone: [null, null] }),
      DataError,
      "ColumnTransformer: column 'alone' of x must hold booleans, got only missing values",
    );
  });

  it('serves records through parts of several steps, also where the first hand strings on', () => {
    /** Fills in and encodes, as a pipeline would. */
    const chain = {
      fit(x: Columns) {
        const filler = new SimpleImputer({ strategy: 'mostFrequent' }).fit(x);
        const encoder = new OneHotEncoder({ sparseOutput: false }).fit(filler.transform(x));
        return {
          nFeaturesOut: encoder.nFeaturesOut,
          transform: (rows: Columns) => encoder.transform(filler.transform(rows)),
        };
      },
      toString: () => 'Chain {}',
    };
    const model = new ColumnTransformer([['cat', chain, ['sex', 'age']]]).fit(titanic);
    expect(model.featureNamesOut()).toEqual(['cat__cat0', 'cat__cat1', 'cat__cat2', 'cat__cat3', 'cat__cat4']);
    const out = new Float64Array(5);
    expect([...model.transformOne({ sex: null, age: 35, fare: 1, alone: true }, out)]).toEqual([1, 0, 0, 0, 1]);
    expect(oneByOne(model as never, [{ sex: 'male', age: null }] as never)).toEqual([[0, 1, 1, 0, 0]]);
  });

  it('refuses records with an infinity, also where columns pass', () => {
    const model = new ColumnTransformer([['a', 'passthrough', ['fare']]]).fit(titanic);
    expectError(
      () => model.transformOne({ fare: Number.POSITIVE_INFINITY }, new Float64Array(1)),
      DataError,
      'ColumnTransformer: the row must hold finite numbers, got Infinity',
    );
  });

  it('has parts fitted by their own fitAsync, so that no fit holds the thread, and names them in errors', async () => {
    const fitted = new StandardScaler();
    const later = {
      fit: () => {
        throw new Error('held the thread');
      },
      fitAsync: (x: MatrixLike) => fitted.fitAsync(x),
    };
    const model = await new ColumnTransformer([['num', later, ['fare']]]).fitAsync(titanic);
    const wanted = new ColumnTransformer([['num', fitted, ['fare']]]).fit(titanic);
    expect(dense(model.transform(titanic))).toEqual(dense(wanted.transform(titanic)));

    const wrong = { fit: later.fit, fitAsync: async () => Promise.reject(new DataError('too few rows')) };
    await expect(new ColumnTransformer([['num', wrong, ['fare']]]).fitAsync(titanic)).rejects.toThrow(
      new DataError("ColumnTransformer: in part 'num', too few rows"),
    );
  });

  it('works on as many rows as there come, whatever the fit had', () => {
    const model = new ColumnTransformer([['cat', new OneHotEncoder(), ['sex']]], { sparseThreshold: 1 }).fit(titanic);
    const rows = model.transform({ sex: ['male'] });
    expect([rows.shape, dense(rows)]).toEqual([[1, 2], [[0, 1]]]);
  });

  it('serves records without allocating', { tags: ['node'] }, async () => {
    const model = new ColumnTransformer([
      ['num', new StandardScaler(), ['fare']],
      ['cat', new OneHotEncoder({ handleUnknown: 'ignore' }), ['sex']],
    ]).fit(titanic);
    const records = [{ fare: 7, sex: 'male' }, { fare: 8, sex: 'female' }, { fare: 8, sex: '?' }]; // biome-ignore format: three records
    const out = new Float64Array(3);
    await expectNoGarbage((i) => model.transformOne(records[i % 3]!, out));
  });
});

describe('damaged files', () => {
  it('of parts are refused: a width of its own, strings that pass, a part that is no model', () => {
    const saved = JSON.parse(
      JSON.stringify(
        new ColumnTransformer([
          ['num', new StandardScaler(), ['fare']],
          ['flags', 'passthrough', ['alone']],
        ]).fit(titanic),
      ),
    );
    const [num, flags] = saved.parts;
    const refused: [unknown[], string][] = [
      [[{ ...num, width: 1e6 }, flags], "part 'num' makes 1 columns, but its width is 1000000"],
      [[num, { ...flags, columns: [2] }], "part 'flags' passes a column of strings"],
      [[{ ...num, model: {} }, flags], "part 'num' must be a saved model, got an object"],
    ];
    for (const [parts, message] of refused) {
      expectError(
        () => ColumnTransformerModel.fromJSON({ ...saved, parts }, { classes: { StandardScalerModel } }),
        DataError,
        `ColumnTransformerModel.fromJSON: ${message}`,
      );
    }
    expectError(
      () => ColumnTransformerModel.fromJSON({ ...saved, names: null }, { classes: { StandardScalerModel } }),
      DataError,
      "ColumnTransformerModel.fromJSON: column 2 has no name, but holds 'string'",
    );
  });
});
