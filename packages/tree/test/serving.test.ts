import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage, expectSavable } from '@maru-ml/tooling/testing';
import { type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  DecisionTreeClassifier,
  DecisionTreeClassifierModel,
  DecisionTreeRegressor,
  DecisionTreeRegressorModel,
  exportGraphviz,
  exportText,
  treeDiagram,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

function noise(seed: number, n: number, d: number): { x: number[][]; y: number[] } {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
  return { x, y: x.map(() => random.normal()) };
}

describe('laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 2, max: 40 }),
    d: fc.integer({ min: 1, max: 4 }),
  });

  it('scaling and shifting columns changes thresholds and nothing else', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d }) => {
        const { x, y } = noise(seed, n, d);
        const moved = x.map((row) => row.map((value, j) => 4 * value + 8 * j));
        const [one, other] = [x, moved].map((rows) => new DecisionTreeRegressor().fit(rows, y).tree);
        expect(Array.from(other!.feature)).toEqual(Array.from(one!.feature));
        expectClose(other!.value, one!.value);
      }),
      { numRuns: 60 },
    );
  });

  it('a tree without limits knows its rows by heart, and one of k leaves gives at most k answers', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d }) => {
        const { x, y } = noise(seed, n, d);
        for (const criterion of ['squaredError', 'absoluteError'] as const) {
          expectClose(new DecisionTreeRegressor({ criterion }).fit(x, y).predict(x), y, { rtol: 1e-12 });
        }
        const few = new DecisionTreeRegressor({ maxLeafNodes: 3 }).fit(x, y);
        expect(new Set(few.predict(x)).size).toBeLessThanOrEqual(3);
      }),
      { numRuns: 60 },
    );
  });

  it('the trees of a pruning path are cut out by its α, and get smaller', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d }) => {
        const { x, y } = noise(seed, n, d);
        const { ccpAlphas, impurities } = new DecisionTreeRegressor().costComplexityPruningPath(x, y);
        let last = Number.POSITIVE_INFINITY;
        for (let i = 0; i < ccpAlphas.length; i++) {
          const next = ccpAlphas[i + 1] ?? 2 * ccpAlphas[i]! + 1;
          if (i > 0 && next <= ccpAlphas[i]!) continue;
          const { tree, nLeaves } = new DecisionTreeRegressor({ ccpAlpha: (ccpAlphas[i]! + next) / 2 }).fit(x, y);
          const weight = tree.weightedNNodeSamples;
          const risk = tree.impurity.reduce(
            (sum, value, t) => sum + (tree.feature[t]! < 0 ? (value * weight[t]!) / n : 0),
            0,
          );
          expectClose(risk, impurities[i]!, { rtol: 1e-9, atol: 1e-12 });
          expect(nLeaves).toBeLessThan(last);
          last = nLeaves;
        }
        expect(last).toBe(1);
      }),
      { numRuns: 40 },
    );
  });
});

