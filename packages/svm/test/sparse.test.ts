import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import {
  encodeArray,
  fromBytes,
  type SparseRows,
  sparseFromElements,
  tensor,
  toBytes,
  toSparse,
} from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { OneClassSVM, OneClassSVMModel, SVC, SVCModel, SVR, SVRModel } from '../src/index.ts';
import { type SparseCase, sparseFixture } from './fixtures/svm-fixture.ts';

const sparse = (rows: number[][]): SparseRows => toSparse(tensor(rows, { dtype: 'float64' }));

/** Rows of which most numbers are 0, with labels and a number for each. */
function data(seed: number, n: number, d: number, draw: (random: Random) => number) {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () =>
    Array.from({ length: d }, () => (random.uniform() < 0.3 ? draw(random) : 0)),
  );
  const y = x.map((row) => row[0]! - row[1]! + 0.3 * random.normal());
  const labels = y.map((value) => (value < -0.3 ? 'low' : value > 0.3 ? 'high' : 'middle'));
  return { x, y, labels };
}

describe('sparse rows, as scikit-learn', () => {
  const machines = {
    SVC: (c: SparseCase) => {
      const model = new SVC(c.options).fit(sparse(c.x), c.y);
      return { model, scores: model.decisionFunction(sparse(c.fresh)) };
    },
    SVR: (c: SparseCase) => {
      const model = new SVR(c.options).fit(sparse(c.x), c.y);
      return { model, scores: model.predict(sparse(c.fresh)) };
    },
    OneClassSVM: (c: SparseCase) => {
      const model = new OneClassSVM(c.options).fit(sparse(c.x));
      return { model, scores: model.decisionFunction(sparse(c.fresh)) };
    },
  };
  for (const c of sparseFixture.sparse) {
    it(`${c.machine}, ${c.name}`, () => {
      const { model, scores } = machines[c.machine](c);
      expect([...model.support]).toEqual(c.support);
      const held = model.supportVectors as SparseRows;
      expect(held.shape).toEqual([c.support.length, 14]);
      for (const name of ['data', 'indices', 'indptr'] as const) expect([...held[name]]).toEqual(c.vectors[name]);
      // LIBSVM rounds kernel values to float32.
      const tolerance = { rtol: 1e-5, atol: 5e-5 };
      expectClose(model.dualCoef, c.machine === 'SVC' ? c.dualCoef : c.dualCoef[0]!, tolerance);
      expectClose(model.intercept, c.machine === 'SVC' ? c.intercept : c.intercept[0]!, tolerance);
      expectClose(scores, c.scores, tolerance);
      if (c.machine !== 'SVR') expect([...model.predict(sparse(c.fresh))]).toEqual(c.predict);
    });
  }
});

