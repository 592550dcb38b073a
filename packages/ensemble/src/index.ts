export type { ClassWeight } from '@maru-ml/tree/grow';
export {
  ExtraTreesClassifier,
  type ExtraTreesClassifierOptions,
  type ExtraTreesClassifierSettings,
} from './extra-trees-classifier.ts';
export {
  ExtraTreesRegressor,
  type ExtraTreesRegressorOptions,
  type ExtraTreesRegressorSettings,
} from './extra-trees-regressor.ts';
export type { ForestFitAsyncOptions, ForestOptions } from './forest/options.ts';
export { ForestClassifierModel, type ForestClassifierName } from './forest-classifier-model.ts';
export { ForestRegressorModel, type ForestRegressorName } from './forest-regressor-model.ts';
export type { GradientBoostingOptions } from './gradient/options.ts';
export {
  GradientBoostingClassifier,
  type GradientBoostingClassifierOptions,
  type GradientBoostingClassifierSettings,
} from './gradient-boosting-classifier.ts';
export { GradientBoostingClassifierModel } from './gradient-boosting-classifier-model.ts';
export {
  GradientBoostingRegressor,
  type GradientBoostingRegressorOptions,
  type GradientBoostingRegressorSettings,
} from './gradient-boosting-regressor.ts';
export { GradientBoostingRegressorModel } from './gradient-boosting-regressor-model.ts';
export type { HistGradientBoostingOptions, HistGradientBoostingSettings } from './hist/options.ts';
export {
  HistGradientBoostingClassifier,
  type HistGradientBoostingClassifierOptions,
  type HistGradientBoostingClassifierSettings,
} from './hist-gradient-boosting-classifier.ts';
export { HistGradientBoostingClassifierModel } from './hist-gradient-boosting-classifier-model.ts';
export {
  HistGradientBoostingRegressor,
  type HistGradientBoostingRegressorOptions,
  type HistGradientBoostingRegressorSettings,
} from './hist-gradient-boosting-regressor.ts';
export { HistGradientBoostingRegressorModel } from './hist-gradient-boosting-regressor-model.ts';
export {
  RandomForestClassifier,
  type RandomForestClassifierOptions,
  type RandomForestClassifierSettings,
} from './random-forest-classifier.ts';
export {
  RandomForestRegressor,
  type RandomForestRegressorOptions,
  type RandomForestRegressorSettings,
} from './random-forest-regressor.ts';
