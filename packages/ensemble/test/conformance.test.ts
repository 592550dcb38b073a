import { type MatrixLike, tensor } from '@maru-ml/tensor';
import { checkClassifier, checkRegressor, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import {
  HistGradientBoostingClassifier,
  HistGradientBoostingClassifierModel,
  HistGradientBoostingRegressor,
  HistGradientBoostingRegressorModel,
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
