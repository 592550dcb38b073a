import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, shared } from '@maru-ml/base';
import { memory, memoryInUse } from '@maru-ml/kernels/memory';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PCA, PCAModel, type PCAOptions, varianceTable } from '../../src/index.ts';
import traits from '../../traits.json' with { type: 'json' };

const spec: Spec = {
  name: 'PCA',
  Estimator: PCA,
  Model: PCAModel,
  traits: traits.PCA as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
};
// With all components, so that the way back leads back.
checkTransformer(spec);
describe('with the full solver', () => checkTransformer({ ...spec, options: { svdSolver: 'full' } }));
describe('with the randomized solver', () =>
  checkTransformer({ ...spec, options: { svdSolver: 'randomized', seed: 0 } }));
describe('two components, whitened', () =>
  checkTransformer({
    ...spec,
    options: { nComponents: 2, whiten: true },
    traits: { ...spec.traits, lossy: true },
  }));
describe('whitened', () => checkTransformer({ ...spec, options: { whiten: true, svdSolver: 'full' } }));

const SOLVERS = ['full', 'covarianceEigh', 'randomized'] as const;

/** Rows of which the columns depend on `rank` hidden ones, with falling variance, and some noise. */
function table(seed: number, n: number, d: number, { rank = d, noise = 0.1, offset = 0 } = {}): number[][] {
  const random = new Random(seed);
  const mix = Array.from({ length: rank }, (_, r) => Array.from({ length: d }, () => random.normal() / (r + 1)));
  return Array.from({ length: n }, () => {
    const z = mix.map(() => random.normal());
    return Array.from(
      { length: d },
      (_, j) =>
        offset + z.reduce((sum, v, r) => sum + v * mix[r]![j]!, 0) + (noise === 0 ? 0 : random.normal(0, noise)),
    );
  });
}

describe('PCA, worked by hand', () => {
  it('points on a line through (1, 2) in the direction (3, 4)', () => {
    // At -5, 0 and 5 along (.6, .8): the variance is 50 / 2.
    const x = [[-2, -2], [1, 2], [4, 6]]; // biome-ignore format: three rows
    for (const svdSolver of SOLVERS) {
      const model = new PCA({ svdSolver, seed: 0 }).fit(x);
      expectClose(model.components.toArray()[0], [0.6, 0.8]);
      expectClose(model.mean, [1, 2]);
      expectClose(model.explainedVariance, [25, 0], { atol: 1e-13 });
      expectClose(model.explainedVarianceRatio, [1, 0], { atol: 1e-14 });
      expectClose(model.singularValues, [Math.sqrt(50), 0], { atol: 1e-6 });
      expectClose(
        model
          .transform(x)
          .toArray()
          .map((row) => row[0]),
        [-5, 0, 5],
        { atol: 1e-12 },
      );
      expectClose(model.reconstruct([[1, 2], [9, -4]]), [[1, 2], [9, -4]]); // biome-ignore format: two rows
    }
    const one = new PCA({ nComponents: 1 }).fit(x);
    // (9, -4) - (1, 2) = (8, -6) is at right angles to the line.
    expectClose(one.reconstruct([[9, -4]]), [[1, 2]]);
    expectClose(one.inverseTransform([[10]]), [[7, 10]]);
    expect(String(one)).toBe('PCAModel: 1 component of 2 columns explain 100 % of the variance (1)');
  });

  it('worked example 8: ten eigenvalues, % variance, % cumulative, and four components for 70 %', () => {
    const eigenvalues = [4.724, 1.143, 0.884, 0.599, 0.502, 0.487, 0.471, 0.451, 0.376, 0.363];
    const printed = [47.242, 11.433, 8.836, 5.992, 5.019, 4.874, 4.709, 4.511, 3.759, 3.625];
    const cumulative = [47.242, 58.675, 67.51, 73.502, 78.522, 83.396, 88.105, 92.615, 96.375, 100];
    const found = varianceTable(eigenvalues);
    // The eigenvalues are rounded, so percentages agree to .01.
    expectClose(
      found.rows.map((row) => row.percentVariance),
      printed,
      { rtol: 0, atol: 0.01 },
    );
    expectClose(
      found.rows.map((row) => row.percentCumulative),
      cumulative,
      { rtol: 0, atol: 0.01 },
    );
    expect(found.componentsFor(0.7)).toBe(4);
    expect(found.rows[0]!.component).toBe(1);
    expect(String(found).split('\n').slice(0, 2)).toEqual([
      'component  eigenvalue  % variance  % cumulative',
      '        1       4.724      47.240        47.240',
    ]);
  });

  it('a model prints the same table, of the share of all columns', () => {
    const model = new PCA({ nComponents: 1 }).fit([[2, 0], [-2, 0], [0, 1], [0, -1]]); // biome-ignore format: four rows
    expect(String(model.varianceTable())).toBe(
      'component  eigenvalue  % variance  % cumulative\n        1     2.66667      80.000        80.000',
    );
    expect(model.varianceTable().componentsFor(0.8)).toBe(1);
    expectError(
      () => model.varianceTable().componentsFor(0.9),
      DataError,
      'VarianceTable: the components in the table explain 80.000 %, less than 90 %',
    );
  });
});

