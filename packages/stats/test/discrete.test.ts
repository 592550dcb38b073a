import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { iris } from '@maru-ml/datasets/iris';
import { ndtr } from '@maru-ml/special';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiscreteModel, GLM, Logit, type MargeffOptions, MNLogit, Probit } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

/** Groups that are not separated: five rows of general position stand once more among those of the next group. */
function overlapping(groups: number): Spec['adapt'] {
  return ({ x, y }) => {
    const labels = y.map((group) => Math.min(group, groups - 1));
    const thrice = [...x.keys(), ...x.keys(), ...x.keys()];
    const rows = thrice.map((i) => [...x[i]!]);
    const all = thrice.map((i) => labels[i]!);
    for (let group = 0; group + 1 < groups; group++) {
      const own = [...x.keys()].filter((i) => labels[i] === group).slice(0, 5);
      for (const i of own) {
        rows.push([...x[i]!]);
        all.push(group + 1);
      }
    }
    return { x: rows, y: all };
  };
}

const spec = {
  Model: DiscreteModel,
  toBytes,
  fromBytes,
  tensor: (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype }),
  options: { addConstant: true },
};
for (const [name, Estimator] of Object.entries({ Logit, Probit, MNLogit })) {
  const own = traits[name as 'Logit'] as Traits;
  checkClassifier({ ...spec, name, Estimator, traits: own, adapt: overlapping(own.groups ?? 3)! });
}

describe('Logit, Probit and MNLogit, worked by hand', () => {
  it('two groups: logarithms of odds, with standard errors from the counts', () => {
    // 3 of 10 and 6 of 8.
    const x = [...Array(10).fill([0]), ...Array(8).fill([1])] as number[][];
    const y = x.map((_, i) => i < 3 || (i >= 10 && i < 16));
    const model = new Logit({ addConstant: true }).fit(x, y);
    expectClose(model.params, [Math.log(3 / 7), Math.log(7)], { rtol: 1e-9 });
    expectClose(model.bse, [Math.sqrt(1 / 3 + 1 / 7), Math.sqrt(1 / 3 + 1 / 7 + 1 / 6 + 1 / 2)], { rtol: 1e-9 });
    const entropy = (p: number) => p * Math.log(p) + (1 - p) * Math.log(1 - p);
    expectClose([model.llf, model.llnull], [10 * entropy(0.3) + 8 * entropy(0.75), 18 * entropy(0.5)], { rtol: 1e-10 });
    expect(model.classes).toEqual([false, true]);
    expectClose(model.predictProba([[1]]).data, [0.25, 0.75], { rtol: 1e-9 });
    expect(model.predict([[0], [1]])).toEqual([false, true]); // biome-ignore format: rows
    expect(model.predTable().toArray()).toEqual([
      [7, 2],
      [3, 6],
    ]);
    // The effect of the group, from 0 to 1: .75 - .3.
    expectClose(model.getMargeff({ dummy: true }).margeff, [0.45], { rtol: 1e-9 });
    expectClose(model.getMargeff({ dummy: true }).margeffSe, [Math.sqrt(0.21 / 10 + 0.1875 / 8)], { rtol: 1e-9 });
  });

  it('three classes and a constant: logarithms of ratios of counts', () => {
    const y = ['b', 'a', 'c', 'c', 'b', 'c', 'a', 'c', 'a', 'c'];
    const model = new MNLogit().fit(
      y.map(() => [1]),
      y,
    );
    expectClose(model.params, [Math.log(2 / 3), Math.log(5 / 3)], { rtol: 1e-9 });
    expectClose(model.bse, [Math.sqrt(1 / 2 + 1 / 3), Math.sqrt(1 / 5 + 1 / 3)], { rtol: 1e-9 });
    expect(model.paramNames).toEqual(['b:const', 'c:const']);
    expect(model.coefficient('c:const').param).toBe(model.params[1]);
    expect([model.dfModel, model.dfResid, model.llrPvalue]).toEqual([0, 8, Number.NaN]);
    expect(model.warnings).toEqual(['there is a single column: the p-value of the likelihood ratio is NaN']);
  });
});

interface Case {
  kind: 'Logit' | 'Probit' | 'MNLogit';
  offset: boolean;
  covType: 'nonrobust' | 'HC0' | 'cluster';
  params: number[];
  bse: number[];
  pvalues: number[];
  low: number[];
  numbers: Record<string, number>;
  predict: number[] | number[][];
  resid?: Record<string, number[]>;
  predTable?: number[][];
  margins: { options: MargeffOptions; margeff: number[]; se: number[] }[];
  page?: string;
  html?: string;
}

