import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, test } from 'vitest';
import { DecisionTreeClassifier, DecisionTreeRegressor, exportGraphviz, exportText, type Tree } from '../src/index.ts';
import classifier from './fixtures/classifier.json' with { type: 'json' };
import exported from './fixtures/exports.json' with { type: 'json' };
import regressor from './fixtures/regressor.json' with { type: 'json' };

/** A tree of scikit-learn. */
interface Reference {
  name: string;
  data: string;
  options: object;
  nodes: {
    feature: number[];
    threshold: number[];
    left: number[];
    right: number[];
    impurity: number[];
    samples: number[];
    weight: number[];
    value: number[][];
  };
  importances: number[];
  depth: number;
  leaves: number;
  path?: { ccpAlphas: number[]; impurities: number[] };
}

interface Data {
  x: number[];
  shape: number[];
  y: number[];
  weights: number[] | null;
}

/** Whole numbers of 1/1024 are exact in float32, which scikit-learn computes thresholds of. */
function given(data: Data) {
  const x = { data: data.x.map((value) => value / 1024), shape: data.shape };
  return { x, y: data.y, fit: data.weights === null ? {} : { sampleWeight: data.weights } };
}

function expectNodes(tree: Tree, { nodes }: Reference): void {
  expect(Array.from(tree.feature)).toEqual(nodes.feature);
  expect(Array.from(tree.threshold)).toEqual(nodes.threshold);
  expect(Array.from(tree.left)).toEqual(nodes.left);
  expect(Array.from(tree.right)).toEqual(nodes.right);
  expect(Array.from(tree.nNodeSamples)).toEqual(nodes.samples);
  expectClose(tree.weightedNNodeSamples, nodes.weight, { rtol: 1e-12 });
  expectClose(tree.impurity, nodes.impurity, { rtol: 1e-11, atol: 1e-13 });
  expectClose(tree.value, nodes.value.flat(), { rtol: 1e-11, atol: 1e-13 });
}

describe('node for node the trees of scikit-learn', () => {
  test.each(classifier.cases as Reference[])('$name', (reference) => {
    const { x, y, fit } = given((classifier.data as unknown as Record<string, Data>)[reference.data]!);
    const estimator = new DecisionTreeClassifier(reference.options);
    const model = estimator.fit(x, y, fit);
    expectNodes(model.tree, reference);
    expectClose(model.featureImportances, reference.importances, { rtol: 1e-11, atol: 1e-13 });
    expect([model.depth, model.nLeaves]).toEqual([reference.depth, reference.leaves]);
    if (reference.path === undefined) return;
    const path = estimator.costComplexityPruningPath(x, y, fit);
    expectClose(path.ccpAlphas, reference.path.ccpAlphas, { rtol: 1e-11, atol: 1e-14 });
    expectClose(path.impurities, reference.path.impurities, { rtol: 1e-11, atol: 1e-14 });
  });

  test.each(regressor.cases as Reference[])('$name', (reference) => {
    const { x, y, fit } = given((regressor.data as unknown as Record<string, Data>)[reference.data]!);
    const estimator = new DecisionTreeRegressor(reference.options);
    const model = estimator.fit(x, y, fit);
    expectNodes(model.tree, reference);
    expectClose(model.featureImportances, reference.importances, { rtol: 1e-11, atol: 1e-13 });
    expect([model.depth, model.nLeaves]).toEqual([reference.depth, reference.leaves]);
    if (reference.path === undefined) return;
    const path = estimator.costComplexityPruningPath(x, y, fit);
    expectClose(path.ccpAlphas, reference.path.ccpAlphas, { rtol: 1e-11, atol: 1e-14 });
    expectClose(path.impurities, reference.path.impurities, { rtol: 1e-11, atol: 1e-14 });
  });
});

test.each(exported.cases)('the text and the DOT form of scikit-learn: $kind $options', (reference) => {
  const { kind, options, weighted, textOptions, text, dotOptions, dot } = reference;
  const x = exported.x.map((value) => [value]);
  const fit = weighted ? { sampleWeight: exported.w } : {};
  const model =
    kind === 'classes'
      ? new DecisionTreeClassifier(options).fit(x, exported.y, fit)
      : new DecisionTreeRegressor(options).fit(x, exported.t, fit);
  expect(exportText(model, textOptions)).toBe(text);
  if (dot !== null) expect(exportGraphviz(model, dotOptions)).toBe(dot.replaceAll('squared_error', 'squaredError'));
});
