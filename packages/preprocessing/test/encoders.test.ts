import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { type Columns, fromBytes, Table, toBytes, toDense } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LabelEncoder,
  LabelEncoderModel,
  OneHotEncoder,
  OneHotEncoderModel,
  OrdinalEncoder,
  OrdinalEncoderModel,
  SimpleImputer,
  SimpleImputerModel,
} from '../src/index.ts';
import { dense, fixture, numbers, oneByOne, type Written } from './reference.ts';
import { spec } from './spec.ts';

for (const options of [
  { sparseOutput: false },
  { sparseOutput: false, handleUnknown: 'ignore', drop: 'first' },
  { sparseOutput: false, handleUnknown: 'ignore' },
]) {
  checkTransformer(spec('OneHotEncoder', OneHotEncoder, OneHotEncoderModel, { options }));
}
checkTransformer(spec('OrdinalEncoder', OrdinalEncoder, OrdinalEncoderModel));
checkTransformer(
  spec('OrdinalEncoder', OrdinalEncoder, OrdinalEncoderModel, {
    options: { handleUnknown: 'useEncodedValue', unknownValue: -1 },
  }),
);
for (const strategy of ['mean', 'median', 'mostFrequent', 'constant']) {
  checkTransformer(
    spec('SimpleImputer', SimpleImputer, SimpleImputerModel, {
      options: { strategy, addIndicator: strategy === 'mean' },
    }),
  );
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A table with names of what a fixture holds: columns of numbers are Float64Array. */
function columnsOf(written: Record<string, Written[]>): Columns {
  return Object.fromEntries(
    Object.entries(written).map(([name, values]) => {
      const isNumber = values.some((value) => typeof value === 'number');
      return [name, isNumber ? Float64Array.from(numbers(values) as number[]) : (values as string[])];
    }),
  );
}

/** Row i of a table with names. */
const rowOf = (table: Columns, i: number): Row =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, values[i]!]));

/** Column by column to row by row. */
function rowsOfColumns(table: Columns): unknown[][] {
  const columns = Object.values(table);
  return Array.from(columns[0] as ArrayLike<unknown>, (_, i) => columns.map((column) => plain(column[i])));
}

/** Missing numbers and strings alike, as fixtures have them. */
const plain = (value: unknown) => (Number.isNaN(value) ? null : value);
const plainRows = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(plain));

