import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, shared } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelPCA, KernelPCAModel, type KernelPCAOptions, PCA } from '../../src/index.ts';
import traits from '../../traits.json' with { type: 'json' };

const spec: Spec = {
  name: 'KernelPCA',
  Estimator: KernelPCA,
  Model: KernelPCAModel,
  traits: traits.KernelPCA as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
};
checkTransformer(spec);
for (const kernel of ['rbf', 'poly', 'cosine', 'laplacian', 'sigmoid'] as const) {
  describe(kernel, () => checkTransformer({ ...spec, options: { kernel, nComponents: 2, gamma: 0.01 } }));
}
describe('with a way back', () =>
  checkTransformer({ ...spec, options: { kernel: 'rbf', gamma: 0.05, nComponents: 3, fitInverseTransform: true } }));

describe('KernelPCA, worked by hand', () => {
  it('three points on a line, with the square of their product as kernel', () => {
    // x = -1, 0, 2; k(x, y) = (x y)², as if the rows were 1, 0, 4: their mean is 5/3.
    const model = new KernelPCA({ kernel: 'poly', degree: 2, gamma: 1, coef0: 0, nComponents: 1 }).fit([
      [-1],
      [0],
      [2],
    ]);
    expectClose(model.eigenvalues, [4 / 9 + 25 / 9 + 49 / 9]);
    expectClose(model.transform([[-1], [0], [2], [3]]), [[-2 / 3], [-5 / 3], [7 / 3], [22 / 3]]);
    expect(String(model)).toBe("KernelPCAModel: 1 component of 3 rows, kernel 'poly'");
  });
});

interface Case {
  name: string;
  x: number[][] | null;
  fresh: number[][];
  options: Required<KernelPCAOptions>;
  eigenvalues: number[];
  eigenvectors: number[][];
  transform: number[][];
  inverse?: number[][];
}

const path = new URL('../fixtures/estimators/kernel_pca.json', import.meta.url);
const { x, cases } = JSON.parse(readFileSync(path, 'utf8')) as { x: number[][]; cases: Case[] };

describe('KernelPCA, as scikit-learn', () => {
  for (const c of cases) {
    it(c.name, () => {
      const model = new KernelPCA(c.options).fit(c.x ?? x);
      const tolerance = { rtol: 1e-7, atol: 1e-9 };
      expectClose(model.eigenvalues, c.eigenvalues, tolerance);
      expectClose(model.eigenvectors, c.eigenvectors, tolerance);
      expectClose(model.transform(c.fresh), c.transform, tolerance);
      if (c.inverse !== undefined) expectClose(model.inverseTransform(model.transform(c.fresh)), c.inverse, tolerance);
    });
  }
});

