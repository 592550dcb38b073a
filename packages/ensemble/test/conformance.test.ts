import { readFileSync } from 'node:fs';
import { fromBytes, type MatrixLike, tensor, toBytes } from '@maru-ml/tensor';
import {
  checkClassifier,
  checkDetector,
  checkRegressor,
  type Spec,
  type Traits,
  traitsTable,
} from '@maru-ml/tooling/testing/conformance';
import { expect, it } from 'vitest';
import {
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  ForestClassifierModel,
  ForestRegressorModel,
  GradientBoostingClassifier,
  GradientBoostingClassifierModel,
  GradientBoostingRegressor,
  GradientBoostingRegressorModel,
  HistGradientBoostingClassifier,
  HistGradientBoostingClassifierModel,
  HistGradientBoostingRegressor,
  HistGradientBoostingRegressorModel,
  IsolationForest,
  IsolationForestModel,
  RandomForestClassifier,
  RandomForestRegressor,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

type Name = keyof typeof traits;

function spec(name: Name, Estimator: Spec['Estimator'], Model: Spec['Model'], options: Record<string, unknown>): Spec {
  return {
    name,
    Estimator,
    Model,
    options,
    traits: traits[name] as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype): MatrixLike => tensor(rows, { dtype }),
  };
}

const small = { minSamplesLeaf: 3, maxIter: 20, seed: 0 };
checkClassifier(
  spec('HistGradientBoostingClassifier', HistGradientBoostingClassifier, HistGradientBoostingClassifierModel, small),
);
checkRegressor(
  spec('HistGradientBoostingRegressor', HistGradientBoostingRegressor, HistGradientBoostingRegressorModel, small),
);

const few = { nEstimators: 12, seed: 0 };
checkClassifier(
  spec('RandomForestClassifier', RandomForestClassifier, ForestClassifierModel, { ...few, oobScore: true }),
);
checkRegressor(spec('RandomForestRegressor', RandomForestRegressor, ForestRegressorModel, { ...few, oobScore: true }));
checkClassifier(spec('ExtraTreesClassifier', ExtraTreesClassifier, ForestClassifierModel, few));
checkRegressor(spec('ExtraTreesRegressor', ExtraTreesRegressor, ForestRegressorModel, few));
checkClassifier(
  spec('GradientBoostingClassifier', GradientBoostingClassifier, GradientBoostingClassifierModel, { nEstimators: 20 }),
);
checkRegressor(
  spec('GradientBoostingRegressor', GradientBoostingRegressor, GradientBoostingRegressorModel, { nEstimators: 20 }),
);
checkDetector(spec('IsolationForest', IsolationForest, IsolationForestModel, few));
checkDetector(
  spec('IsolationForest', IsolationForest, IsolationForestModel, { ...few, maxFeatures: 0.7, bootstrap: true }),
);

it('has the traits of the table in the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
});