describe('encoders, worked by hand', () => {
  const zoo = {
    animal: ['cat', 'dog', 'cat', 'bird'],
    legs: Float64Array.of(4, 4, 4, 2),
    tame: [true, true, false, false],
  };

  it('B3, one-hot: a column for each class, one of them 1', () => {
    const model = new OneHotEncoder({ sparseOutput: false }).fit({ animal: zoo.animal });
    expect(model.categories).toEqual([['bird', 'cat', 'dog']]);
    expect(model.transform({ animal: ['cat', 'dog'] }).toArray()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(model.featureNamesOut()).toEqual(['animal_bird', 'animal_cat', 'animal_dog']);
    expect([...model.transformOne({ animal: 'bird' }, new Float64Array(3))]).toEqual([1, 0, 0]);
    expect(model.inverseTransform([[0, 0, 1]])).toEqual({ animal: ['dog'] });
  });

  it('gives sparse rows unless told otherwise', () => {
    const rows = new OneHotEncoder().fit(zoo).transform(zoo);
    expect(rows.shape).toEqual([4, 7]);
    expect([...rows.indices.slice(0, 3)]).toEqual([1, 4, 6]);
    expect(toDense(rows).toArray()).toEqual(
      new OneHotEncoder({ sparseOutput: false }).fit(zoo).transform(zoo).toArray(),
    );
    expect(new OneHotEncoder().fit(zoo).inverseTransform(rows)).toEqual(zoo);
  });

  it('numbers the sorted values, or those in the given order', () => {
    expect(new OrdinalEncoder().fit(zoo).transform(zoo).toArray()).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [1, 1, 0],
      [0, 0, 0],
    ]);
    const sizes = new OrdinalEncoder({ categories: [['s', 'm', 'l']] }).fit({ size: ['l', 's'] });
    expect(sizes.transform({ size: ['s', 'm', 'l'] }).toArray()).toEqual([[0], [1], [2]]);
    expect(sizes.inverseTransform([[1]])).toEqual({ size: ['m'] });
  });

  it('fills in the mean, the median and the most frequent value', () => {
    const x = [[1], [2], [2], [7], [Number.NaN]];
    const filled = (strategy: 'mean' | 'median' | 'mostFrequent') =>
      new SimpleImputer({ strategy }).fit(x).transform(x).data[4];
    expect([filled('mean'), filled('median'), filled('mostFrequent')]).toEqual([3, 2, 2]);
    const table = { age: Float64Array.of(20, Number.NaN, 40), city: ['Bonn', null, 'Bonn'], paid: [true, false, true] };
    const model = new SimpleImputer({ strategy: 'mostFrequent', addIndicator: true }).fit(table);
    expect(model.transform(table)).toEqual({
      age: Float64Array.of(20, 20, 40),
      city: ['Bonn', 'Bonn', 'Bonn'],
      paid: [true, false, true],
      missingindicator_age: [false, true, false],
      missingindicator_city: [false, true, false],
    });
    expect(model.inverseTransform(model.transform(table))).toEqual(table);
  });

  it('puts categories that come once into one column', () => {
    const model = new OneHotEncoder({ minFrequency: 2, handleUnknown: 'infrequentIfExist', sparseOutput: false }).fit({
      animal: zoo.animal,
    });
    expect(model.infrequentCategories).toEqual([['bird', 'dog']]);
    expect(model.transform({ animal: ['cat', 'dog', 'emu'] }).toArray()).toEqual([[1, 0], [0, 1], [0, 1]]); // biome-ignore format: three rows
    expect(
      new OrdinalEncoder({ minFrequency: 2 }).fit({ animal: zoo.animal }).transform({ animal: zoo.animal }).toArray(),
    ).toEqual([[0], [1], [0], [1]]);
  });
});

interface Case {
  name: string;
  estimator: string;
  options: Record<string, unknown>;
  x: string;
  fresh: string;
  columns?: string[] | null;
  categories?: Written[][];
  dropIdx?: (number | null)[] | null | 'unknown';
  infrequent?: (Written[] | null)[];
  statistics?: Written[];
  names?: string[];
  transform: Written[][];
  inverse: Written[][] | null;
}

