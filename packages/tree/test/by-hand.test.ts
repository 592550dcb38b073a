import { iris } from '@maru-ml/datasets/iris';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it, test } from 'vitest';
import { DecisionTreeClassifier, DecisionTreeRegressor, exportText, treeDiagram } from '../src/index.ts';

const NaNs = Number.NaN;

describe('worked by hand', () => {
  it('impurities and gains of six rows', () => {
    // Three of class a and three of b. x ≤ 2.5 leaves (2, 0) and (1, 3): gini 0 and 3/8; the gain is 1/2 - (4/6)(3/8) = 1/4. All
    // other cuts gain less: x ≤ 4.5 leaves (2, 2) and (1, 1), which gains nothing.
    const x = [1, 2, 3, 4, 5, 6].map((value) => [value]);
    const y = ['a', 'a', 'b', 'b', 'a', 'b'];
    const { tree } = new DecisionTreeClassifier({ maxDepth: 1 }).fit(x, y);
    expect(tree.threshold[0]).toBe(2.5);
    expectClose(tree.impurity, [1 / 2, 0, 3 / 8]);
    expectClose(tree.value, [1 / 2, 1 / 2, 1, 0, 1 / 4, 3 / 4]);
    const bits = new DecisionTreeClassifier({ maxDepth: 1, criterion: 'entropy' }).fit(x, y).tree;
    // -(1/4) log₂(1/4) - (3/4) log₂(3/4) = 2 - (3/4) log₂ 3
    expectClose(bits.impurity, [1, 0, 2 - 0.75 * Math.log2(3)]);
  });

  it('exclusive or: no question gains anything at first, and yet it is learned', () => {
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const model = new DecisionTreeClassifier().fit(x, [false, true, true, false]);
    expect(model.predict(x)).toEqual([false, true, true, false]);
    expect([model.depth, model.nLeaves]).toEqual([2, 4]);
    // The first column is asked first, and gains nothing.
    expectClose(model.featureImportances, [0, 1]);
  });

  it('means, medians and deviances', () => {
    const x = [[1], [2], [3], [4]];
    const y = [1, 1, 2, 8];
    const leaf = (criterion: 'squaredError' | 'absoluteError' | 'poisson') =>
      new DecisionTreeRegressor({ criterion, minSamplesLeaf: 4 }).fit(x, y).tree;
    expectClose(leaf('squaredError').value, [3]);
    // (4 + 4 + 1 + 25) / 4
    expectClose(leaf('squaredError').impurity, [8.5]);
    expectClose(leaf('absoluteError').value, [1.5]);
    // (.5 + .5 + .5 + 6.5) / 4
    expectClose(leaf('absoluteError').impurity, [2]);
    expectClose(leaf('poisson').value, [3]);
    const deviance = (2 * Math.log(1 / 3) + 2 * Math.log(2 / 3) + 8 * Math.log(8 / 3)) / 4;
    expectClose(leaf('poisson').impurity, [deviance]);
    // A weight of 3 moves the median to 2, of half 5 in 6: between 1 + 1 and 3.
    const weighted = new DecisionTreeRegressor({ criterion: 'absoluteError', minSamplesLeaf: 4 });
    expectClose(weighted.fit(x, y, { sampleWeight: [1, 1, 3, 1] }).tree.value, [2]);
  });

  it('half the Poisson deviance of counts that hardly differ', () => {
    const { tree } = new DecisionTreeRegressor({ criterion: 'poisson' }).fit([[0], [1], [2]], [1000, 1000, 1015]);
    const deviance = (2000 * Math.log(1000 / 1005) + 1015 * Math.log(1015 / 1005)) / 3;
    expectClose(tree.impurity[0]!, deviance, { rtol: 1e-9 });
  });

  it('missing numbers go where they gain most', () => {
    const x = [[1], [2], [NaNs], [NaNs], [5], [6]];
    const right = new DecisionTreeClassifier().fit(x, ['a', 'a', 'b', 'b', 'b', 'b']);
    expect([right.tree.threshold[0], right.tree.missingLeft[0]]).toEqual([3.5, 0]);
    expect(right.predict([[NaNs], [0], [9]])).toEqual(['b', 'a', 'b']);
    const left = new DecisionTreeClassifier().fit(x, ['a', 'a', 'a', 'a', 'b', 'b']);
    expect([left.tree.threshold[0], left.tree.missingLeft[0]]).toEqual([3.5, 1]);
    expect(left.predict([[NaNs], [0], [9]])).toEqual(['a', 'a', 'b']);
    // What is missing tells it all: numbers up to ∞ go left, missing ones right.
    const alone = new DecisionTreeClassifier().fit(x, ['a', 'a', 'b', 'b', 'a', 'a']);
    expect([alone.tree.threshold[0], alone.tree.missingLeft[0], alone.nLeaves]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
      2,
    ]);
    expect(alone.predict([[NaNs], [1e308]])).toEqual(['b', 'a']);
    // A column of one number and missing ones is split as well.
    const constant = new DecisionTreeRegressor().fit([[7], [7], [NaNs]], [1, 1, 4]);
    expectClose(constant.predict([[7], [NaNs], [8]]), [1, 4, 1]);
    // Where none were missing, they go with the most rows.
    const none = new DecisionTreeRegressor().fit([[1], [2], [3]], [5, 5, 9]);
    expectClose(none.predict([[NaNs]]), [5]);
  });

  it('categories in the order of their means', () => {
    // Means: 7 → 0, 1 → 1/2, 4 → 1; the codes say nothing.
    const x = [[1], [4], [7], [1], [4], [7]];
    const y = [1, 1, 0, 0, 1, 0];
    const model = new DecisionTreeClassifier({ categoricalFeatures: [0], maxDepth: 1 }).fit(x, y);
    const { categories, threshold } = model.tree;
    expect(threshold[0]).toBe(Number.NaN);
    // {7} against {1, 4} gains as much as {1, 7} against {4}; the first one stays.
    expect([Array.from(categories!.values), categories!.leftCount[0]]).toEqual([[7, 1, 4], 1]);
    // 5 was never seen and goes with the most rows, as a missing one.
    expect(model.predict([[7], [1], [4], [5], [NaNs]])).toEqual([0, 1, 1, 1, 1]);
    expect(exportText(model)).toBe(
      '|--- feature_0 in [7]\n|   |--- class: 0\n|--- feature_0 not in [7]\n|   |--- class: 1',
    );
    const three = new DecisionTreeClassifier({ categoricalFeatures: [0] }).fit(
      [[3], [1], [2], [2]],
      ['c', 'a', 'b', 'b'],
    );
    expect(three.predict([[1], [2], [3]])).toEqual(['a', 'b', 'c']);
  });

  it('pruning of a tree of two questions', () => {
    // R(root) = 1/2, R(its right side) = 4/6 · 3/8 = 1/4. The lower question brings 1/4 for two more leaves once the tree is grown,
    // and the upper one 1/2 for three.
    const x = [1, 2, 3, 4, 5, 6].map((value) => [value]);
    const y = ['a', 'a', 'b', 'b', 'a', 'b'];
    const path = new DecisionTreeClassifier().costComplexityPruningPath(x, y);
    expectClose(path.ccpAlphas, [0, 1 / 8, 1 / 4]);
    expectClose(path.impurities, [0, 1 / 4, 1 / 2]);
    const leaves = (ccpAlpha: number) => new DecisionTreeClassifier({ ccpAlpha }).fit(x, y).nLeaves;
    expect([0, 0.12, 0.13, 0.24, 0.26].map(leaves)).toEqual([4, 4, 2, 2, 1]);
  });

  it('leaves, paths and a diagram', () => {
    const model = new DecisionTreeRegressor().fit([[1], [2], [3]], [0, 1, 5]);
    expect(Array.from(model.apply([[1], [2], [3]]))).toEqual([2, 3, 4]);
    const { data, indices, indptr, shape } = model.decisionPath([[3], [1]]);
    expect([Array.from(data), Array.from(indices), Array.from(indptr), shape]).toEqual([
      [1, 1, 1, 1, 1],
      [0, 4, 0, 1, 2],
      [0, 2, 5],
      [2, 5],
    ]);
    expect(treeDiagram(model, { featureNames: ['size'], maxDepth: 1 })).toEqual({
      nodes: [
        { id: 0, label: 'size ≤ 2.5', detail: 'squaredError 4.667\n3 rows\n2' },
        { id: 1, label: '0.5', detail: 'squaredError 0.25\n2 rows' },
        { id: 4, label: '5', detail: 'squaredError 0\n1 row' },
      ],
      edges: [
        { from: 0, to: 1, label: 'yes' },
        { from: 0, to: 4, label: 'no' },
      ],
    });
  });
});

test('A19: a tree of the sepals of irises, reported over all 150 rows', () => {
  const { x, y } = iris();
  const sepals = Array.from({ length: 150 }, (_, i) => [x.data[4 * i]!, x.data[4 * i + 1]!]);
  // The source tells no options; entropy to depth 3 gives its report, digit for digit.
  const model = new DecisionTreeClassifier({ criterion: 'entropy', maxDepth: 3 }).fit(sepals, y);
  const predicted = model.predict(sepals);
  const report = [0, 1, 2].map((c) => {
    const hit = predicted.filter((label, i) => label === c && y[i] === c).length;
    const [precision, recall] = [hit / predicted.filter((label) => label === c).length, hit / 50];
    return [precision, recall, (2 * precision * recall) / (precision + recall)].map((value) => value.toFixed(2));
  });
  expect(model.score(sepals, y).toFixed(2)).toBe('0.81');
  expect(report).toEqual([
    ['0.94', '1.00', '0.97'],
    ['0.74', '0.68', '0.71'],
    ['0.73', '0.74', '0.73'],
  ]);
});