describe('serving and saving', () => {
  const { x, y } = noise(1, 3000, 5);
  const labels = y.map((value) => (value > 0.4 ? 'up' : value < -0.4 ? 'down' : 'even'));
  const holes = x.map((row, i) =>
    row.map((value, j) => ((i + j) % 7 === 0 ? Number.NaN : j === 4 ? Math.round(value * 3) : value)),
  );

  it('a model of thousands of nodes, with missing numbers and categories, is the same after JSON and bytes', () => {
    const model = new DecisionTreeClassifier({ categoricalFeatures: [4] }).fit(holes, labels);
    expect(model.nLeaves).toBeGreaterThan(700);
    expect(model.tree.categories!.values.length).toBeGreaterThan(100);
    const copies = [
      DecisionTreeClassifierModel.fromJSON(JSON.parse(JSON.stringify(model))),
      fromBytes(DecisionTreeClassifierModel, toBytes(model)),
    ];
    for (const copy of copies) {
      expect(JSON.stringify(copy)).toBe(JSON.stringify(model));
      expect(copy.predict(holes)).toEqual(model.predict(holes));
      expect(copy.predictOne(holes[0]!)).toBe(model.predictOne(holes[0]!));
      expect(copy.featureImportances).toEqual(model.featureImportances);
    }
    const numbers = new DecisionTreeRegressor({
      categoricalFeatures: [4],
      criterion: 'absoluteError',
      maxDepth: 9,
    }).fit(holes, y);
    const loaded = fromBytes(DecisionTreeRegressorModel, toBytes(numbers));
    expect(loaded.predict(holes)).toEqual(numbers.predict(holes));
    expect(loaded.criterion).toBe('absoluteError');
  });

  it('a tree that tells a million categories apart is the same after JSON and bytes', () => {
    const codes = { data: Float64Array.from({ length: 1_000_000 }, (_, i) => i), shape: [1_000_000, 1] };
    const sides = Array.from(codes.data, (code) => (code % 3 === 0 ? 'a' : 'b'));
    const model = new DecisionTreeClassifier({ maxDepth: 1, categoricalFeatures: [0] }).fit(codes, sides);
    const asked = [[0], [1], [999_998], [999_999]];
    expect(model.predict(asked)).toEqual(['a', 'b', 'b', 'a']);
    expectSavable(model, models, (loaded: typeof model) => loaded.predict(asked));
  });

  it('predictOne does not allocate', { tags: ['node'] }, async () => {
    const model = new DecisionTreeClassifier({ categoricalFeatures: [4] }).fit(holes, labels);
    const rows = holes.map((row) => Float64Array.from(row));
    await expectNoGarbage((i) => model.predictOne(rows[i % 3000]!));
  });

  it('is not changed by changing what it hands out', () => {
    const model = new DecisionTreeRegressor().fit(x, y);
    const [before, json] = [model.predict(x), JSON.stringify(model)];
    model.tree.value.fill(0);
    model.tree.threshold.fill(0);
    model.featureImportances.fill(0);
    expect(model.predict(x)).toEqual(before);
    expect(JSON.stringify(model)).toBe(json);
  });

  it('prints what there is to know', () => {
    expect(String(new DecisionTreeRegressor().fit([[1], [2]], [1, 2]))).toBe(
      'DecisionTreeRegressorModel: 1 column, depth 1, 2 leaves',
    );
    expect(String(new DecisionTreeClassifier({ maxDepth: 2, seed: 1 }))).toBe(
      "DecisionTreeClassifier { criterion: 'gini', splitter: 'best', maxDepth: 2, minSamplesSplit: 2, minSamplesLeaf: 1, minWeightFractionLeaf: 0, maxFeatures: null, maxLeafNodes: null, minImpurityDecrease: 0, ccpAlpha: 0, seed: 1, categoricalFeatures: [], classWeight: null }",
    );
  });

  it('refuses a saved model whose nodes make no tree', () => {
    const fit = () =>
      JSON.parse(JSON.stringify(new DecisionTreeClassifier({ categoricalFeatures: [0] }).fit([[1], [2]], ['a', 'b'])));
    const refuses = (change: (json: ReturnType<typeof fit>) => void, message: string) => {
      const json = fit();
      change(json);
      expectError(
        () => DecisionTreeClassifierModel.fromJSON(json),
        DataError,
        `DecisionTreeClassifierModel.fromJSON: ${message}`,
      );
    };
    const encoded = (...numbers: number[]) => ({
      dtype: 'int32',
      shape: [numbers.length],
      data: btoa(String.fromCharCode(...new Uint8Array(Int32Array.from(numbers).buffer))),
    });
    const nowhere = 'node 0 of the tree has no column or children that can be';
    refuses((json) => {
      json.tree.left = encoded(0, -1, -1);
    }, nowhere);
    refuses((json) => {
      json.tree.right = encoded(3, -1, -1);
    }, nowhere);
    refuses((json) => {
      json.tree.right = encoded(1, -1, -1);
    }, nowhere);
    refuses((json) => {
      json.tree.feature = encoded(1, -2, -2);
    }, nowhere);
    refuses((json) => {
      json.tree.feature = encoded(-2, -2, -2);
    }, 'the nodes do not make a tree');
    refuses((json) => {
      json.tree.left = encoded(1, -1);
    }, 'left must have the shape [3], got [2]');
    refuses((json) => {
      json.tree.categories.start = encoded(0, 3, 2, 2);
    }, 'the lists of categories do not fit the nodes');
    refuses((json) => {
      json.tree.categories = 3;
    }, 'the categories are missing');
    refuses((json) => {
      json.tree = null;
    }, 'the tree is missing');
    refuses((json) => {
      json.nFeaturesIn = 0;
    }, 'nFeaturesIn must be an integer from 1 to 16777216, got 0');
    refuses((json) => {
      json.criterion = 'best';
    }, "criterion must be 'gini', 'entropy' or 'logLoss', got 'best'");
  });
});