describe('sparse rows give what dense ones give', () => {
  const KERNELS = [
    { kernel: 'linear' },
    { kernel: 'poly', degree: 2, gamma: 0.5, coef0: 1 },
    { kernel: 'rbf' },
    { kernel: 'rbf', gamma: 0.7 },
    { kernel: 'sigmoid', gamma: 0.1, coef0: -0.2 },
  ];
  const { x, y, labels } = data(1, 60, 9, (random) => random.normal());
  const fresh = data(2, 12, 9, (random) => random.normal()).x;

  for (const kernel of KERNELS) {
    it(`${JSON.stringify(kernel)}, fitted with either and asked with either`, () => {
      const options = { ...kernel, C: 2, tol: 1e-12 };
      const pairs = [
        [new SVC(options).fit(x, labels), new SVC(options).fit(sparse(x), labels)],
        [new OneClassSVM({ ...kernel, tol: 1e-12 }).fit(x), new OneClassSVM({ ...kernel, tol: 1e-12 }).fit(sparse(x))],
      ] as const;
      const near = { rtol: 1e-10, atol: 1e-10 };
      for (const [dense, thin] of pairs) {
        expectClose(thin.intercept, dense.intercept, near);
        expectClose(thin.decisionFunction(sparse(fresh)), dense.decisionFunction(fresh), near);
        expect([...thin.predict(sparse(fresh))]).toEqual([...dense.predict(fresh)]);
        for (const model of [dense, thin]) {
          const answers = model.decisionFunction(fresh);
          expectClose(model.decisionFunction(sparse(fresh)), answers, { rtol: 1e-12, atol: 1e-13 });
          expect(model.predict(sparse(fresh))[3]).toBe(model.predictOne(fresh[3]!));
        }
      }
      const [dense, thin] = [new SVR(options).fit(x, y), new SVR(options).fit(sparse(x), y)];
      expect([...thin.support]).toEqual([...dense.support]);
      expectClose(thin.predict(sparse(fresh)), dense.predict(fresh), near);
      expectClose(thin.score(sparse(x), y), dense.score(x, y), near);
      expect(thin.predictOne(fresh[0]!)).toBe(thin.predict(fresh)[0]);
      if (kernel.kernel === 'linear') expectClose(thin.coef!, dense.coef!, near);
    });
  }

  it('to the bit for counts, whose products are exact, also where the solver stops early', () => {
    const counts = data(3, 80, 12, (random) => 1 + random.integer(4));
    for (const kernel of [KERNELS[0]!, KERNELS[1]!]) {
      const dense = new SVC({ ...kernel, C: 0.5 }).fit(counts.x, counts.labels);
      const thin = new SVC({ ...kernel, C: 0.5 }).fit(sparse(counts.x), counts.labels);
      expect(thin.nIter).toBe(dense.nIter);
      expect(thin.dualCoef.data).toEqual(dense.dualCoef.data);
      expect(thin.intercept).toEqual(dense.intercept);
      expect(thin.coef?.data).toEqual(dense.coef?.data);
    }
  });

  it('with probabilities, weights and shrinking', async () => {
    const options = { probability: true, seed: 0, tol: 1e-12, classWeight: 'balanced' as const };
    const sampleWeight = x.map((_, i) => i % 3);
    const dense = new SVC(options).fit(x, labels, { sampleWeight });
    const thin = await new SVC(options).fitAsync(sparse(x), labels, { sampleWeight });
    expectClose(thin.predictProba!(sparse(fresh)), dense.predictProba!(fresh), { rtol: 1e-8, atol: 1e-8 });
    expectClose(thin.predictLogProba!(sparse(fresh)), dense.predictLogProba!(fresh), { rtol: 1e-8, atol: 1e-8 });
    const narrow = { ...sparse(x), data: Float32Array.from(sparse(x).data) };
    const wide = { ...narrow, data: Float64Array.from(narrow.data) };
    expect(new SVR().fit(narrow, y).dualCoef).toEqual(new SVR().fit(wide, y).dualCoef);
  });

  it('copies what it is fitted with, and hands out copies', () => {
    const rows = sparse(x);
    const model = new SVC({ gamma: 0.5 }).fit(rows, labels);
    const before = model.decisionFunction(fresh);
    const held = model.supportVectors as SparseRows;
    for (const array of [rows.data, rows.indices, rows.indptr, held.data, held.indices, held.indptr]) array.fill(0);
    expect(model.decisionFunction(fresh)).toEqual(before);
  });

  it('of a table that would not fit in memory', () => {
    // 4000 x 4 million numbers would take 128 GB.
    const random = new Random(5);
    const n = 4000;
    const places = Array.from({ length: 5 * n }, (_, at) => Math.floor(at / 5));
    const columns = places.map((i, at) => (at % 5 === 0 ? i % 2 : 2 + random.integer(4e6 - 2)));
    const table = sparseFromElements(
      places,
      columns,
      Float64Array.from(columns, (c) => (c < 2 ? 2 : 0.5)),
      [n, 4e6],
    );
    const sides = Array.from({ length: n }, (_, i) => i % 2);
    const model = new SVC({ gamma: 0.5, maxIter: 20 }).fit(table, sides);
    expect(model.score(table, sides)).toBe(1);
    expect((model.supportVectors as SparseRows).shape).toEqual([model.support.length, 4e6]);
  });
});

it('a linear kernel keeps no weights of many classes and columns, and answers the same', () => {
  const { x } = data(7, 36, 30, (random) => random.normal());
  const labels = x.map((_, i) => i % 12);
  const rows = sparse(x);
  const wide = { ...rows, shape: [36, 300_000] as const };
  const [model, narrow] = [wide, rows].map((of) => new SVC({ kernel: 'linear', tol: 1e-10 }).fit(of, labels)) as [
    SVCModel,
    SVCModel,
  ];
  expect([model.coef, narrow.coef!.shape]).toEqual([undefined, [66, 30]]);
  expect(model.dualCoef).toEqual(narrow.dualCoef);
  expectClose(model.decisionFunction(wide), narrow.decisionFunction(rows), { rtol: 1e-12, atol: 1e-12 });
  const one = new Float64Array(300_000);
  one.set(x[5]!);
  expect(model.predictOne(one)).toBe(narrow.predictOne(x[5]!));
});

