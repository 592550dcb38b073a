export { type ClassWeight, fromBytes, toBytes } from '@maru-ml/tensor';
export { ElasticNet, type ElasticNetOptions, type ElasticNetSettings } from './elastic-net.ts';
export { ElasticNetCV, type ElasticNetCVOptions, type ElasticNetCVSettings } from './elastic-net-cv.ts';
export { ElasticNetCVModel, type ElasticNetCVName, type ValidationCurve } from './elastic-net-cv-model.ts';
export { ElasticNetModel, type ElasticNetName } from './elastic-net-model.ts';
export type { Fold, Folds } from './folds.ts';
export { Lasso, type LassoOptions, type LassoSettings } from './lasso.ts';
export { LassoCV, type LassoCVOptions, type LassoCVSettings } from './lasso-cv.ts';
export { LinearRegression, type LinearRegressionOptions, type LinearRegressionSettings } from './linear-regression.ts';
export { LinearRegressionModel } from './linear-regression-model.ts';
export { LogisticRegressionModel } from './logistic-model.ts';
export {
  LogisticRegression,
  type LogisticRegressionOptions,
  type LogisticRegressionSettings,
} from './logistic-regression.ts';
export { Perceptron, type PerceptronOptions, type PerceptronSettings } from './perceptron.ts';
export { Ridge, type RidgeOptions, type RidgeSettings } from './ridge.ts';
export { RidgeCV, type RidgeCVOptions, type RidgeCVSettings } from './ridge-cv.ts';
export { RidgeCVModel } from './ridge-cv-model.ts';
export { RidgeModel } from './ridge-model.ts';
export type { LearningRate } from './sgd.ts';
export {
  SGDClassifier,
  type SGDClassifierOptions,
  type SGDClassifierSettings,
  type SGDFitOptions,
} from './sgd-classifier.ts';
export { SGDClassifierModel, type SGDClassifierName } from './sgd-classifier-model.ts';
export type { LossName } from './sgd-losses.ts';
export type { SgdCommon, SgdOptions } from './sgd-options.ts';
export { SGDRegressor, type SGDRegressorOptions, type SGDRegressorSettings } from './sgd-regressor.ts';
export { SGDRegressorModel } from './sgd-regressor-model.ts';
