import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { addValues, checkTreeOptions, growOptionsOf, leavesFor, totalWeight } from '../src/grow.ts';
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  exportGraphviz,
  exportText,
  type Tree,
  treeDiagram,
} from '../src/index.ts';

const NaNs = Number.NaN;

/** Rows of a number with missing ones, a category with missing ones, and a number. */
function mixed(seed: number, n = 60) {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => [
    random.integer(6) === 0 ? NaNs : random.integer(9),
    random.integer(8) === 0 ? NaNs : random.integer(5),
    random.uniform(),
  ]);
  const y = x.map(([a, b, c]) => (Number.isNaN(a!) ? 2 : a! > 4 ? 1 : 0) + (b === 3 ? 2 : 0) + (c! > 0.5 ? 1 : 0));
  return { x, y };
}

/** How many rows of x come to each node. */
function visits(tree: Tree, x: number[][]): number[] {
  const parents = Array.from({ length: tree.nodeCount }, (_, t) =>
    Array.from({ length: tree.nodeCount }, (_, p) => p).find((p) => tree.left[p] === t || tree.right[p] === t),
  );
  const counts = new Array<number>(tree.nodeCount).fill(0);
  for (const row of x) {
    for (let t: number | undefined = tree.leafOf(row, 0); t !== undefined; t = parents[t]) counts[t]! += 1;
  }
  return counts;
}

describe('laws', () => {
  const cases = (['best', 'random'] as const).flatMap((splitter) =>
    [{}, { maxFeatures: 1 }, { minSamplesLeaf: 4 }, { maxLeafNodes: 9 }, { categoricalFeatures: [1], maxDepth: 5 }].map(
      (options) => [splitter, options] as const,
    ),
  );
  it.each(cases)('%s, %o: the rows that a node was grown from are those that come to it', (splitter, options) => {
    for (let seed = 0; seed < 3; seed++) {
      const { x, y } = mixed(seed);
      const classes = y.map((value) => value % 2);
      const settings = { splitter, categoricalFeatures: [0, 1], ...options, seed };
      for (const { tree } of [
        new DecisionTreeRegressor(settings).fit(x, y),
        new DecisionTreeRegressor({ ...settings, criterion: 'absoluteError' }).fit(x, y),
        new DecisionTreeClassifier(settings).fit(x, classes),
        new DecisionTreeClassifier({ ...settings, criterion: 'entropy' }).fit(x, y),
      ]) {
        expect(visits(tree, x)).toEqual(Array.from(tree.nNodeSamples));
        const flat = x.flat();
        const leaves = x.map((_, i) => tree.leafOf(flat, 3 * i));
        expect(Array.from(leavesFor(tree, flat, x.length))).toEqual(leaves);
        const { width } = tree;
        const values = leaves.flatMap((t) => Array.from(tree.value.subarray(t * width, (t + 1) * width)));
        const sums = new Float64Array(values.length).fill(1);
        addValues(tree, flat, x.length, sums);
        expect(Array.from(sums)).toEqual(values.map((value) => 1 + value));
        for (let t = 0; t < tree.nodeCount; t++) {
          const categories = tree.categories?.of(t) ?? null;
          expect(categories === null).toBe(!Number.isNaN(tree.threshold[t]!));
          if (categories === null) continue;
          const { values: known, leftCount } = categories;
          for (const side of [known.subarray(0, leftCount), known.subarray(leftCount)]) {
            expect(Array.from(side)).toEqual(Array.from(side).sort((a, b) => a - b));
          }
        }
      }
    }
  });

  it('what no row of a node lacks goes with the most of them, by numbers, categories and at random', () => {
    for (const options of [{}, { categoricalFeatures: [0] }, { splitter: 'random' as const, seed: 3 }]) {
      const x = [[1], [1], [1], [2], [2], [3]];
      const { tree } = new DecisionTreeRegressor({ ...options, maxDepth: 1 }).fit(x, [0, 0, 0, 5, 5, 5]);
      const more = tree.nNodeSamples[1]! > tree.nNodeSamples[2]!;
      expect(tree.missingLeft[0]).toBe(more ? 1 : 0);
    }
  });

  it('random splits tell categories apart, and send what is missing to either side', () => {
    const x = [[4], [0], [2], [7], [2], [4]];
    const y = [1, 2, 3, 4, 3, 1];
    const options = { splitter: 'random' as const };
    for (let seed = 0; seed < 10; seed++) {
      const model = new DecisionTreeRegressor({ ...options, categoricalFeatures: [0], seed }).fit(x, y);
      expect(model.score(x, y)).toBe(1);
      const { missingLeft, nNodeSamples, left, right } = model.tree;
      expect(missingLeft[0]).toBe(nNodeSamples[left[0]!]! > nNodeSamples[right[0]!]! ? 1 : 0);
    }
    for (const categoricalFeatures of [[], [0]]) {
      const sides = Array.from({ length: 20 }, (_, seed) => {
        const rows = [[1], [2], [NaNs], [NaNs]];
        const { tree } = new DecisionTreeRegressor({ ...options, categoricalFeatures, maxDepth: 1, seed }).fit(
          rows,
          [0, 1, 2, 3],
        );
        return [tree.missingLeft[0]!, tree.nNodeSamples[1]!];
      });
      expect(new Set(sides.map(String))).toEqual(new Set(['0,1', '1,3']));
    }
  });

  it.each(['gini', 'entropy', 'squaredError', 'absoluteError', 'poisson'] as const)(
    '%s: a split into pure leaves gains the whole impurity',
    (criterion) => {
      const x = [[1], [2], [3], [4]];
      for (const y of [
        [100, 100, 101, 101],
        [1, 1, 1, 9],
      ]) {
        // biome-ignore format: vectors
        const grown = (minImpurityDecrease: number) =>
          criterion === 'gini' || criterion === 'entropy'
            ? new DecisionTreeClassifier({ criterion, minImpurityDecrease }).fit(x, y).tree
            : new DecisionTreeRegressor({ criterion, minImpurityDecrease }).fit(x, y).tree;
        const impurity = grown(0).impurity[0]!;
        expect([0.9999, 1.0001].map((share) => grown(share * impurity).nodeCount)).toEqual([3, 1]);
      }
    },
  );

  it('pruning takes nodes away and leaves what is missing where it went', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { x, y } = mixed(seed);
      const options = { categoricalFeatures: [1] };
      const whole = new DecisionTreeRegressor(options).fit(x, y);
      const same = new DecisionTreeRegressor({ ...options, ccpAlpha: 1e-300 }).fit(x, y);
      expect(Array.from(same.tree.missingLeft)).toEqual(Array.from(whole.tree.missingLeft));
      expect(Array.from(same.predict(x))).toEqual(Array.from(whole.predict(x)));
      const { ccpAlphas } = new DecisionTreeRegressor(options).costComplexityPruningPath(x, y);
      const leaves = Array.from(
        ccpAlphas,
        (ccpAlpha) => new DecisionTreeRegressor({ ...options, ccpAlpha }).fit(x, y).nLeaves,
      );
      // Each α of the path is where a smaller tree begins.
      for (let i = 1; i < leaves.length; i++) {
        if (ccpAlphas[i]! > ccpAlphas[i - 1]!) expect(leaves[i]).toBeLessThan(leaves[i - 1]!);
      }
      expect(leaves.at(-1)).toBe(1);
    }
  });
});

