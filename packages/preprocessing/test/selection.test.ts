import { DataError, nextTurn, OptionError, Random, ShapeError } from '@maru-ml/base';
import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel } from '@maru-ml/linalg';
import { digamma } from '@maru-ml/special';
import { type MatrixLike, tensor, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import {
  chi2,
  fClassif,
  fRegression,
  mutualInfoClassif,
  mutualInfoRegression,
  RFE,
  RFEModel,
  type RFEOptions,
  SelectKBest,
  SelectKBestModel,
} from '../src/index.ts';
import { informationOfNumbers } from '../src/information.ts';
import { LeastSquares, LeastSquaresModel } from './least-squares.ts';
import { dense, fixture } from './reference.ts';
import { spec } from './spec.ts';

const positive = ({ x, y }: { x: number[][]; y: number[] }) => ({
  x: x.map((row) => row.map((value) => Math.abs(value))),
  y,
});
for (const scoreFunc of ['fClassif', 'fRegression', 'chi2']) {
  checkTransformer(
    spec('SelectKBest', SelectKBest, SelectKBestModel, {
      options: { scoreFunc, k: 2 },
      supervised: true,
      adapt: positive,
      traits: { sparse: scoreFunc === 'chi2' },
    }),
  );
}

/** RFE of least squares, in the form of the checks: an estimator of nothing but options. */
class RFEOfLeastSquares extends RFE<LeastSquaresModel, number> {
  constructor(options: RFEOptions = {}) {
    super(new LeastSquares(), options);
  }
}
const classes = { LeastSquaresModel };
const Model = {
  fromJSON: (json: unknown) => RFEModel.fromJSON<LeastSquaresModel>(json, { classes }),
};
checkTransformer(spec('RFE', RFEOfLeastSquares, Model, { options: { nFeaturesToSelect: 2 }, supervised: true }));

describe('selection, worked by hand', () => {
  it('F of two classes is t squared: 1 2 against 8 9', () => {
    // Means 1.5 and 8.5 about 5: between 2 · 3.5² · 2 = 49, within 4 · .25 = 1 on 2 degrees of freedom, so F = 49 / .5.
    const { scores, pvalues } = fClassif([[1], [2], [8], [9]], ['a', 'a', 'b', 'b']);
    expect([...scores]).toEqual([98]);
    expectClose(pvalues, [0.010050506338833465]);
  });

  it('F of a regression: the correlation of 1 2 3 4 and 1 2 3 3', () => {
    // Σxy = 3.5, Σxx = 5, Σyy = 2.75: r² = 12.25 / 13.75, F = 2 · 12.25 / 1.5 = 49/3.
    expectClose(fRegression([[1], [2], [3], [4]], [1, 2, 3, 3]).scores, [49 / 3]);
  });

  it('χ² of counts', () => {
    // 6 words in class 0, where 3 are expected, 0 in class 1: 9/3 + 9/3.
    expect([...chi2([[4], [2], [0], [0]], [0, 0, 1, 1]).scores]).toEqual([6]);
  });

  it('keeps the best, of equal ones the later', () => {
    const x = [[1, 5, 1], [2, 5, 2], [8, 6, 8], [9, 7, 9]]; // biome-ignore format: four rows
    const y = [0, 0, 1, 1];
    const one = new SelectKBest({ k: 1 }).fit(x, y);
    expect(one.support).toEqual([false, false, true]);
    expect(one.transform(x).toArray()).toEqual([[1], [2], [8], [9]]);
    expect(one.inverseTransform([[7]]).toArray()).toEqual([[0, 0, 7]]);
    expect(one.featureNamesOut(['a', 'b', 'c'])).toEqual(['c']);
    expect(new SelectKBest({ k: 9 }).fit(x, y).nFeaturesOut).toBe(3);
    const sparse = toSparse(tensor(x, { dtype: 'float64' }));
    const counts = new SelectKBest({ scoreFunc: 'chi2', k: 1 }).fit(sparse, y);
    expect(dense(counts.transform(sparse))).toEqual([[1], [2], [8], [9]]);
    expect(dense(counts.inverseTransform(counts.transform(sparse)))).toEqual([[0, 0, 1], [0, 0, 2], [0, 0, 8], [0, 0, 9]]); // biome-ignore format: four rows
  });

  it('scores with a function that is handed over, and its model does not need it', () => {
    const x = Array.from({ length: 40 }, (_, i) => [(i * 7) % 40, i, (i * 13) % 40]);
    const y = x.map(([, i = 0]) => i < 20);
    const selector = new SelectKBest({ scoreFunc: 'information', k: 1 }, { information: mutualInfoClassif });
    const model = selector.fit(x, y);
    expect([model.support, model.pvalues]).toEqual([[false, true, false], null]);
    const copy = SelectKBestModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect([...copy.scores]).toEqual([...model.scores]);
    expect(copy.transform(x)).toEqual(model.transform(x));
    expectError(
      () => new SelectKBest({ scoreFunc: 'short', k: 1 }, { short: () => Float64Array.of(1) }).fit(x, y),
      DataError,
      'SelectKBest: scoreFunc must give a number for each of 3 columns, got a Float64Array',
    );
  });

  it('drops the column whose coefficient is smallest, round by round', () => {
    // y = 3 a + b, c is noise of its own.
    const x = [[1, 0, 1], [0, 1, -1], [-1, 0, -1], [0, -1, 1], [1, 1, 0], [-1, 1, 0.5]]; // biome-ignore format: six rows
    const y = x.map(([a = 0, b = 0]) => 3 * a + b);
    const seen: object[] = [];
    const model = new RFE(new LeastSquares(), { nFeaturesToSelect: 1 }).fit(x, y, {
      onProgress: (p) => void seen.push(p),
    });
    expect([...model.ranking]).toEqual([1, 2, 3]);
    expect(seen).toEqual([
      { step: 1, total: 2, unit: 'round', metrics: { features: 2 } },
      { step: 2, total: 2, unit: 'round', metrics: { features: 1 } },
    ]);
    expect([model.nIter, model.converged]).toEqual([2, true]);
    const stopped = new RFE(new LeastSquares(), { nFeaturesToSelect: 1 }).fit(x, y, { onProgress: () => false });
    expect([[...stopped.ranking], stopped.nIter, stopped.converged]).toEqual([[1, 1, 2], 1, false]);
    expect(String(model)).toBe('RFEModel: 1 of 3 columns after 2 rounds');
    expect(String(new RFE(new LeastSquares()))).toBe('RFE of LeastSquares {} { nFeaturesToSelect: null, step: 1 }');
  });
});

describe('selection, as scikit-learn', () => {
  interface Fixture {
    tables: Record<string, number[][]>;
    targets: Record<string, number[]>;
    selections: {
      scoreFunc: 'fClassif' | 'fRegression' | 'chi2';
      x: string;
      y: string;
      k: number | 'all';
      scores: number[];
      pvalues: number[];
      support: boolean[];
    }[];
    rankings: {
      x: string;
      y: string;
      nFeaturesToSelect: number | null;
      step: number;
      ranking: number[];
      support: boolean[];
      predict: number[];
    }[];
  }
  const { tables, targets, selections, rankings } = fixture<Fixture>('selection');
  const functions = { fClassif, fRegression, chi2 };

  for (const c of selections) {
    it(`${c.scoreFunc} of '${c.x}' and '${c.y}', k ${c.k}`, () => {
      const [x, y] = [tables[c.x]!, targets[c.y]!];
      const { scores, pvalues } = functions[c.scoreFunc](x, y);
      expectClose(scores, c.scores);
      expectClose(pvalues, c.pvalues, { rtol: 1e-9, atol: 1e-300 });
      const model = new SelectKBest({ scoreFunc: c.scoreFunc, k: c.k }).fit(x, y);
      expect(model.support).toEqual(c.support);
      expect([model.scores, model.pvalues]).toEqual([scores, pvalues]);
    });
  }

  for (const c of rankings) {
    it(`RFE of '${c.x}' to ${c.nFeaturesToSelect} by ${c.step}`, () => {
      const { nFeaturesToSelect, step } = c;
      const model = new RFE(new LeastSquares(), { nFeaturesToSelect, step }).fit(tables[c.x]!, targets[c.y]!);
      expect([...model.ranking]).toEqual(c.ranking);
      expect(model.support).toEqual(c.support);
      expectClose(model.predict(tables[c.x]!).slice(0, 10), c.predict, { rtol: 1e-6, atol: 1e-8 });
    });
  }
});

describe('mutual information', () => {
  const { tables, targets, informations } = fixture<{
    tables: Record<string, number[][]>;
    targets: Record<string, number[]>;
    informations: { x: string; y: string; nNeighbors: number; discreteFeatures: boolean; information: number[] }[];
  }>('selection');

  for (const { x, y, nNeighbors, discreteFeatures, information } of informations) {
    it(`as scikit-learn: '${x}' and '${y}', ${nNeighbors} neighbors`, () => {
      const options = { nNeighbors, discreteFeatures, seed: 0 };
      const [rows, target] = [tables[x]!, targets[y]!];
      const found =
        y === 'target' ? mutualInfoRegression(rows, target, options) : mutualInfoClassif(rows, target, options);
      expectClose(found, information, { rtol: 1e-9, atol: 1e-12 });
    });
  }

  it('by hand: two classes that a category tells exactly know log 2 of each other', () => {
    const x = [[0, 1], [0, 2], [1, 1], [1, 2]]; // biome-ignore format: four rows
    expectClose(mutualInfoClassif(x, ['a', 'a', 'b', 'b'], { discreteFeatures: true }), [Math.LN2, 0], { atol: 1e-15 });
  });

  it('sets equal numbers apart by a noise that a seed repeats', () => {
    const x = Array.from({ length: 60 }, (_, i) => [i % 3, i % 7]);
    const y = x.map(([a = 0]) => a);
    expect(mutualInfoClassif(x, y, { seed: 1 })).toEqual(mutualInfoClassif(x, y, { seed: 1 }));
    expectClose(mutualInfoClassif(x, y, { seed: 1 })[0], Math.log(3), { rtol: 0.1 });
    expect(mutualInfoRegression(x, y, { seed: 1 })[1]!).toBeLessThan(0.2);
    expectClose(
      mutualInfoClassif(
        x.map(() => [5]),
        y,
        { seed: 1 },
      )[0],
      0,
      { atol: 0.2 },
    );
  });

  it('against neighbors counted one by one', () => {
    const random = new Random(8);
    const n = 40;
    const [x, y] = [0, 1].map(() => Float64Array.from({ length: n }, () => random.normal())) as [
      Float64Array,
      Float64Array,
    ];
    let total = 0;
    for (let i = 0; i < n; i++) {
      const distances = [...x.keys()]
        .filter((j) => j !== i)
        .map((j) => Math.max(Math.abs(x[j]! - x[i]!), Math.abs(y[j]! - y[i]!)));
      const radius = distances.sort((a, b) => a - b)[2]!;
      total +=
        digamma(x.filter((v) => Math.abs(v - x[i]!) < radius).length) +
        digamma(y.filter((v) => Math.abs(v - y[i]!) < radius).length);
    }
    expectClose(informationOfNumbers(x, y, 3), Math.max(0, digamma(n) + digamma(3) - total / n), { atol: 1e-12 });
  });

  it('says what is wrong', () => {
    expectError(
      () => mutualInfoClassif([[1], [2]], [0, 1]),
      ShapeError,
      'mutualInfoClassif: x must have more rows than nNeighbors, got 2 and 3',
    );
    const x = [[1], [2], [3], [4]];
    expectError(
      () => mutualInfoClassif(x, [0, 1, 0, 1], { discreteFeatures: [true, false] }),
      OptionError,
      'mutualInfoClassif: discreteFeatures must be a boolean or one for each of 1 columns, got [true, false]',
    );
    expectError(
      () => mutualInfoRegression(x, [1e300, 0, 0, 0]),
      DataError,
      'mutualInfoRegression: the variance of y overflows; divide it by a constant first',
    );
    expectError(
      () =>
        mutualInfoRegression(
          [[1e-200], [0], [0], [1]].map(([v]) => [v! < 1 ? v! : 0]),
          [1, 2, 3, 4],
        ),
      DataError,
      'mutualInfoRegression: the variance of column 0 vanishes; multiply it by a constant first',
    );
  });
});

describe('RFE of linear discriminants, as scikit-learn', () => {
  it('ranks the columns of irises', () => {
    const { tables, targets, lda } = fixture<{
      tables: Record<string, number[][]>;
      targets: Record<string, number[]>;
      lda: { x: string; y: string; ranking: number[] };
    }>('selection');
    const estimator = new LinearDiscriminantAnalysis();
    const model = new RFE(estimator, { nFeaturesToSelect: 1 }).fit(tables[lda.x]!, targets[lda.y]!);
    expect([...model.ranking]).toEqual(lda.ranking);
    const classes = { LinearDiscriminantAnalysisModel };
    const copy = RFEModel.fromJSON<typeof model.estimator>(JSON.parse(JSON.stringify(model)), { classes });
    expect(copy.predict(tables[lda.x]!)).toEqual(model.predict(tables[lda.x]!));
  });
});

describe('selection, laws', () => {
  it('scores do not change with the units of columns, and the order of rows does not matter', () => {
    const random = new Random(3);
    const x = Array.from({ length: 20 }, () => [random.normal(), random.normal() + 3, random.uniform()]);
    const y = x.map(([a = 0, b = 0]) => a + b * random.uniform());
    const groups = y.map((value) => (value > 2 ? 'high' : 'low'));
    const scaled = x.map((row) => row.map((value, j) => value * 10 ** (j + 1) - 5));
    const backwards = [...x.keys()].reverse();
    for (const [found, same] of [
      [fClassif(x, groups), fClassif(scaled, groups)],
      [fRegression(x, y), fRegression(scaled, y)],
      [
        fClassif(x, groups),
        fClassif(
          backwards.map((i) => x[i]!),
          backwards.map((i) => groups[i]!),
        ),
      ],
    ] as const) {
      expectClose(found.scores, same.scores, { rtol: 1e-9 });
      expectClose(found.pvalues, same.pvalues, { rtol: 1e-8 });
    }
    // For two classes both F are the same statistic.
    expectClose(
      fClassif(x, groups).scores,
      fRegression(
        x,
        groups.map((g) => (g === 'high' ? 1 : 0)),
      ).scores,
    );
  });
});

describe('selection, regressions and edges', () => {
  it('a constant column scores 0 with p 1, where scikit-learn says NaN; a perfect one has the largest score', () => {
    const x = [[0.1, 1, 1], [0.1, 1, 2], [0.1, 2, 3], [0.1, 2, 4]]; // biome-ignore format: four rows
    const found = fClassif(x, [0, 0, 1, 1]);
    expect([found.scores[0], found.pvalues[0], found.scores[1], found.pvalues[1]]).toEqual([
      0,
      1,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    const line = fRegression(x, [1, 2, 3, 4]);
    expect([line.scores[0], line.pvalues[0], line.scores[2], line.pvalues[2]]).toEqual([0, 1, Number.MAX_VALUE, 0]);
    expect([...fRegression(x, [5, 5, 5, 5]).scores]).toEqual([0, 0, 0]);
    const zeros = chi2([[0, 1], [0, 2]], [0, 1]); // biome-ignore format: two rows
    expect([zeros.scores[0], zeros.pvalues[0]]).toEqual([0, 1]);
    const copy = SelectKBestModel.fromJSON(JSON.parse(JSON.stringify(new SelectKBest({ k: 1 }).fit(x, [0, 0, 1, 1]))));
    expect(copy.scores[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it('says what is wrong', () => {
    expectError(() => fClassif([[1], [2]], [0, 0]), DataError, 'fClassif: y must have at least two classes, got 1');
    expectError(
      () => fClassif([[1], [2]], [0, 1]),
      ShapeError,
      'fClassif: x must have more rows than y has classes, got 2 rows and 2 classes',
    );
    expectError(() => fRegression([[1], [2]], [0, 1]), ShapeError, 'fRegression: x must have at least 3 rows, got 2');
    expectError(() => chi2([[1], [-2]], [0, 1]), DataError, 'chi2: x[1, 0] is -2, but counts must be ≥ 0');
    expectError(() => chi2([[1], [2]], [3, 3]), DataError, 'chi2: y must have at least two classes, got 1');
    expectError(
      () => fRegression([[1e200], [2e200], [-1e200]], [1, 2, 4]),
      DataError,
      'fRegression: the sum of squares of column 0 overflows; divide the column by a constant first',
    );
    const small = (what: string, place: string, it: string) =>
      `the ${what} of ${place} vanishes, since its numbers are so small; multiply ${it} by a constant first`;
    const tiny = [[1e-320], [0], [2e-320]];
    expectError(
      () => fClassif(tiny, [0, 1, 1]),
      DataError,
      `fClassif: ${small('sum of squares', 'column 0', 'the column')}`,
    );
    expectError(
      () => fRegression(tiny, [0, 1, 1]),
      DataError,
      `fRegression: ${small('sum of squares', 'column 0', 'the column')}`,
    );
    expectError(
      () => fRegression([[1], [2], [4]], [1e-200, 0, 0]),
      DataError,
      `fRegression: ${small('sum of squares', 'y', 'y')}`,
    );
    expectError(
      () => fRegression([[1], [2], [4]], [1e200, 0, 0]),
      DataError,
      'fRegression: the sum of squares of y overflows; divide y by a constant first',
    );
    expectError(
      () => chi2([[5e-324], [0]], [0, 1]),
      DataError,
      `chi2: ${small('expected count', 'column 0', 'the column')}`,
    );
    expectError(() => new SelectKBest({ k: 0 }), OptionError, 'SelectKBest: k must be an integer ≥ 1, got 0');
    expectError(
      () => new SelectKBest({ scoreFunc: 'f_classif' }),
      OptionError,
      "SelectKBest: scoreFunc must be 'fClassif', 'fRegression' or 'chi2', got 'f_classif'",
    );
    expectError(
      () => new SelectKBest().fit(toSparse(tensor([[1]])), [1]),
      OptionError,
      'SelectKBest: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an object; make sparse rows dense: toDense(x)',
    );
    const ranking = (options: RFEOptions) => () => new RFE(new LeastSquares(), options).fit([[1, 2]], [1]);
    expectError(ranking({ nFeaturesToSelect: 3 }), OptionError, 'RFE: nFeaturesToSelect is 3, but x has 2 columns');
    expectError(
      ranking({ step: 1.5 }),
      OptionError,
      'RFE: step must be an integer ≥ 1 or a share above 0 and below 1, got 1.5',
    );
    expectError(() => new RFE(3 as never), OptionError, 'RFE: estimator must have fit(x, y), got 3');
    expectError(
      () => new RFE({ fit: () => ({}) }).fit([[1, 2]], [1]),
      OptionError,
      "RFE: the estimator's model must have coef or featureImportances, got neither",
    );
    const saved = JSON.parse(JSON.stringify(new RFE(new LeastSquares()).fit([[1, 2], [3, 1]], [1, 2]))); // biome-ignore format: two rows
    expectError(
      () => RFEModel.fromJSON(saved),
      OptionError,
      'RFEModel.fromJSON: estimator is a LeastSquaresModel, whose class is not in classes, got none; use { classes: { LeastSquaresModel } }',
    );
  });

  it('serves single rows without allocating', { tags: ['node'] }, async () => {
    const x = [[1, 2], [3, 5], [4, 4]]; // biome-ignore format: three rows
    const models = [new SelectKBest({ k: 1 }).fit(x, [0, 1, 1]), new RFE(new LeastSquares()).fit(x, [0, 1, 1])];
    const [row, out] = [new Float64Array(2).fill(1), new Float64Array(1)];
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      for (const model of models) model.transformOne(row, out);
    });
  });
});

describe('RFE of an estimator with fitAsync', () => {
  const x = [[1, 4, 2], [2, 3, 1], [3, 1, 1], [4, 2, 5]]; // biome-ignore format: four rows
  const y = [1, 2, 3, 5];

  it('has every round fitted by it, so that no fit holds the thread', async () => {
    const asked: number[][] = [];
    const later = {
      fit: () => {
        throw new Error('held the thread');
      },
      fitAsync: async (rows: MatrixLike, targets: ArrayLike<number>) => {
        asked.push([...(rows as { shape: readonly number[] }).shape]);
        await nextTurn();
        return new LeastSquares().fit(rows, targets);
      },
    };
    const model = await new RFE(later, { nFeaturesToSelect: 1 }).fitAsync(x, y);
    expect(JSON.stringify(model)).toBe(JSON.stringify(new RFE(new LeastSquares(), { nFeaturesToSelect: 1 }).fit(x, y)));
    expect(asked).toEqual([[4, 3], [4, 2], [4, 1]]); // biome-ignore format: three rounds
  });

  it('hands its error and its abort on', async () => {
    const wrong = {
      fit: () => new LeastSquares().fit(x, y),
      fitAsync: async () => Promise.reject(new DataError('no')),
    };
    await expect(new RFE(wrong).fitAsync(x, y)).rejects.toThrow(new DataError('no'));
    const controller = new AbortController();
    const endless = {
      ...wrong,
      fitAsync: (_: MatrixLike, __: ArrayLike<number>, { signal }: { signal?: AbortSignal } = {}) =>
        new Promise<LeastSquaresModel>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    };
    const run = new RFE(endless).fitAsync(x, y, { signal: controller.signal });
    await nextTurn();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
  });
});