const path = new URL('./fixtures/discrete.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  x: number[][];
  y: number[];
  y3: number[];
  offset: number[];
  groups: number[];
  new: number[][];
  cases: Case[];
  iris: { page: string; params: number[]; accuracy: number; margins: string };
  ill: { t: number[]; y: number[]; condition: number; params: number[]; bse: number[] };
};
const date = new Date(2024, 5, 11, 9, 5, 3);
const ESTIMATORS = { Logit, Probit, MNLogit };

describe('Logit, Probit and MNLogit, as statsmodels', () => {
  for (const c of fixture.cases) {
    it(`${c.kind} ${c.covType}${c.offset ? ' with an offset' : ''}`, () => {
      const { x, offset, groups } = fixture;
      const y = c.kind === 'MNLogit' ? fixture.y3 : fixture.y;
      const options = { ...(c.offset && { offset }), ...(c.covType === 'cluster' && { groups }) };
      const fit = (tol: number) => new ESTIMATORS[c.kind]({ covType: c.covType, tol }).fit(x, y, options);
      const model = fit(1e-12);
      expectClose(model.params, c.params, { rtol: 1e-8, atol: 1e-10, name: 'params' });
      const { bse, pvalues } = model;
      const { low } = model.confInt(0.1);
      const wanted = { bse: c.bse, pvalues: c.pvalues, low: c.low };
      expectClose({ bse, pvalues, low }, wanted, { rtol: 1e-8, atol: 1e-10 });
      for (const [name, value] of Object.entries(c.numbers)) {
        // statsmodels finds the likelihood of the constant by a search.
        expectClose(model[name as 'llf'], value, { rtol: name === 'llf' ? 1e-10 : 1e-7, name });
      }
      const probabilities = model.predictProba(fixture.new).toArray();
      expectClose(c.kind === 'MNLogit' ? probabilities : probabilities.map((p) => p[1]!), c.predict, { rtol: 1e-9 });
      if (c.predTable !== undefined) expect(model.predTable().toArray()).toEqual(c.predTable);
      for (const [name, values] of Object.entries(c.resid ?? {})) {
        expectClose(model[name as 'residDev'].slice(0, 5), values, { rtol: 1e-8, name });
      }
      for (const { options: margeff, margeff: effects, se } of c.margins) {
        const margins = model.getMargeff(margeff);
        const name = JSON.stringify(margeff);
        expectClose(margins.margeff, effects, { rtol: 1e-8, atol: 1e-11, name });
        // For Probit statsmodels takes differences.
        expectClose(margins.margeffSe, se, { rtol: c.kind === 'Logit' ? 1e-8 : 1e-6, atol: 1e-9, name: `se ${name}` });
      }
      if (c.page === undefined) return;
      const page = fit(1e-8).summary({ date });
      expect(String(page)).toBe(c.page);
      if (c.html !== undefined) expect(page.toHTML()).toBe(c.html);
      const loaded = DiscreteModel.fromJSON(JSON.parse(JSON.stringify(model)));
      expect(String(loaded.summary())).toBe(String(model.summary()));
    });
  }

  it('ill-conditioned columns, as in 50 digits', () => {
    const { t, y, condition, params, bse } = fixture.ill;
    expect(condition).toBeGreaterThan(1e6);
    const x = t.map((v) => [1, v, v ** 2, v ** 3]);
    const model = new Logit().fit(x, y);
    expectClose(model.params, params, { rtol: 1e-8 });
    expectClose(model.bse, bse, { rtol: 1e-9 });
  });

  it('iris, versicolor and virginica: accuracy .98 and the whole page', () => {
    const { x, y } = iris();
    const [rows, d] = x.shape;
    const kept = Array.from({ length: rows }, (_, i) => i).filter((i) => y[i]! > 0);
    const column = (j: number) => Float64Array.from(kept, (i) => x.data[i * d + j]!);
    const [sepal_length, sepal_width, petal_length, petal_width] = [0, 1, 2, 3].map(column);
    const virginica = Float64Array.from(kept, (i) => y[i]! - 1);
    const data = { sepal_length, sepal_width, petal_length, petal_width, virginica } as Record<string, Float64Array>;
    const model = new Logit().fit('virginica ~ sepal_length + sepal_width + petal_length + petal_width', data);
    expectClose(model.params, fixture.iris.params, { rtol: 1e-8 });
    expect(String(model.summary({ date }))).toBe(fixture.iris.page);
    expect(model.score(data)).toBe(fixture.iris.accuracy);
    expect(model.score(data)).toBe(0.98);
    expect(String(model.getMargeff().summary())).toBe(fixture.iris.margins);
  });
});