describe('KernelPCA, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 3, max: 20 }),
    d: fc.integer({ min: 1, max: 4 }),
    kernel: fc.constantFrom('linear' as const, 'rbf' as const, 'laplacian' as const),
  });
  const table = (seed: number, n: number, d: number) => {
    const random = new Random(seed);
    return Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
  };

  it('the components of the fitted rows are uncorrelated, of mean 0 and of variance λ / n', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, kernel }) => {
        const rows = table(seed, n, d);
        const model = new KernelPCA({ kernel }).fit(rows);
        const z = model.transform(rows).toArray();
        const k = model.nFeaturesOut;
        const products = Array.from({ length: k }, (_, a) =>
          Array.from({ length: k }, (_, b) => z.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
        );
        const wanted = products.map((_, a) => products.map((_, b) => (a === b ? model.eigenvalues[a]! : 0)));
        expectClose(products, wanted, { rtol: 1e-6, atol: 1e-6 });
        for (let c = 0; c < k; c++)
          expectClose(
            z.reduce((sum, row) => sum + row[c]!, 0),
            0,
            { atol: 1e-6 },
          );
      }),
      { numRuns: 50 },
    );
  });

  it('the first components are those of all, also where eigenvalues are equal or rows repeat', () => {
    const random = new Random(3);
    const ring = Array.from({ length: 400 }, (_, i) => [Math.cos((Math.PI * i) / 200), Math.sin((Math.PI * i) / 200)]);
    const cloud = table(4, 350, 6);
    const repeated = Array.from({ length: 300 }, () => cloud[random.integer(40)]!);
    for (const rows of [ring, cloud, repeated]) {
      for (const kernel of ['rbf', 'linear', 'sigmoid'] as const) {
        const nComponents = rows === ring ? 2 : 4;
        const [dense, krylov] = (['dense', 'krylov'] as const).map((eigenSolver) =>
          new KernelPCA({ kernel, nComponents, eigenSolver, coef0: 0.1 }).fit(rows),
        );
        const tolerance = { rtol: 1e-8, atol: 1e-9 };
        expectClose(krylov!.eigenvalues, dense!.eigenvalues, tolerance);
        // Of equal eigenvalues only the space is known, that is, the lengths of rows in it.
        const lengths = (z: number[][]) => z.map((row) => row.reduce((sum, v) => sum + v * v, 0));
        expectClose(lengths(krylov!.transform(rows).toArray()), lengths(dense!.transform(rows).toArray()), { rtol: 1e-6, atol: 1e-8 }); // biome-ignore format: one line
        if (rows === cloud) expectClose(krylov!.eigenvectors, dense!.eigenvectors, { rtol: 1e-5, atol: 1e-7 });
      }
    }
  });

  it('with the linear kernel it is PCA, up to signs', () => {
    const rows = table(1, 30, 4);
    const [kernel, usual] = [new KernelPCA({ nComponents: 3 }).fit(rows), new PCA({ nComponents: 3 }).fit(rows)];
    expectClose(
      kernel.eigenvalues,
      usual.explainedVariance.map((v) => v * 29),
      { rtol: 1e-9 },
    );
    const sizes = (z: number[][]) => z.map((row) => row.map(Math.abs));
    expectClose(sizes(kernel.transform(rows).toArray()), sizes(usual.transform(rows).toArray()), {
      rtol: 1e-7,
      atol: 1e-9,
    });
  });

  it('a kernel function is the kernel of its name, and comes back when it is handed to fromJSON', () => {
    const kernelFunction = (a: Float64Array, b: Float64Array) =>
      Math.exp(-0.5 * a.reduce((sum, v, j) => sum + (v - b[j]!) ** 2, 0));
    const own = new KernelPCA({ kernel: 'function', nComponents: 2 }).fit(x, { kernelFunction });
    const named = new KernelPCA({ kernel: 'rbf', gamma: 0.5, nComponents: 2 }).fit(x);
    expectClose(own.transform(x), named.transform(x), { rtol: 1e-9, atol: 1e-12 });
    const json = JSON.parse(JSON.stringify(own)) as object;
    expect(KernelPCAModel.fromJSON(json, { kernelFunction }).transform(x).toArray()).toEqual(
      own.transform(x).toArray(),
    );
    expect(String(fromBytes(KernelPCAModel, toBytes(own), { kernelFunction }))).toBe(String(own));
    expectError(
      () => KernelPCAModel.fromJSON(json),
      OptionError,
      'KernelPCAModel.fromJSON: the model needs its kernelFunction as fromJSON(json, { kernelFunction })',
    );
  });

  it('a precomputed kernel survives JSON', () => {
    const gram = x.map((a) => x.map((b) => a.reduce((sum, v, j) => sum + v * b[j]!, 0)));
    const model = new KernelPCA({ kernel: 'precomputed', nComponents: 2 }).fit(gram);
    const copy = KernelPCAModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(copy.transform(gram).toArray()).toEqual(model.transform(gram).toArray());
    expect([model.nFeaturesIn, model.xFit]).toEqual([24, null]);
    expectClose(model.transformOne(gram[3]!, new Float64Array(2)), model.transform(gram).toArray()[3]!);
  });

  it('the same numbers with WebAssembly and without', () => {
    const rows = table(5, 60, 5);
    const fit = () =>
      (['rbf', 'sigmoid', 'poly', 'cosine'] as const).map((kernel) => {
        const model = new KernelPCA({ kernel, nComponents: 3, fitInverseTransform: kernel === 'rbf' }).fit(rows);
        return JSON.stringify([model, model.transform(rows)]);
      });
    const usual = fit();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    choice.mode = 'js';
    try {
      expect(fit()).toEqual(usual);
    } finally {
      choice.mode = 'auto';
    }
  });
});