interface Case {
  name: string;
  dtype: 'float32' | 'float64';
  x: number[][];
  nComponents: number | 'mle' | null;
  whiten: boolean;
  components: number[][];
  mean: number[];
  explainedVariance: number[];
  explainedVarianceRatio: number[];
  singularValues: number[];
  noiseVariance: number;
  fresh: number[][];
  transform: number[][];
  inverse: number[][];
  covariance?: number[][];
  precision?: number[][];
  scoreSamples?: number[];
  score?: number;
}

describe('PCA, as scikit-learn', () => {
  const path = new URL('../fixtures/estimators/pca.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };

  for (const c of cases) {
    const needsAll = c.nComponents === 'mle' || (c.nComponents !== null && c.nComponents < 1);
    for (const svdSolver of needsAll ? (['full', 'covarianceEigh'] as const) : SOLVERS) {
      it(`${c.name}, ${svdSolver}`, () => {
        // So small tables are spanned by the random columns whole.
        const model = new PCA({ nComponents: c.nComponents, whiten: c.whiten, svdSolver, seed: 0 }).fit(
          tensor(c.x, { dtype: c.dtype }),
        );
        const narrow = c.dtype === 'float32';
        const scale = Math.max(1, ...c.x.flat().map(Math.abs)) / 10;
        const tolerance = narrow ? { rtol: 1e-4, atol: 1e-4 } : { rtol: 1e-9, atol: 1e-10 * scale };
        const rank = c.singularValues.filter((s) => s > 1e-9 * c.singularValues[0]!).length;
        expect(model.components.shape).toEqual([c.components.length, c.x[0]!.length]);
        expect(model.components.dtype).toBe(c.dtype);
        // A direction without variance is any that is left.
        expectClose(model.components.toArray().slice(0, rank), c.components.slice(0, rank), tolerance);
        expectClose(model.mean, c.mean, tolerance);
        expectClose(model.explainedVariance, c.explainedVariance, tolerance);
        expectClose(model.explainedVarianceRatio, c.explainedVarianceRatio, tolerance);
        const { rows } = varianceTable(
          model.explainedVariance,
          model.explainedVariance[0]! / model.explainedVarianceRatio[0]!,
        );
        let sum = 0;
        const percent = c.explainedVarianceRatio.map((ratio) => {
          sum += ratio;
          return [100 * ratio, 100 * sum];
        });
        const found = rows.map(({ percentVariance, percentCumulative }) => [percentVariance, percentCumulative]);
        expectClose(found, percent, { ...tolerance, name: 'varianceTable' });
        expectClose(model.singularValues, c.singularValues, { ...tolerance, atol: 1e-6 });
        expectClose(model.noiseVariance, c.noiseVariance, tolerance);
        const fresh = tensor(c.fresh, { dtype: c.dtype });
        const known = (rows: number[][]) => rows.map((row) => row.slice(0, rank));
        const z = model.transform(fresh);
        expect(z.dtype).toBe(c.dtype);
        expectClose(known(z.toArray()), known(c.transform), { rtol: tolerance.rtol, atol: 10 * tolerance.atol });
        if (rank === c.components.length)
          expectClose(model.inverseTransform(z), c.inverse, { ...tolerance, rtol: narrow ? 1e-3 : 1e-9 });
        if (c.score === undefined) return;
        expectClose(model.getCovariance(), c.covariance, tolerance);
        expectClose(
          model.getPrecision(),
          c.precision,
          narrow ? { rtol: 1e-3, atol: 1e-3 } : { rtol: 1e-7, atol: 1e-8 },
        );
        expectClose(model.scoreSamples(fresh), c.scoreSamples, narrow ? { rtol: 1e-3 } : { rtol: 1e-8 });
        expectClose(model.score(fresh), c.score, narrow ? { rtol: 1e-3 } : { rtol: 1e-8 });
      });
    }
  }

  it('auto is covarianceEigh for many rows, full for little, randomized for few components of much', () => {
    const solver = (n: number, d: number, options: PCAOptions = {}) =>
      new PCA({ seed: 0, ...options }).fit(table(1, n, d)).svdSolver;
    expect(solver(60, 6)).toBe('covarianceEigh');
    expect(solver(59, 6)).toBe('full');
    expect(solver(501, 60, { nComponents: 3 })).toBe('randomized');
    expect(solver(501, 60, { nComponents: 0.9 })).toBe('full');
    expect(solver(501, 60)).toBe('full');
    expect(solver(501, 60, { nComponents: 48 })).toBe('full');
    expect(solver(500, 60, { nComponents: 3 })).toBe('full');
  });

  it('random columns find the leading components of a large table, tall or wide, in either precision', () => {
    for (const [n, d] of [
      [600, 80],
      [80, 600],
    ] as const) {
      const x = table(2, n, d, { rank: 12, noise: 0.01 });
      const exact = new PCA({ nComponents: 5, svdSolver: 'full' }).fit(x);
      for (const dtype of ['float32', 'float64'] as const) {
        const model = new PCA({ nComponents: 5, svdSolver: 'randomized', seed: 3 }).fit(tensor(x, { dtype }));
        const tolerance = dtype === 'float32' ? { rtol: 1e-4, atol: 1e-4 } : { rtol: 1e-6, atol: 1e-6 };
        expectClose(model.components, exact.components, tolerance);
        expectClose(model.explainedVariance, exact.explainedVariance, tolerance);
        expectClose(model.explainedVarianceRatio, exact.explainedVarianceRatio, tolerance);
        expectClose(model.noiseVariance, exact.noiseVariance, { rtol: 1e-3 });
      }
    }
  });
});

describe('PCA, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 2, max: 30 }),
    d: fc.integer({ min: 1, max: 8 }),
    svdSolver: fc.constantFrom(...SOLVERS),
  });

  it('L517-520: TᵀT is Λ, the variances add up to those of the columns, components are orthonormal and min(n, d)', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, svdSolver }) => {
        const x = table(seed, n, d);
        const model = new PCA({ svdSolver, seed }).fit(x);
        const k = Math.min(n, d);
        expect(model.components.shape).toEqual([k, d]);
        const components = model.components.toArray();
        const dot = (a: number[], b: number[]) => a.reduce((sum, v, j) => sum + v * b[j]!, 0);
        const identity = components.map((_, i) => components.map((_, j) => (i === j ? 1 : 0)));
        expectClose(
          components.map((a) => components.map((b) => dot(a, b))),
          identity,
          { atol: 1e-10 },
        );

        const t = model.transform(x).toArray();
        const column = (c: number) => t.map((row) => row[c]!);
        const lambda = model.explainedVariance.map((v) => v * (n - 1));
        const scatter = components.map((_, i) => components.map((_, j) => dot(column(i), column(j))));
        expectClose(scatter, components.map((_, i) => components.map((_, j) => (i === j ? lambda[i]! : 0))), { rtol: 1e-8, atol: 1e-9 }); // biome-ignore format: Λ

        let total = 0;
        for (let j = 0; j < d; j++) {
          const values = x.map((row) => row[j]!);
          const mean = values.reduce((a, b) => a + b, 0) / n;
          total += values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
        }
        expectClose(
          model.explainedVariance.reduce((a, b) => a + b, 0),
          total,
          { rtol: 1e-9 },
        );
        expectClose(model.totalVariance, total, { rtol: 1e-9 });
        expectClose(model.reconstruct(x), x, { rtol: 1e-8, atol: 1e-9 });
      }),
    );
  });

  it('the solvers agree, and a reconstruction from k components misses the variance of the others', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32), (seed) => {
        const x = table(seed, 25, 6);
        const [full, other] = (['full', 'covarianceEigh'] as const).map((svdSolver) =>
          new PCA({ svdSolver, nComponents: 3 }).fit(x),
        );
        expectClose(other!.explainedVariance, full!.explainedVariance, { rtol: 1e-9 });
        const back = full!.reconstruct(x).toArray();
        const missed = x.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + (v - back[i]![j]!) ** 2, 0), 0);
        expectClose(missed, full!.noiseVariance * 3 * 24, { rtol: 1e-7 });
      }),
      { numRuns: 30 },
    );
  });

  it('whitened columns are uncorrelated, of variance 1', () => {
    const x = table(7, 50, 4, { offset: 100 });
    const z = new PCA({ whiten: true }).fit(x).transform(x);
    expectClose(new PCA().fit(z).explainedVariance, [1, 1, 1, 1], { rtol: 1e-9 });
  });

  it('the same numbers with WebAssembly and without', () => {
    const x = table(8, 300, 40, { rank: 10 });
    const fit = () =>
      SOLVERS.map((svdSolver) => JSON.stringify(new PCA({ nComponents: 4, svdSolver, seed: 4 }).fit(x)));
    const usual = fit();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    choice.mode = 'js';
    try {
      expect(fit()).toEqual(usual);
    } finally {
      choice.mode = 'auto';
    }
  });

  it('many rows: what is added up block by block is the same', () => {
    const x = table(10, 5000, 30, { rank: 8 });
    const [a, b] = (['full', 'covarianceEigh'] as const).map((svdSolver) => new PCA({ svdSolver }).fit(x));
    expectClose(b!.explainedVariance, a!.explainedVariance, { rtol: 1e-9 });
    expectClose(b!.components.toArray().slice(0, 8), a!.components.toArray().slice(0, 8), { rtol: 1e-6, atol: 1e-8 });
  });

  it('many columns: the covariance in panels is the covariance', () => {
    const x = table(9, 40, 300, { rank: 20 });
    const [a, b] = (['full', 'covarianceEigh'] as const).map((svdSolver) =>
      new PCA({ svdSolver, nComponents: 6 }).fit(x),
    );
    expectClose(b!.explainedVariance, a!.explainedVariance, { rtol: 1e-9 });
    expectClose(b!.components, a!.components, { rtol: 1e-6, atol: 1e-8 });
  });
});