function sampleOf(seed: number, n = 40) {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => [1, random.normal(), random.integer(2), random.integer(5)]);
  const noise = () => Math.log(-Math.log(random.uniform(1e-9, 1)));
  const classes = x.map(([, a, b, c]) => {
    const utilities = [0, 0.3 + 0.8 * a! - 0.5 * b!, -0.2 - 0.4 * a! + 0.2 * c!].map((u) => u - noise());
    return utilities.indexOf(Math.max(...utilities));
  });
  return { x, classes, binary: classes.map((c) => Math.min(c, 1)) };
}

describe('Logit, Probit and MNLogit, laws', () => {
  it('Logit is MNLogit of two classes, and the binomial family; Probit is its link', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { x, binary } = sampleOf(seed, 60);
        const tight = { tol: 1e-12, maxIter: 100 };
        const logit = new Logit(tight).fit(x, binary);
        const glm = (link: 'logit' | 'probit') =>
          new GLM({ family: 'binomial', link, tol: 1e-13, tolCriterion: 'params', maxIter: 500 }).fit(x, binary);
        const multi = new MNLogit(tight).fit(x, binary);
        for (const [a, b] of [
          [multi, logit],
          [glm('logit'), logit],
          [glm('probit'), new Probit(tight).fit(x, binary)],
        ] as const) {
          expectClose(a.params, b.params, { rtol: 1e-8, atol: 1e-9 });
          expectClose([a.llf, a.llnull], [b.llf, b.llnull], { rtol: 1e-9 });
        }
        expectClose(multi.bse, logit.bse, { rtol: 1e-8 });
        expectClose(glm('logit').bse, logit.bse, { rtol: 1e-8 });
        expectClose(logit.getPrediction().summaryFrame()[3]!, glm('logit').getPrediction().summaryFrame()[3]!, {
          rtol: 1e-7,
        });
      }),
      { numRuns: 8 },
    );
  });

  it('marginal effects and their standard errors are derivatives, for every method, place and kind of column', () => {
    const { x, classes, binary } = sampleOf(3, 40);
    for (const Estimator of [Logit, Probit, MNLogit]) {
      const y = Estimator === MNLogit ? classes : binary;
      const model = new Estimator({ tol: 1e-12 }).fit(x, y);
      for (const method of ['dydx', 'eyex', 'dyex', 'eydx'] as const) {
        for (const options of [{}, ...(method.endsWith('ex') ? [] : [{ dummy: true, count: true }])]) {
          const margins = model.getMargeff({ at: 'overall', method, ...options });
          const effects = (params: Float64Array) => effectsOf(model, params, x, method, 'dummy' in options);
          expectClose(margins.margeff, effects(model.params), {
            rtol: 1e-5,
            atol: 1e-7,
            name: `${model.kind} ${method}`,
          });
          const jacobian = Array.from(model.params, (_, l) => {
            const moved = (h: number) => effects(model.params.map((value, a) => value + (a === l ? h : 0)));
            const [up, down] = [moved(1e-4), moved(-1e-4)];
            return up.map((value, i) => (value - down[i]!) / 2e-4);
          });
          const cov = model.covParams().toArray();
          const se = margins.margeff.map((_, i) => {
            let sum = 0;
            for (const [a, row] of cov.entries())
              for (const [b, v] of row.entries()) sum += jacobian[a]![i]! * v * jacobian[b]![i]!;
            return Math.sqrt(sum);
          });
          expectClose(margins.margeffSe, se, { rtol: 1e-3, atol: 1e-6, name: `${model.kind} ${method} se` });
        }
      }
    }
  });

  it('effects on all classes add up to 0', () => {
    const { x, classes } = sampleOf(5, 80);
    const margins = new MNLogit().fit(x, classes).getMargeff();
    for (let j = 0; j < 3; j++) {
      expectClose(margins.margeff[j]! + margins.margeff[3 + j]! + margins.margeff[6 + j]!, 0, { atol: 1e-12 });
    }
    const all = new MNLogit().fit(x, classes).getMargeff({ at: 'all' });
    expect(all.margeff.length).toBe(80 * 9);
    const mean = Float64Array.from({ length: 9 }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < 80; i++) sum += all.margeff[i * 9 + j]!;
      return sum / 80;
    });
    expectClose(mean, margins.margeff, { rtol: 1e-9 });
    expectError(
      () => all.summary(),
      OptionError,
      "Margins: confInt needs effects at one place, but at is 'all'; use 'overall' or another",
    );
  });
});