describe('encoders and imputation, as scikit-learn', () => {
  const { tables, cases, labels } = fixture<{
    tables: Record<string, Written>;
    cases: Case[];
    labels: { y: string[]; classes: string[]; transform: number[] }[];
  }>('encoders');
  const tableOf = (name: string, columns?: string[] | null): Columns | number[][] => {
    const written = tables[name]!;
    if (Array.isArray(written)) return numbers(written);
    const table = columnsOf(written as Record<string, Written[]>);
    return columns ? Object.fromEntries(columns.map((column) => [column, table[column]!])) : table;
  };

  for (const c of cases) {
    const x = tableOf(c.x, c.columns);
    const fresh = tableOf(c.fresh, c.columns);
    const rows = Array.isArray(fresh)
      ? fresh
      : Array.from(Object.values(fresh)[0] as ArrayLike<unknown>, (_, i) => rowOf(fresh, i));

    if (c.estimator === 'SimpleImputer') {
      it(`SimpleImputer: ${c.name}`, () => {
        const model = new SimpleImputer(c.options).fit(x);
        expectClose(
          model.statistics.map((value) => value ?? Number.NaN),
          c.statistics!.map((value) => value ?? Number.NaN),
        );
        expect(model.featureNamesOut()).toEqual(c.names);
        const made = model.transform(fresh as Columns) as Columns | Table;
        expectClose(made instanceof Table ? made.toArray() : rowsOfColumns(made), c.transform);
        if (made instanceof Table) expectClose(oneByOne(model as never, rows as number[][]), c.transform);
        if (c.inverse === null) return;
        const back = model.inverseTransform(made as Columns) as Columns | Table;
        expectClose(plainRows(back instanceof Table ? back.toArray() : rowsOfColumns(back)), c.inverse);
      });
      continue;
    }

    it(`${c.estimator}: ${c.name}`, () => {
      const Estimator = c.estimator === 'OneHotEncoder' ? OneHotEncoder : OrdinalEncoder;
      const sparse = c.estimator === 'OneHotEncoder' ? { sparseOutput: false } : {};
      const model = new Estimator({ ...c.options, ...sparse }).fit(x) as
        | OneHotEncoderModel<false>
        | OrdinalEncoderModel;
      expect(model.categories.map((list) => Array.from(list as ArrayLike<unknown>, plain))).toEqual(c.categories);
      const made = model.transform(fresh);
      expectClose(made, numbers(c.transform));
      expectClose(oneByOne(model as never, rows as never), numbers(c.transform));
      const back = model.inverseTransform(made);
      expect(plainRows(back instanceof Table ? back.toArray() : rowsOfColumns(back))).toEqual(
        withoutInfrequentNumbers(c),
      );
      if (!('dropIdx' in model)) return;
      expect(model.featureNamesOut()).toEqual(c.names);
      if (c.dropIdx !== 'unknown') expect(model.dropIdx).toEqual(c.dropIdx);
      const rare = model.infrequentCategories.map((list) => list && Array.from(list, plain));
      expect(rare).toEqual(c.infrequent!.length === 0 ? rare.map(() => null) : c.infrequent);
      const whole = new OneHotEncoder({ ...c.options, sparseOutput: true }).fit(x);
      expect(dense(whole.transform(fresh))).toEqual(made.toArray());
      expect(whole.inverseTransform(whole.transform(fresh))).toEqual(back);
    });
  }

  /** scikit-learn writes 'infrequent_sklearn' into columns of numbers too; ours hold NaN there. */
  const withoutInfrequentNumbers = ({ inverse, x }: Case) => {
    const written = tables[x] as Record<string, Written[]>;
    const kinds = Object.values(written).map((values) => values.some((value) => typeof value === 'number'));
    return inverse!.map((row) => row.map((value, j) => (kinds[j] && value === 'infrequent_sklearn' ? null : value)));
  };

  for (const { y, classes, transform } of labels) {
    it(`LabelEncoder: ${typeof y[0]}s`, () => {
      const model = new LabelEncoder().fit(y);
      expect(model.classes).toEqual(classes);
      expect([...model.transform(y)]).toEqual(transform);
      expect(y.map((label) => model.transformOne(label))).toEqual(transform);
      expect(model.inverseTransform(transform)).toEqual(y);
      for (const copy of [
        LabelEncoderModel.fromJSON(JSON.parse(JSON.stringify(model))),
        fromBytes(LabelEncoderModel, toBytes(model)),
      ]) {
        expect(copy.classes).toEqual(classes);
      }
    });
  }
});

describe('encoders, laws', () => {
  const word = fc.option(fc.string({ maxLength: 3 }), { nil: null, freq: 5 });
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN), fc.double());
  const table = fc.integer({ min: 1, max: 15 }).chain((n) =>
    fc.record({
      word: fc.array(word, { minLength: n, maxLength: n }),
      number: fc
        .array(
          number.filter((value) => !(Math.abs(value) === Number.POSITIVE_INFINITY)),
          { minLength: n, maxLength: n },
        )
        .map((values) => Float64Array.from(values, (value) => value + 0)),
      flag: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
    }),
  );

  it('encoding and decoding is the identity, row by row too, and through JSON', () => {
    fc.assert(
      fc.property(table, (x) => {
        const onehot = OneHotEncoderModel.fromJSON(JSON.parse(JSON.stringify(new OneHotEncoder().fit(x))));
        expect(onehot.inverseTransform(onehot.transform(x))).toEqual(x);
        const ordinal = new OrdinalEncoder({ encodedMissingValue: -1 }).fit(x);
        expect(ordinal.inverseTransform(ordinal.transform(x))).toEqual(x);
        const rows = x.word.map((_, i) => rowOf(x, i));
        expect(oneByOne(onehot as never, rows as never)).toEqual(dense(onehot.transform(x)));
        expect(oneByOne(ordinal as never, rows as never)).toEqual(ordinal.transform(x).toArray());
      }),
    );
  });

  it('a row has a 1 for each column', () => {
    fc.assert(
      fc.property(table, (x) => {
        const rows = dense(new OneHotEncoder().fit(x).transform(x));
        expect(rows.every((row) => row.reduce((sum, value) => sum + value, 0) === 3)).toBe(true);
      }),
    );
  });

  it('what was there stays there, and nothing is missing afterwards', () => {
    fc.assert(
      fc.property(table, (x) => {
        const filled = new SimpleImputer({ strategy: 'mostFrequent', keepEmptyFeatures: true }).fit(x).transform(x);
        expect(Object.keys(filled)).toEqual(['word', 'number', 'flag']);
        for (const [i, value] of x.word.entries()) expect(filled.word![i] === value || value === null).toBe(true);
        expect(filled.word).not.toContain(null);
        for (const [i, value] of x.number.entries())
          expect(filled.number![i] === value || Number.isNaN(value)).toBe(true);
        expect((filled.number as Float64Array).some(Number.isNaN)).toBe(false);
      }),
    );
  });
});