describe('limits, by hand', () => {
  const x = [[1], [2], [3], [4]];
  it('a leaf may have just the least weight and the fewest rows', () => {
    for (const criterion of ['gini', 'entropy'] as const) {
      const grown = (options: object) =>
        new DecisionTreeClassifier({ criterion, ...options }).fit(x, ['a', 'b', 'b', 'b']).tree.threshold[0];
      expect(grown({ minWeightFractionLeaf: 0.25 })).toBe(1.5);
      expect(grown({ minWeightFractionLeaf: 0.26 })).toBe(2.5);
      expect(grown({ minSamplesLeaf: 2 })).toBe(2.5);
    }
    for (const criterion of ['squaredError', 'absoluteError', 'poisson'] as const) {
      const grown = (options: object) =>
        new DecisionTreeRegressor({ criterion, ...options }).fit(x, [1, 2, 2, 2]).tree.threshold[0];
      expect(grown({ minWeightFractionLeaf: 0.25 })).toBe(1.5);
      expect(grown({ minWeightFractionLeaf: 0.26 })).toBe(2.5);
    }
  });

  it('shares are counted in rows and columns', () => {
    const counts = (options: object, columns = 30) =>
      growOptionsOf('T', checkTreeOptions('T', options), 25, columns, 25);
    const features = [null, 'sqrt', 'log2', 0.5, 0.01, 7].map((maxFeatures) => counts({ maxFeatures }).maxFeatures);
    expect(features).toEqual([30, 5, 4, 15, 1, 7]);
    expect(counts({ maxFeatures: 'log2' }, 32).maxFeatures).toBe(5);
    expect(counts({ maxFeatures: 'sqrt' }, 1).maxFeatures).toBe(1);
    const { minSamplesLeaf, minSamplesSplit, minWeightLeaf } = counts({
      minSamplesLeaf: 0.1,
      minSamplesSplit: 0.2,
      minWeightFractionLeaf: 0.5,
    });
    expect([minSamplesLeaf, minSamplesSplit, minWeightLeaf]).toEqual([3, 6, 12.5]);
    expect(counts({ minSamplesSplit: 0.01 }).minSamplesSplit).toBe(2);
  });
});