/** Mean effects over the rows, by differences of probabilities that the model gives with other coefficients. */
function effectsOf(
  model: DiscreteModel,
  params: Float64Array,
  x: number[][],
  method: string,
  discrete: boolean,
): number[] {
  const { kind, classes } = model;
  const k = x[0]!.length;
  const probabilities = (row: number[]): number[] => {
    const eta = classes.slice(1).map((_, e) => row.reduce((sum, v, j) => sum + v * params[e * k + j]!, 0));
    if (kind === 'Probit') return [ndtr(eta[0]!)];
    const all = [0, ...eta].map(Math.exp);
    const total = all.reduce((a, b) => a + b, 0);
    const p = all.map((value) => value / total);
    return kind === 'Logit' ? [p[1]!] : p;
  };
  const value = (row: number[]) => probabilities(row).map((p) => (method.startsWith('ey') ? Math.log(p) : p));
  const out: number[][] = [];
  for (let j = 1; j < k; j++) {
    const at = (row: number[], v: number) => value(row.map((u, l) => (l === j ? v : u)));
    const effects = x.map((row) => {
      const [low, high, width] =
        discrete && j === 2
          ? [0, 1, 1]
          : discrete && j === 3
            ? [row[j]! - 1, row[j]! + 1, 2]
            : [row[j]! - 1e-5, row[j]! + 1e-5, 2e-5];
      const [a, b] = [at(row, low), at(row, high)];
      const times = method.endsWith('ex') ? row[j]! : 1;
      return a.map((v, c) => ((b[c]! - v) / width) * times);
    });
    out.push(effects[0]!.map((_, c) => effects.reduce((sum, row) => sum + row[c]!, 0) / x.length));
  }
  return out[0]!.flatMap((_, c) => out.map((column) => column[c]!));
}

