import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { checkClassifier, checkRegressor, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import {
  DecisionTreeClassifier,
  DecisionTreeClassifierModel,
  DecisionTreeRegressor,
  DecisionTreeRegressorModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

function spec(
  name: keyof typeof traits,
  Estimator: Spec['Estimator'],
  Model: Spec['Model'],
  options: Record<string, unknown>,
): Spec {
  return {
    name,
    Estimator,
    Model,
    options,
    traits: traits[name] as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
  };
}

for (const criterion of ['gini', 'entropy']) {
  checkClassifier(spec('DecisionTreeClassifier', DecisionTreeClassifier, DecisionTreeClassifierModel, { criterion }));
}
checkClassifier(
  spec('DecisionTreeClassifier', DecisionTreeClassifier, DecisionTreeClassifierModel, {
    maxLeafNodes: 5,
    ccpAlpha: 0.01,
  }),
);
for (const criterion of ['squaredError', 'absoluteError']) {
  checkRegressor(spec('DecisionTreeRegressor', DecisionTreeRegressor, DecisionTreeRegressorModel, { criterion }));
}