describe('encoders, regressions and edges', () => {
  const x = { sex: ['male', 'female', null], age: Float64Array.of(1, 2, Number.NaN) };

  it('an unknown category is named with its column, its row and the option that helps', () => {
    const onehot = new OneHotEncoder().fit(x);
    const remedy = "which the model was not fitted with; handleUnknown: 'ignore' gives zeros for it";
    expectError(
      () => onehot.transform({ ...x, sex: ['male', 'male', 'other'] }),
      DataError,
      `OneHotEncoder: column 'sex' of x is 'other' in row 2, ${remedy}`,
    );
    expectError(
      () => onehot.transformOne({ sex: 'male', age: 7 }, new Float64Array(6)),
      DataError,
      `OneHotEncoder: column 'age' of the row is 7, ${remedy}`,
    );
    expectError(
      () => new OneHotEncoder().fit([[1], [2]]).transform([[1], [3]]),
      DataError,
      `OneHotEncoder: column 0 of x is 3 in row 1, ${remedy}`,
    );
    expectError(
      () => new OrdinalEncoder().fit(x).transform({ ...x, sex: ['male', 'male', 'other'] }),
      DataError,
      "OrdinalEncoder: column 'sex' of x is 'other' in row 2, which the model was not fitted with; handleUnknown: 'useEncodedValue' with an unknownValue gives it a code",
    );
    expectError(
      () => new LabelEncoder().fit<string>(['a']).transform(['b']),
      DataError,
      "LabelEncoder: y[0] is 'b', which the model was not fitted with",
    );
    expectError(
      () => new OneHotEncoder({ categories: [['male']] }).fit({ sex: ['male', 'female'] }),
      DataError,
      "OneHotEncoder: column 'sex' of x is 'female' in row 1, which is not among the given categories",
    );
  });

  it('strings in rows are refused with the form that takes them', () => {
    for (const rows of [[['male'], ['female']], ['male', 'female'], [[1, 'male']]]) {
      expectError(
        () => new OneHotEncoder().fit(rows as never),
        DataError,
        "OneHotEncoder: rows hold numbers, got 'male'; give strings as columns with names: { color: ['red', 'blue'] }",
      );
    }
  });

  it('columns of other names, lengths and kinds are refused', () => {
    const model = new OneHotEncoder().fit(x);
    const says = (given: object, Type: new () => Error, message: string) =>
      expectError(() => model.transform(given as never), Type, `OneHotEncoder: ${message}`);
    says({ sex: ['male'] }, ShapeError, "x has no column 'age', but the model was fitted with one");
    says({ ...x, id: ['a', 'b', 'c'] }, ShapeError, "x has a column 'id', but the model was not fitted with one");
    says({ ...x, sex: ['male'] }, ShapeError, "column 'age' of x has 3 rows, but column 'sex' has 1");
    says(
      { ...x, sex: Float64Array.of(1, 2, 3) },
      DataError,
      "column 'sex' of x holds numbers, but the model was fitted with strings",
    );
    says({ ...x, sex: ['male', 3, null] }, DataError, "column 'sex' of x must hold strings or null, got 3 in row 1");
    says({ ...x, age: [1, 'x', 3] }, DataError, "column 'age' of x must hold numbers or null, got 'x' in row 1");
    says(
      { ...x, age: Float64Array.of(1, Number.POSITIVE_INFINITY, 2) },
      DataError,
      "column 'age' of x is Infinity in row 1; all numbers must be finite",
    );
    says({ ...x, age: 'old' }, OptionError, "column 'age' of x must be numbers, strings or booleans, got 'old'");
    // Lists of numbers are as good as arrays of floats.
    expect(model.transform({ ...x, age: Array.from(x.age) })).toEqual(model.transform(x));
    says([[1, 2]], OptionError, "the model was fitted with named columns ('sex', 'age'); give it those, not a matrix");
    expectError(
      () => new OneHotEncoder().fit([[1]]).transform({ a: ['b'] }),
      OptionError,
      'OneHotEncoder: x has named columns, but the model was fitted with a matrix; use numbers [n, d]',
    );
    expectError(
      () => model.transformOne([1, 2], new Float64Array(6)),
      OptionError,
      "OneHotEncoder: the model was fitted with named columns ('sex', 'age'); give it those, not a matrix",
    );
    expectError(
      () => new OneHotEncoder().fit({ a: [] }),
      DataError,
      'OneHotEncoder: x must have at least one row, got columns of length 0',
    );
    expectError(
      () => new OneHotEncoder().fit([[1]]).inverseTransform([[0]]),
      DataError,
      "OneHotEncoder: row 0 of x has no category for column 0; handleUnknown: 'ignore' makes it a missing value",
    );
    expectError(
      () => new OneHotEncoder().fit([[1]]).inverseTransform([[0, 1]]),
      ShapeError,
      'OneHotEncoder: x has 2 columns, but the model makes 1',
    );
  });

  it('a column whose values are all missing has one category, and fits any kind later', () => {
    const model = new OneHotEncoder({ handleUnknown: 'ignore' }).fit({ a: [null, null] });
    expect(model.categories).toEqual([[null]]);
    expect(dense(model.transform({ a: [null, 'x'] }))).toEqual([[1], [0]]);
    expect(model.inverseTransform([[0]])).toEqual({ a: [null] });
  });

  it('options without meaning', () => {
    const says = (make: () => unknown, message: string) => expectError(make, OptionError, message);
    says(
      () => new OneHotEncoder({ drop: 'last' as never }),
      "OneHotEncoder: drop must be null, 'first', 'ifBinary' or a value for each column, got 'last'",
    );
    says(
      () => new OneHotEncoder({ minFrequency: 1.5 }),
      'OneHotEncoder: minFrequency must be an integer ≥ 1 or a share above 0 and below 1, got 1.5',
    );
    says(
      () => new OneHotEncoder({ categories: 'all' as never }),
      "OneHotEncoder: categories must be 'auto' or a list of values for each column, got 'all'",
    );
    says(
      () => new OneHotEncoder({ categories: [['a']] }).fit(x),
      'OneHotEncoder: categories has 1 lists, but x has 2 columns',
    );
    says(
      () => new OneHotEncoder({ categories: [[2, 1]] }).fit([[1]]),
      'OneHotEncoder: categories of column 0 must ascend, as they are numbers',
    );
    says(
      () => new OneHotEncoder({ categories: [['a', 'a']] }).fit({ a: ['a'] }),
      "OneHotEncoder: categories of column 'a' must be different from each other",
    );
    says(
      () => new OneHotEncoder({ drop: ['other', 1] }).fit(x),
      "OneHotEncoder: drop[0] is 'other', which is no category of column 'sex'",
    );
    says(
      () => new OneHotEncoder({ drop: ['b'], minFrequency: 2 }).fit({ a: ['a', 'a', 'b'] }),
      "OneHotEncoder: drop[0] is 'b', which is put together with other rare categories of column 'a'; drop a frequent one",
    );
    says(
      () => new OrdinalEncoder({ handleUnknown: 'useEncodedValue' }),
      'OrdinalEncoder: unknownValue must be a number or null, got undefined',
    );
    says(
      () => new OrdinalEncoder({ unknownValue: 1 }),
      "OrdinalEncoder: unknownValue must be undefined unless handleUnknown is 'useEncodedValue', got 1",
    );
    says(
      () => new OrdinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: 1 }).fit(x),
      "OrdinalEncoder: unknownValue is 1, which is the code of a category of column 'sex'; choose another, such as -1",
    );
    says(
      () => new SimpleImputer().fit(x),
      "SimpleImputer: column 'sex' of x holds strings, which have no mean; use strategy 'mostFrequent' or 'constant'",
    );
    says(
      () => new SimpleImputer({ strategy: 'constant', fillValue: 3 }).fit(x),
      "SimpleImputer: fillValue must be a string, as column 'sex' of x holds strings, got 3",
    );
    expectError(
      () => new OrdinalEncoder().fit([[1], [2]]).inverseTransform([[2]]),
      DataError,
      'OrdinalEncoder: x[0, 0] must be a code of column 0, got 2',
    );
    expectError(
      () => new LabelEncoder().fit(['a']).inverseTransform([1]),
      DataError,
      'LabelEncoder: codes[0] must be an integer from 0 to 0, got 1',
    );
    expectError(() => new LabelEncoder().fit([]), DataError, 'LabelEncoder: y must have at least one label, got none');
    expectError(
      () => new LabelEncoder().fit(undefined as never),
      OptionError,
      'LabelEncoder: y must be an array of labels, got undefined',
    );
    expectError(
      () => new SimpleImputer({ missingValues: -1 }).fit([[-1], [Number.NaN]]),
      DataError,
      'SimpleImputer: x[1, 0] is NaN, but what is missing is -1; use missingValues: null for NaN',
    );
    expectError(
      () =>
        new SimpleImputer({ strategy: 'mostFrequent' }).fit(x).transformOne({ sex: null, age: 1 }, new Float64Array(2)),
      OptionError,
      "SimpleImputer: transformOne gives numbers, but column 'sex' holds strings; use transform",
    );
  });

  it('drops the category that it says it drops, where rare ones are put together', () => {
    const model = new OneHotEncoder({ minFrequency: 2, drop: 'first', sparseOutput: false }).fit({
      a: ['b', 'b', 'a', 'c', 'c'],
    });
    expect(model.dropIdx).toEqual([1]);
    expect(model.featureNamesOut()).toEqual(['a_c', 'a_infrequent_sklearn']);
    expect(model.inverseTransform([[0, 0], [1, 0], [0, 1]])).toEqual({ a: ['b', 'c', 'infrequent_sklearn'] }); // biome-ignore format: three rows
  });

  it('is not changed by changing what it hands out', () => {
    const model = new OneHotEncoder({ sparseOutput: false }).fit([[1], [2]]);
    (model.categories[0] as Float64Array).fill(9);
    expect(model.transform([[2]]).toArray()).toEqual([[0, 1]]);
  });

  it('serves single rows without allocating', { tags: ['node'] }, async () => {
    const onehot = new OneHotEncoder().fit([[0, 1], [1, 2], [2.5, 3]]); // biome-ignore format: three rows
    const ordinal = new OrdinalEncoder().fit([[0, 1], [1, 2], [2.5, 3]]); // biome-ignore format: three rows
    const imputer = new SimpleImputer().fit([[0, 1], [1, Number.NaN], [2.5, 3]]); // biome-ignore format: three rows
    const out6 = new Float64Array(6);
    const [row, out] = [new Float64Array(2).fill(1), new Float64Array(2)];
    await expectNoGarbage((i) => {
      row[0] = i % 2;
      onehot.transformOne(row, out6);
      ordinal.transformOne(row, out);
      imputer.transformOne(row, out);
    });
  });

  it('prints what there is to know', () => {
    expect(String(new OneHotEncoder())).toBe(
      "OneHotEncoder { categories: 'auto', drop: null, sparseOutput: true, handleUnknown: 'error', minFrequency: null, maxCategories: null }",
    );
    expect(String(new OneHotEncoder().fit(x))).toBe('OneHotEncoderModel: 2 columns to 6');
    expect(String(new SimpleImputer().fit([[1, Number.NaN]]))).toBe('SimpleImputerModel: 2 columns to 1');
    expect(String(new LabelEncoder().fit(['a', 'b']))).toBe('LabelEncoderModel: 2 labels');
  });
});
