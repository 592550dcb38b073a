import { fromBytes, type MatrixLike, type SparseRows, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import {
  checkClassifier,
  checkDetector,
  checkRegressor,
  type Spec,
  type Traits,
} from '@maru-ml/tooling/testing/conformance';
import {
  LinearSVC,
  LinearSVCModel,
  LinearSVR,
  LinearSVRModel,
  OneClassSVM,
  OneClassSVMModel,
  SVC,
  SVCModel,
  SVR,
  SVRModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

type Name = keyof typeof traits;

/** @param settled options under which the answers are exact enough for weights and the order of rows to be compared */
function spec(
  name: Name,
  Estimator: Spec['Estimator'],
  Model: Spec['Model'],
  options: Record<string, unknown>,
  settled: Record<string, unknown>,
): Spec {
  return {
    name,
    Estimator,
    Model,
    options,
    settled: { ...options, ...settled },
    traits: traits[name] as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype): MatrixLike => tensor(rows, { dtype }),
    sparseRows: (rows): SparseRows => toSparse(tensor(rows, { dtype: 'float64' })),
  };
}

checkClassifier(spec('SVC', SVC, SVCModel, {}, { gamma: 0.05, tol: 1e-10 }));
checkRegressor(spec('SVR', SVR, SVRModel, {}, { gamma: 0.2, tol: 1e-10 }));
checkClassifier(spec('LinearSVC', LinearSVC, LinearSVCModel, { seed: 0 }, { tol: 1e-10, maxIter: 1e6 }));
checkRegressor(spec('LinearSVR', LinearSVR, LinearSVRModel, { seed: 0, tol: 1e-7, maxIter: 1e5 }, { tol: 1e-9 }));
checkDetector(spec('OneClassSVM', OneClassSVM, OneClassSVMModel, { nu: 0.2 }, { gamma: 0.05, tol: 1e-10 }));

// With probabilities, whose folds depend on the order of the rows and their number.
const probable = spec('SVC', SVC, SVCModel, { probability: true, gamma: 0.05 }, {});
checkClassifier({ ...probable, traits: { ...probable.traits, sampleWeight: 'use', rowOrder: 'matters' } });
