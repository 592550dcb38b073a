import { GaussianNB, GaussianNBModel } from '@maru-ml/bayes';
import {
  ForestClassifierModel,
  ForestRegressorModel,
  HistGradientBoostingClassifier,
  HistGradientBoostingClassifierModel,
  HistGradientBoostingRegressor,
  HistGradientBoostingRegressorModel,
  RandomForestClassifier,
  RandomForestRegressor,
} from '@maru-ml/ensemble';
import {
  ElasticNetModel,
  Lasso,
  LinearRegression,
  LinearRegressionModel,
  LogisticRegression,
  LogisticRegressionModel,
  Ridge,
  RidgeModel,
} from '@maru-ml/linear';
import {
  DummyClassifier,
  DummyClassifierModel,
  DummyRegressor,
  DummyRegressorModel,
  type Loadable,
  PipelineModel,
  pipeline,
} from '@maru-ml/model-selection';
import {
  KNeighborsClassifier,
  KNeighborsClassifierModel,
  KNeighborsRegressor,
  KNeighborsRegressorModel,
} from '@maru-ml/neighbors';
import {
  ColumnTransformer,
  ColumnTransformerModel,
  OneHotEncoder,
  OneHotEncoderModel,
  SimpleImputer,
  SimpleImputerModel,
  StandardScaler,
  StandardScalerModel,
} from '@maru-ml/preprocessing';
import { SVC, SVCModel, SVR, SVRModel } from '@maru-ml/svm';
import type { Classifier, Regressor } from '@maru-ml/tensor';
import {
  DecisionTreeClassifier,
  DecisionTreeClassifierModel,
  DecisionTreeRegressor,
  DecisionTreeRegressorModel,
} from '@maru-ml/tree';
import type { MODELS } from './menu.ts';

const seed = 0;

/** What predicts classes, made with the value of its knob. */
export const CLASSIFIERS: Record<keyof typeof MODELS.classes, (value: number) => Classifier> = {
  logistic: (C) => new LogisticRegression({ C }),
  bayes: () => new GaussianNB(),
  neighbors: (nNeighbors) => new KNeighborsClassifier({ nNeighbors }),
  tree: (maxDepth) => new DecisionTreeClassifier({ maxDepth, seed }),
  forest: (nEstimators) => new RandomForestClassifier({ nEstimators, seed }),
  boosting: (maxIter) => new HistGradientBoostingClassifier({ maxIter, seed }),
  svm: (C) => new SVC({ C, probability: true }),
  baseline: () => new DummyClassifier(),
};

/** What predicts numbers. */
export const REGRESSORS: Record<keyof typeof MODELS.number, (value: number) => Regressor> = {
  linear: () => new LinearRegression(),
  ridge: (alpha) => new Ridge({ alpha }),
  lasso: (alpha) => new Lasso({ alpha }),
  neighbors: (nNeighbors) => new KNeighborsRegressor({ nNeighbors }),
  tree: (maxDepth) => new DecisionTreeRegressor({ maxDepth, seed }),
  forest: (nEstimators) => new RandomForestRegressor({ nEstimators, seed }),
  boosting: (maxIter) => new HistGradientBoostingRegressor({ maxIter, seed }),
  svm: (C) => new SVR({ C }),
  baseline: () => new DummyRegressor(),
};

/**
 * What every model gets to see: numbers whose gaps are filled with the middle value, on one scale; a column of 0 and 1 for each of the
 * commonest words, and for none; yes and no as 1 and 0. It is fitted within the folds, so no score has seen its test rows.
 */
export function preparation(): ColumnTransformer {
  const words = new OneHotEncoder({ handleUnknown: 'infrequentIfExist', maxCategories: 20, sparseOutput: false });
  return new ColumnTransformer([
    ['numbers', pipeline(new SimpleImputer({ strategy: 'median' }), new StandardScaler()), { kind: 'number' }],
    ['words', words, { kind: 'string' }],
    ['flags', 'passthrough', { kind: 'boolean' }],
  ]);
}

/** The classes of all models that a saved one may be made of. */
export const CLASSES: Readonly<Record<string, Loadable>> = {
  ColumnTransformerModel,
  DecisionTreeClassifierModel,
  DecisionTreeRegressorModel,
  DummyClassifierModel,
  DummyRegressorModel,
  ElasticNetModel,
  ForestClassifierModel,
  ForestRegressorModel,
  GaussianNBModel,
  HistGradientBoostingClassifierModel,
  HistGradientBoostingRegressorModel,
  KNeighborsClassifierModel,
  KNeighborsRegressorModel,
  LinearRegressionModel,
  LogisticRegressionModel,
  OneHotEncoderModel,
  PipelineModel,
  RidgeModel,
  SVCModel,
  SVRModel,
  SimpleImputerModel,
  StandardScalerModel,
};