describe('Logit, Probit and MNLogit, hostile input', () => {
  const x = [[1, 0.2], [1, 1.1], [1, 1.9], [1, 3.2], [1, 4.5], [1, 2.5]]; // biome-ignore format: rows
  const y = [0, 1, 0, 1, 1, 0];

  it('classes that a model cannot have', () => {
    const refused: [() => unknown, string][] = [
      [() => new Logit().fit(x, y.map(() => 'a')), 'Logit: y must hold two classes, got one, a'], // biome-ignore format: long
      [() => new Probit().fit(x, [0, 1, 2, 0, 1, 2]), 'Probit: y must hold two classes, got 3; use MNLogit'],
      [() => new MNLogit().fit(x, y.map(() => 7)), 'MNLogit: y must hold at least two classes, got one, 7'], // biome-ignore format: long
      [() => new Logit().fit([[1, 2]], [1]), 'Logit: y must hold two classes, got one, 1'],
      [
        () => new Logit().fit('y ~ x', { y: [0, 0.5, 1, 1, 0], x: [1, 2, 3, 4, 5] }),
        'Logit: y[1] must be a string, an integer or a boolean, got 0.5',
      ],
      [
        () => new Logit().fit(x, [0, 0, 0, 1, 1, 1]),
        'Logit: the columns separate the classes completely, so that the likelihood has no maximum; drop or join columns, add rows, or use a model that penalizes coefficients, such as LogisticRegression',
      ],
      [
        () => new Logit().fit('y ~ g', { y: [0, 1, 0, 1, 1, 1], g: ['a', 'a', 'a', 'b', 'b', 'b'] }),
        'Logit: the columns separate some rows from all others, and the coefficient of g[T.b] would grow without end, so that the likelihood has no maximum; drop or join columns, add rows, or use a model that penalizes coefficients, such as LogisticRegression',
      ],
    ];
    for (const [run, message] of refused) expectError(run, DataError, message);
  });

  it('options that have no meaning', () => {
    const model = new Logit().fit(x, y);
    const three = new MNLogit().fit([...x, ...x], [...y, 2, 2, 0, 1, 2, 2]);
    const refused: [() => unknown, string][] = [
      [() => new Logit({ maxIter: 0 }), 'Logit: maxIter must be an integer ≥ 1, got 0'],
      [
        () => new MNLogit({ covType: 'HC3' }),
        "MNLogit: covType must be 'nonrobust', 'HC0', 'HC1', 'HAC' or 'cluster', got 'HC3'",
      ],
      [
        () => new MNLogit().fit(x, y, { offset: [1] }),
        'MNLogit: there is no option offset, only groups and onProgress',
      ],
      [
        () => model.getMargeff({ at: 'median', dummy: true }),
        "Logit: dummy and count are for at 'overall', 'mean' and 'all', got 'median'",
      ],
      [
        () => model.getMargeff({ method: 'eyex', count: true }),
        "Logit: dummy and count are for methods 'dydx' and 'eydx', got 'eyex'",
      ],
      [() => model.getMargeff({ atexog: { z: 1 } }), "Logit: atexog names 'z', but the columns are const, x1"],
      [() => three.getPrediction(), 'MNLogit: getPrediction is for two classes; use predictProba and getMargeff'],
      [() => three.residDev, 'MNLogit: residDev is for two classes; use predTable'],
      [() => three.predTable({ threshold: 0.4 }), 'MNLogit: threshold is for two classes, but there are 3'],
    ];
    for (const [run, message] of refused) expectError(run, OptionError, message);
    expectError(
      () => new Logit().fit(x, y, { offset: [1] }),
      ShapeError,
      'Logit: offset has 1 numbers, but x has 6 rows',
    );
    expectError(() => model.predict([[1, 1e308], [1, 2]].map((r) => [r[0]! * 1e308, r[1]! * 10])), DataError, 'Logit: x[0, 1] is Infinity; all numbers must be finite'); // biome-ignore format: long
    expectError(
      () => fromBytes(DiscreteModel, toBytes(model)).getMargeff(),
      DataError,
      'Logit: getMargeff needs the rows that the model was fitted to, which a saved model does not keep; fit it again',
    );
  });

  it('dependent columns: the solution of least norm, the same probabilities, and a warning', () => {
    for (const Estimator of [Logit, Probit, MNLogit]) {
      const plain = new Estimator().fit(x, y);
      const doubled = new Estimator().fit(x.map((row) => [...row, row[1]!]), y); // biome-ignore format: short
      expect(doubled.rank).toBe(2);
      expect(doubled.warnings[0]).toBe(
        'the columns are linearly dependent (rank 2 of 3): of all solutions the one of least norm is given, and single coefficients have no meaning',
      );
      expectClose(doubled.params, [plain.params[0]!, plain.params[1]! / 2, plain.params[1]! / 2], { rtol: 1e-7 });
      expectClose(doubled.llf, plain.llf, { rtol: 1e-10 });
    }
  });

  it('far from 0 and in other units the slope is the same', () => {
    for (const Estimator of [Logit, Probit]) {
      const slope = (rows: number[][]) => new Estimator({ tol: 0, maxIter: 60 }).fit(rows, y).params[1]!;
      const usual = slope(x);
      expectClose(slope(x.map(([one, v]) => [one!, v! + 1e6])), usual, { rtol: 1e-7 });
      expectClose(slope(x.map(([one, v]) => [one!, v! * 1e9])) * 1e9, usual, { rtol: 1e-9 });
      expectClose(slope(x.map(([one, v]) => [one!, v! * 1e-9])) * 1e-9, usual, { rtol: 1e-9 });
    }
  });

  it('formulas with labels, missing rows and offsets', () => {
    const data = {
      answer: ['no', 'yes', 'no', 'yes', null, 'yes', 'no', 'yes'],
      age: [20, 31, 44, 29, 50, Number.NaN, 38, 41],
    };
    const model = new Logit().fit('answer ~ age', data);
    expect([model.nobs, model.nMissing, model.classes, model.yName]).toEqual([6, 2, ['no', 'yes'], 'answer']);
    expect(model.predict({ age: [20, 60] })).toHaveLength(2);
    const loaded = DiscreteModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(loaded.predictProba({ age: [33] })).toEqual(model.predictProba({ age: [33] }));
    const offset = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    const shifted = new Logit({ tol: 1e-12 }).fit(x, y, { offset });
    expectClose(shifted.params[0]! + 0.5, new Logit({ tol: 1e-12 }).fit(x, y).params[0]!, { rtol: 1e-9 });
    expectClose(shifted.llnull, new Logit().fit(x, y).llnull, { rtol: 1e-9 });
    expectClose(shifted.predictProba(x, { offset }).data, new Logit().fit(x, y).predictProba(x).data, { rtol: 1e-7 });
  });

  it('says when many rows are as good as certain, in the words of statsmodels', () => {
    const rows = [...x, ...Array.from({ length: 6 }, (_, i) => [1, i < 3 ? -60 : 60])];
    const model = new Logit().fit(rows, [...y, 0, 0, 0, 1, 1, 1]);
    expect(String(model.summary()).split('\n\n')[1]).toBe(
      'Possibly complete quasi-separation: A fraction 0.50 of observations can be\nperfectly predicted. This might indicate that there is complete\nquasi-separation. In this case some parameters will not be identified.',
    );
  });
});