describe('doors', () => {
  const x = [[1, 5], [2, 6], [3, 7]]; // biome-ignore format: a matrix
  const y = [1, 2, 3];

  it('columns that there are not', () => {
    const fit =
      (options: object, rows = x) =>
      () =>
        new DecisionTreeRegressor(options).fit(rows, y);
    const named = 'DecisionTreeRegressor: categoricalFeatures names column';
    expectError(fit({ categoricalFeatures: [0, 2] }), ShapeError, `${named} 2 (the first is 0), but x has 2 columns`);
    const one = [[1], [2], [3]];
    expectError(fit({ categoricalFeatures: [1] }, one), ShapeError, `${named} 1 (the first is 0), but x has 1 column`);
    expectError(fit({ maxFeatures: 3 }), ShapeError, 'DecisionTreeRegressor: maxFeatures is 3, but x has 2 columns');
  });

  it('targets whose squares or logarithms are none', () => {
    const fit = (targets: number[], criterion: 'poisson' | 'squaredError', sampleWeight?: number[]) => () =>
      new DecisionTreeRegressor({ criterion }).fit(x, targets, sampleWeight === undefined ? {} : { sampleWeight });
    const owner = 'DecisionTreeRegressor:';
    expectError(fit([1, -2, 3], 'poisson'), DataError, `${owner} y[1] must be ≥ 0 for criterion 'poisson', got -2`);
    const zeros = `${owner} y must not be all 0 for criterion 'poisson', where rows weigh something`;
    expectError(fit([0, 0, 0], 'poisson'), DataError, zeros);
    expectError(fit([0, 0, 3], 'poisson', [1, 1, 0]), DataError, zeros);
    const large = `${owner} squares of the numbers in y overflow; divide y by a constant first`;
    expectError(fit([0, 0, 1e101], 'squaredError'), DataError, large);
    expectError(fit([0, 0, -1e101], 'squaredError'), DataError, large);
    const small = `${owner} squares of the differences in y vanish; multiply y by a constant first`;
    expectError(fit([0, 0, 1e-101], 'squaredError'), DataError, small);
    expect(fit([-1e100, 0, 1e100], 'squaredError')().nLeaves).toBe(3);
    expect(fit([-1, 2, 3], 'squaredError')().nLeaves).toBe(3);
  });

  it('weights far from all others', () => {
    const message = 'T: the weight of row 1 must be 0 or from 1e-100 to 1e+100, got';
    for (const weight of [1e-101, 1e101]) {
      expectError(() => totalWeight('T', Float64Array.of(1, weight), 2), DataError, `${message} ${weight}`);
    }
    expect(totalWeight('T', Float64Array.of(0, 1e-100, 3), 3)).toBe(3);
    expect(totalWeight('T', Float64Array.of(1e100), 1)).toBe(1e100);
    const none = 'T: weights of rows and classes leave no row that weighs something';
    expectError(() => totalWeight('T', Float64Array.of(0, 0), 2), DataError, none);
  });

  it('options that there are not, by the name of what was called', () => {
    const wrong = { zzzzzzzzzzzz: 1 } as never;
    const classifier = new DecisionTreeClassifier();
    const regressor = new DecisionTreeRegressor();
    const [classes, numbers] = [classifier.fit(x, y), regressor.fit(x, y)];
    for (const [owner, run, known] of [
      ['DecisionTreeClassifier', () => classifier.fit(x, y, wrong), 'sampleWeight and onProgress'],
      ['DecisionTreeRegressor', () => regressor.fit(x, y, wrong), 'sampleWeight and onProgress'],
      ['DecisionTreeClassifier', () => classifier.costComplexityPruningPath(x, y, wrong), 'sampleWeight'],
      ['DecisionTreeRegressor', () => regressor.costComplexityPruningPath(x, y, wrong), 'sampleWeight'],
      ['DecisionTreeClassifier', () => classes.score(x, y, wrong), 'sampleWeight'],
      ['DecisionTreeRegressor', () => numbers.score(x, y, wrong), 'sampleWeight'],
      [
        'exportText',
        () => exportText(classes, wrong),
        'featureNames, classNames, maxDepth, spacing, decimals and showWeights',
      ],
      ['exportGraphviz', () => exportGraphviz(classes, wrong), 'featureNames, classNames, maxDepth and precision'],
      ['treeDiagram', () => treeDiagram(classes, wrong), 'featureNames, classNames and maxDepth'],
    ] as const) {
      expectError(run as () => unknown, OptionError, `${owner}: there is no option zzzzzzzzzzzz, only ${known}`);
    }
  });

  it('labels, targets and weights of another length, and flags that are none', () => {
    const [classes, numbers] = [new DecisionTreeClassifier().fit(x, y), new DecisionTreeRegressor().fit(x, y)];
    expectError(() => classes.score(x, [1, 2]), ShapeError, 'DecisionTreeClassifier: y has 2 labels, but x has 3 rows');
    expectError(() => numbers.score(x, [1, 2]), ShapeError, 'DecisionTreeRegressor: y has 2 numbers, but x has 3 rows');
    const weights = 'DecisionTreeClassifier: sampleWeight has 2 weights, but x has 3 rows';
    expectError(() => classes.score(x, y, { sampleWeight: [1, 2] }), ShapeError, weights);
    const flag = 'exportText: showWeights must be true or false, got 1';
    expectError(() => exportText(classes, { showWeights: 1 as never }), OptionError, flag);
  });

  it('depths and decimals that are none', () => {
    const model = new DecisionTreeClassifier().fit(x, y);
    for (const [run, message] of [
      [() => exportGraphviz(model, { maxDepth: -1 }), 'exportGraphviz: maxDepth must be an integer ≥ 0, got -1'],
      [
        () => exportGraphviz(model, { precision: 21 }),
        'exportGraphviz: precision must be an integer ≥ 0 and ≤ 20, got 21',
      ],
      [() => treeDiagram(model, { maxDepth: -1 }), 'treeDiagram: maxDepth must be an integer ≥ 0, got -1'],
    ] as const) {
      expectError(run as () => unknown, OptionError, message);
    }
  });

  it('a row with a missing number is answered', () => {
    expect(new DecisionTreeRegressor().fit([[1], [2], [3]], [5, 5, 9]).predictOne([NaNs])).toBe(5);
    expect(new DecisionTreeClassifier().fit([[1], [2], [3]], ['a', 'a', 'b']).predictOne([NaNs])).toBe('a');
  });
});