describe('KernelPCA, hostile input', () => {
  const rows = [[1, 2], [3, 4], [5, 7]]; // biome-ignore format: three rows

  it('rows whose images are equal have no component, and components without variance are 0', () => {
    expectError(
      () => new KernelPCA().fit([[1, 2], [1, 2]]), // biome-ignore format: two rows
      DataError,
      'KernelPCA: the images of all rows of x are equal, so no component varies',
    );
    const model = new KernelPCA({ nComponents: 3 }).fit(rows);
    expect(model.eigenvalues[2]).toBe(0);
    expectClose(
      model
        .transform(rows)
        .toArray()
        .map((row) => row[2]!),
      [0, 0, 0],
    );
    expect(new KernelPCA().fit(rows).nFeaturesOut).toBe(2);
    expect(new KernelPCA({ nComponents: 3, removeZeroEig: true }).fit(rows).nFeaturesOut).toBe(2);
  });

  it('a kernel that is not positive semidefinite', () => {
    const gram = [[0, 1, 0], [1, 0, 3], [0, 3, 0]]; // biome-ignore format: three rows
    const message = (remedy: string) =>
      `KernelPCA: the kernel of x is not positive semidefinite, its eigenvalues go from -3.09717 to 0.430501${remedy}`;
    expectError(
      () => new KernelPCA({ kernel: 'precomputed' }).fit(gram),
      DataError,
      message('; give nComponents to keep only the first, or choose another kernel'),
    );
    expect(new KernelPCA({ kernel: 'precomputed', nComponents: 1 }).fit(gram).nFeaturesOut).toBe(1);
  });

  it('kernels that overflow, at the fit and later', () => {
    expectError(
      () => new KernelPCA({ kernel: 'poly' }).fit([[1e150], [2]]),
      DataError,
      'KernelPCA: the kernel of x overflows; divide x by a constant first',
    );
    const model = new KernelPCA({ kernel: 'poly', nComponents: 1 }).fit(rows);
    const large = (place: string) => `KernelPCA: ${place} holds numbers so large that the kernel overflows`;
    expectError(() => model.transform([[1, 1], [1e200, 1]]), DataError, large('x[1]')); // biome-ignore format: two rows
    expectError(() => model.transformOne([1e200, 1], new Float64Array(1)), DataError, large('the row'));
  });

  it('refuses what does not fit together', () => {
    const fit = (options: KernelPCAOptions, given: number[][] = rows, more: object = {}) => {
      return () => new KernelPCA(options).fit(given, more);
    };
    expectError(fit({ nComponents: 4 }), ShapeError, 'KernelPCA: nComponents is 4, but the number of rows is 3');
    expectError(
      fit({ kernel: 'precomputed' }),
      ShapeError,
      'KernelPCA: a precomputed kernel must be square, got [3, 2]',
    );
    expectError(
      fit({ kernel: 'precomputed' }, [[1, 2], [3, 1]]), // biome-ignore format: two rows
      DataError,
      'KernelPCA: a precomputed kernel must be symmetric, but x[1, 0] is 3 and x[0, 1] is 2',
    );
    expectError(
      fit({ kernel: 'precomputed', fitInverseTransform: true }, [[1]]),
      OptionError,
      "KernelPCA: fitInverseTransform needs rows, but kernel 'precomputed' has none",
    );
    expectError(
      fit({ kernel: 'function' }),
      OptionError,
      "KernelPCA: kernel 'function' needs a kernelFunction in the options of fit, got undefined",
    );
    expectError(
      fit({}, rows, { kernelFunction: () => 1 }),
      OptionError,
      "KernelPCA: kernelFunction needs kernel 'function', got 'linear'",
    );
    expectError(
      fit({ kernel: 'function' }, rows, { kernelFunction: () => Number.NaN }),
      DataError,
      'KernelPCA: kernelFunction must give finite numbers, got NaN',
    );
    expectError(
      () => new KernelPCA().fit(rows).inverseTransform([[1, 2]]),
      OptionError,
      'KernelPCA: the way back was not learned; fit with fitInverseTransform: true',
    );
    expectError(
      () => new KernelPCA({ kernel: 'gauss' as 'rbf' }),
      OptionError,
      "KernelPCA: kernel must be 'linear', 'poly', 'rbf', 'sigmoid', 'laplacian', 'cosine', 'precomputed' or 'function', got 'gauss'",
    );
    expectError(() => new KernelPCA({ degree: 2.5 }), OptionError, 'KernelPCA: degree must be an integer ≥ 0, got 2.5');
    expectError(
      fit({ alpha: 0, kernel: 'linear', fitInverseTransform: true, nComponents: 1 }),
      DataError,
      'KernelPCA: the way back cannot be learned, its equations have no solution; choose a larger alpha',
    );
  });
});