describe('saved models with sparse support vectors', () => {
  const { x, y, labels } = data(4, 30, 6, (random) => random.normal());
  const rows = sparse(x);
  const plain = (model: object) => JSON.parse(JSON.stringify(model));

  it('come back as they were', () => {
    const model = new SVC({ gamma: 0.5 }).fit(rows, labels);
    for (const copy of [SVCModel.fromJSON(plain(model)), fromBytes(SVCModel, toBytes(model))]) {
      expect(copy.supportVectors).toEqual(model.supportVectors);
      expect(copy.decisionFunction(rows)).toEqual(model.decisionFunction(rows));
    }
    const line = new SVR({ kernel: 'linear' }).fit(rows, y);
    expect(SVRModel.fromJSON(plain(line)).predict(rows)).toEqual(line.predict(rows));
    const region = new OneClassSVM().fit(rows);
    expect(fromBytes(OneClassSVMModel, toBytes(region)).decisionFunction(x)).toEqual(region.decisionFunction(x));
  });

  it('are refused where their parts do not fit', () => {
    const model = new SVR({ kernel: 'linear' }).fit(sparse([[1, 2], [0, 3]]), [0, 3]); // biome-ignore format: one line
    const given = model.supportVectors as SparseRows;
    expect([...given.indices]).toEqual([0, 1, 1]);
    const parts = (part: Partial<SparseRows>) => {
      const saved = plain(model);
      for (const [name, array] of Object.entries(part))
        saved.supportVectors[name] = plain(encodeArray(array as Float64Array));
      return saved;
    };
    const owner = 'SVRModel.fromJSON';
    expect(SVRModel.fromJSON(parts({ data: given.data.slice() })).predict(given)).toEqual(model.predict(given));
    for (const [part, message] of [
      [
        { indices: Int32Array.of(1, 0, 1) },
        `${owner}: the columns of row 0 must ascend from 0 to 1, but indices[1] is 0`,
      ],
      [
        { indices: Int32Array.of(0, 7, 1) },
        `${owner}: the columns of row 0 must ascend from 0 to 1, but indices[1] is 7`,
      ],
      [
        { indptr: Int32Array.of(0, 9, 3) },
        `${owner}: the columns of row 0 must ascend from 0 to 1, but indices[2] is 1`,
      ],
      [{ data: Float64Array.of(1, 2) }, `${owner}: there are 2 data but 3 indices`],
    ] as const) {
      expectError(() => SVRModel.fromJSON(parts(part)), DataError, message);
    }
    const mine = { ...plain(model), kernel: { ...plain(model).kernel, name: 'mine' } };
    expectError(
      () => SVRModel.fromJSON(mine, { functions: { mine: () => 1 } }),
      DataError,
      `${owner}: supportVectors must be an array saved as { dtype, shape, data }, got an object`,
    );
    expectError(
      () => SVRModel.fromJSON(parts({ data: Float64Array.of(1, 2, Number.NaN) })),
      DataError,
      `${owner}: supportVectors.data must be finite, got NaN at place 2`,
    );
    expectError(
      () => SVRModel.fromJSON(parts({ indptr: Int32Array.of(0, 3) })),
      DataError,
      `${owner}: supportVectors.indptr must have the shape [3], got [2]`,
    );
  });
});

it('refuses sparse rows for kernels that need dense ones, and rows that are damaged', () => {
  const { x, labels } = data(6, 20, 4, (random) => random.normal());
  const functions = { mine: (a: Float64Array, b: Float64Array) => a.reduce((sum, v, l) => sum + v * b[l]!, 0) };
  const refusal = (owner: string, kernel: string) =>
    `${owner}: with kernel '${kernel}', x must be dense, got sparse rows; use toDense(x)`;
  const own = new SVC({ kernel: 'mine' }, functions);
  expectError(() => own.fit(sparse(x), labels), OptionError, refusal('SVC', 'mine'));
  expectError(() => own.fit(x, labels).predict(sparse(x)), OptionError, refusal('SVC', 'mine'));
  const given = new SVR({ kernel: 'precomputed' });
  expectError(() => given.fit(sparse([[1]]), [1]), OptionError, refusal('SVR', 'precomputed'));
  const region = new OneClassSVM({ kernel: 'precomputed' });
  expectError(() => region.fit(sparse([[1]])), OptionError, refusal('OneClassSVM', 'precomputed'));
  const model = new SVC().fit(sparse(x), labels);
  expectError(
    () => model.predict(sparse([[1, 2]])),
    ShapeError,
    'SVC: x has 2 columns, but the model was fitted with 4',
  );
  const damaged = { ...sparse(x), indices: new Int32Array(3) };
  expectError(() => model.predict(damaged), ShapeError, `SVC: there are ${damaged.data.length} data but 3 indices`);
  expectError(
    () => new SVC({ kernel: 'linear' }).fit(sparse([[1e200, 0], [0, 1]]), [0, 1]), // biome-ignore format: one line
    DataError,
    "SVC: the kernel 'linear' of x[0] and x[0] is Infinity; scale the columns of x first (see StandardScaler)",
  );
});