describe('options', () => {
  const classifier = (options: object) => () => new DecisionTreeClassifier(options);

  it.each([
    [{ criterion: 'squaredError' }, "criterion must be 'gini', 'entropy' or 'logLoss', got 'squaredError'"],
    [{ splitter: 'any' }, "splitter must be 'best' or 'random', got 'any'"],
    [{ maxDepth: 0 }, 'maxDepth must be an integer ≥ 1, got 0'],
    [{ minSamplesSplit: 1 }, 'minSamplesSplit must be an integer ≥ 2 or a share above 0 and below 1, got 1'],
    [{ minSamplesLeaf: 1.5 }, 'minSamplesLeaf must be an integer ≥ 1 or a share above 0 and below 1, got 1.5'],
    [{ minWeightFractionLeaf: 0.6 }, 'minWeightFractionLeaf must be a number ≥ 0 and ≤ 0.5, got 0.6'],
    [{ maxFeatures: 'all' }, "maxFeatures must be 'sqrt' or 'log2', got 'all'"],
    [{ maxFeatures: 0 }, 'maxFeatures must be an integer ≥ 1 or a share above 0 and below 1, got 0'],
    [{ maxLeafNodes: 1 }, 'maxLeafNodes must be an integer ≥ 2, got 1'],
    [{ minImpurityDecrease: -1 }, 'minImpurityDecrease must be a number ≥ 0, got -1'],
    [{ ccpAlpha: Number.NaN }, 'ccpAlpha must be a number ≥ 0, got NaN'],
    [{ categoricalFeatures: [1, 1] }, 'categoricalFeatures must be different places of columns, from 0, got [1, 1]'],
    [{ categoricalFeatures: 'all' }, "categoricalFeatures must be different places of columns, from 0, got 'all'"],
    [{ classWeight: 'even' }, "classWeight must be 'balanced' or weights by label, got 'even'"],
    [{ classWeight: { a: -1 } }, "classWeight['a'] must be a number ≥ 0, got -1"],
    [{ seed: -1 }, 'seed must be an integer from 0 to 2^53 - 1 or a Random, got -1'],
  ])('%o', (options, message) => {
    expectError(classifier(options), OptionError, `DecisionTreeClassifier: ${message}`);
  });

  it('class weights must be of classes, and leave something', () => {
    const fit = (classWeight: Record<string, number>) => () =>
      new DecisionTreeClassifier({ classWeight }).fit([[1], [2]], ['a', 'b']);
    expectError(
      fit({ c: 1 }),
      OptionError,
      "DecisionTreeClassifier: classWeight has a weight for 'c', which is no class",
    );
    const nothing = 'DecisionTreeClassifier: weights of rows and classes leave no row that weighs something';
    expectError(fit({ a: 0, b: 0 }), DataError, nothing);
  });

  it('names and models of exports are checked', () => {
    const model = new DecisionTreeClassifier().fit([[1], [2]], ['a', 'b']);
    const few = () => exportText(model, { featureNames: [] });
    expectError(few, ShapeError, 'exportText: featureNames has 0 names, but the model has 1 column');
    const many = () => exportGraphviz(model, { classNames: ['a', 'b', 'c'] });
    expectError(many, ShapeError, 'exportGraphviz: classNames has 3 names, but the model has 2 classes');
    const numbers = new DecisionTreeRegressor().fit([[1], [2]], [1, 2]);
    const named = () => exportText(numbers, { classNames: ['a'] });
    expectError(named, ShapeError, 'exportText: classNames has 1 name, but the model has 0 classes');
    const none = () => treeDiagram(3 as never);
    expectError(none, OptionError, 'treeDiagram: model must be a fitted decision tree, got 3');
    const texts = () => exportText(model, { featureNames: [1] as never });
    expectError(texts, OptionError, 'exportText: featureNames must be an array of strings, got [1]');
  });
});

describe('README', () => {
  it('has the table of what the estimators promise, as the conformance checks are run with', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });
});