describe('forms', () => {
  it('a diagram of classes has the counts and the kind of each node', () => {
    const model = new DecisionTreeClassifier().fit([[1], [2], [3]], ['a', 'a', 'b']);
    expect(treeDiagram(model)).toEqual({
      nodes: [
        { id: 0, label: 'feature_0 ≤ 2.5', detail: 'gini 0.4444\n3 rows\n[2, 1]', kind: 'a' },
        { id: 1, label: 'a', detail: 'gini 0\n2 rows\n[2, 0]', kind: 'a' },
        { id: 2, label: 'b', detail: 'gini 0\n1 row\n[0, 1]', kind: 'b' },
      ],
      edges: [
        { from: 0, to: 1, label: 'yes' },
        { from: 0, to: 2, label: 'no' },
      ],
    });
  });

  it('a tree of one leaf, and halves that go to the even digit', () => {
    expect(String(new DecisionTreeRegressor().fit([[1, 2]], [3]))).toBe(
      'DecisionTreeRegressorModel: 2 columns, depth 0, 1 leaf',
    );
    const model = new DecisionTreeRegressor().fit([[2], [3], [4]], [0, 0, 1]);
    expect(exportText(model, { decimals: 0 })).toBe(
      '|--- feature_0 <= 4\n|   |--- value: [0]\n|--- feature_0 >  4\n|   |--- value: [1]',
    );
  });

  it('of more than twelve categories the first twelve are told', () => {
    const rows = (n: number) => Array.from({ length: 2 * n }, (_, i) => [i]);
    const question = (n: number) => {
      const labels = rows(n).map(([i]) => (i! < n ? 0 : 1));
      const options = { categoricalFeatures: [0] };
      return treeDiagram(new DecisionTreeClassifier(options).fit(rows(n), labels)).nodes[0]!.label;
    };
    expect(question(12)).toBe('feature_0 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]');
    expect(question(13)).toBe('feature_0 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …]');
  });

  it('names with quotes and backslashes are quoted', () => {
    const model = new DecisionTreeClassifier().fit([[1], [2]], ['a', 'b']);
    const dot = exportGraphviz(model, { featureNames: ['a"b\\c'], classNames: ['x"', 'y'] });
    expect(dot).toContain('label="a\\"b\\\\c <= 1.5');
    expect(dot).toContain('class = x\\""');
  });
});
