import { fromBytes, type MatrixLike, type SparseRows, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import { checkClassifier, checkRegressor, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import {
  ElasticNet,
  ElasticNetCV,
  ElasticNetCVModel,
  ElasticNetModel,
  Lasso,
  LassoCV,
  LinearRegression,
  LinearRegressionModel,
  LogisticRegression,
  LogisticRegressionModel,
  Perceptron,
  Ridge,
  RidgeCV,
  RidgeCVModel,
  RidgeModel,
  SGDClassifier,
  SGDClassifierModel,
  SGDRegressor,
  SGDRegressorModel,
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
    sparseRows: (rows): SparseRows => toSparse(tensor(rows, { dtype: 'float64' })),
  };
}

checkRegressor(spec('LinearRegression', LinearRegression, LinearRegressionModel, {}));
checkRegressor(spec('Ridge', Ridge, RidgeModel, { alpha: 0.1 }));
checkRegressor(spec('RidgeCV', RidgeCV, RidgeCVModel, {}));
checkRegressor(spec('Lasso', Lasso, ElasticNetModel, { alpha: 0.01 }));
checkRegressor(spec('ElasticNet', ElasticNet, ElasticNetModel, { alpha: 0.01 }));
checkRegressor(spec('LassoCV', LassoCV, ElasticNetCVModel, { nAlphas: 20 }));
checkRegressor(spec('ElasticNetCV', ElasticNetCV, ElasticNetCVModel, { nAlphas: 20, l1Ratio: [0.5, 1] }));
checkClassifier(spec('LogisticRegression', LogisticRegression, LogisticRegressionModel, {}));
checkClassifier(spec('SGDClassifier', SGDClassifier, SGDClassifierModel, { loss: 'logLoss', seed: 0 }));
checkClassifier(spec('Perceptron', Perceptron, SGDClassifierModel, { seed: 0 }));
// Steps that do not shrink, nor the coefficients, so that a constant is reached to the last digits.
const constant = { learningRate: 'constant', eta0: 0.004, maxIter: 9000, penalty: null, tol: null, seed: 0 };
checkRegressor(spec('SGDRegressor', SGDRegressor, SGDRegressorModel, constant));
