import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { type Columns, Table, toDense } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
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
import { expectNoGarbage } from './garbage.ts';
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
        const made = model.transform(fresh);
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
      if (!(model instanceof OneHotEncoderModel)) return;
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
        LabelEncoderModel.fromBytes(model.toBytes()),
      ]) {
        expect(copy.classes).toEqual(classes);
      }
    });
  }
});