describe('PCA, memory', () => {
  const x = table(11, 400, 60, { rank: 10 });
  const fit = () => SOLVERS.map((svdSolver) => JSON.stringify(new PCA({ nComponents: 3, svdSolver, seed: 4 }).fit(x)));

  it('gives back what it takes of the memory of WebAssembly', () => {
    const before = memoryInUse();
    fit();
    expect(memoryInUse()).toBe(before);
  });

  it('the same numbers where that memory is exhausted', { tags: ['wasm'] }, () => {
    const usual = fit();
    const m = memory()!;
    const { top } = m;
    const free = new Map(m.free);
    // Beyond what memory can grow to.
    m.top = 2 ** 32;
    m.free.clear();
    try {
      expect(fit()).toEqual(usual);
    } finally {
      m.top = top;
      for (const [size, blocks] of free) m.free.set(size, blocks);
    }
  });
});

describe('PCA, hostile input', () => {
  const rows = [[1, 2, 3], [4, 5, 7], [7, 8, 1], [3, 1, 1]]; // biome-ignore format: four rows

  it('constant, duplicate and dependent columns: components without variance, finite numbers everywhere', () => {
    for (const svdSolver of SOLVERS) {
      for (const whiten of [false, true]) {
        const x = rows.map(([a, b]) => [a!, b!, a!, 5, a! - b!]);
        const model = new PCA({ svdSolver, whiten, seed: 0 }).fit(x);
        expectClose(model.explainedVariance.slice(2), [0, 0].slice(0, model.nComponents - 2), { atol: 1e-12 });
        expect([...model.transform(x).data, ...model.explainedVarianceRatio].every(Number.isFinite)).toBe(true);
        if (whiten) expectClose(model.transform(x).toArray().map((row) => row.slice(2)), rows.map(() => [0, 0]), { atol: 1e-6 }); // biome-ignore format: zeros
      }
    }
  });

  it('all rows equal: variances and their shares are 0', () => {
    for (const svdSolver of SOLVERS) {
      const model = new PCA({ svdSolver, whiten: true, seed: 0 }).fit([[1, 2], [1, 2], [1, 2]]); // biome-ignore format: rows
      expect([...model.explainedVariance, ...model.explainedVarianceRatio]).toEqual([0, 0, 0, 0]);
      expectClose(model.transform([[1, 2]]), [[0, 0]]);
      expectError(
        () => model.score([[1, 2]]),
        DataError,
        'PCA: the covariance has no inverse, since some direction has no variance; keep fewer components or drop columns that depend on others',
      );
    }
  });

  it('a share of no variance is one component', () => {
    const equal = [[1, 2], [1, 2], [1, 2]]; // biome-ignore format: three rows
    for (const svdSolver of ['full', 'covarianceEigh'] as const) {
      expect(new PCA({ nComponents: 0.9, svdSolver }).fit(equal).nComponents).toBe(1);
      expect(new PCA({ nComponents: 'mle', svdSolver }).fit(equal).nComponents).toBe(1);
    }
  });

  it('one row, or more components than there are', () => {
    expectError(() => new PCA().fit([[1, 2]]), ShapeError, 'PCA: x has 1 row, but variances need at least 2');
    expectError(
      () => new PCA({ nComponents: 4 }).fit(rows),
      ShapeError,
      'PCA: nComponents is 4, but x is [4, 3], which has at most 3',
    );
    expectError(
      () => new PCA({ nComponents: 'mle' }).fit(rows.slice(2)),
      ShapeError,
      "PCA: nComponents 'mle' needs as many rows as columns, but x is [2, 3]",
    );
  });

  it('numbers whose squares overflow or vanish are refused, others near the limits are not', () => {
    const scaled = (scale: number) => rows.map((row) => row.map((value) => value * scale));
    for (const svdSolver of SOLVERS) {
      const fit = (scale: number) => () => new PCA({ svdSolver, seed: 0 }).fit(scaled(scale));
      expectError(fit(1e200), DataError, 'PCA: squares of the numbers in x overflow; divide x by a constant first');
      expectError(fit(1e-200), DataError, 'PCA: squares of the numbers in x vanish; multiply x by a constant first');
      const ratios = new PCA({ svdSolver, seed: 0 }).fit(rows).explainedVarianceRatio;
      for (const scale of [1e120, 1e-120]) expectClose(fit(scale)().explainedVarianceRatio, ratios, { rtol: 1e-9 });
    }
    const model = new PCA().fit(rows);
    expectError(
      () => model.transform([[1, 1, 1], [1.7e308, -1.7e308, 1.7e308]]), // biome-ignore format: two rows
      DataError,
      'PCA: x[1] holds numbers so large that what the model makes of it overflows',
    );
  });

  it('refuses options without a meaning', () => {
    const refused = (options: object, message: string) =>
      expectError(() => new PCA(options as PCAOptions), OptionError, message);
    const wanted = "PCA: nComponents must be an integer ≥ 1, a share between 0 and 1, 'mle' or null, got";
    for (const nComponents of [0, -1, 1.5, Number.NaN]) refused({ nComponents }, `${wanted} ${nComponents}`);
    refused({ nComponents: 'all' }, `${wanted} 'all'`);
    refused({ whiten: 1 }, 'PCA: whiten must be true or false, got 1');
    refused(
      { svdSolver: 'arpack' },
      "PCA: svdSolver must be 'auto', 'full', 'covarianceEigh' or 'randomized', got 'arpack'",
    );
    refused({ iteratedPower: -1 }, 'PCA: iteratedPower must be an integer ≥ 0, got -1');
    refused({ nOversamples: 0.5 }, 'PCA: nOversamples must be an integer ≥ 0, got 0.5');
    expectError(
      () => new PCA({ nComponents: 0.5, svdSolver: 'randomized' }).fit(rows),
      OptionError,
      "PCA: nComponents 0.5 needs all variances; choose svdSolver 'full' or 'covarianceEigh', not 'randomized'",
    );
  });

  it('refuses eigenvalues without a meaning', () => {
    expectError(() => varianceTable([]), OptionError, 'varianceTable: eigenvalues must be an array of numbers, got []');
    expectError(
      () => varianceTable([1, -1]),
      DataError,
      'varianceTable: eigenvalues[1] must be a finite number ≥ 0, got -1',
    );
    expectError(
      () => varianceTable([2, 1], 2),
      OptionError,
      'varianceTable: total must be a number ≥ 2.999999997, got 2',
    );
  });
});
