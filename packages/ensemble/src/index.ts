export { type ClassWeight, fromBytes, toBytes } from '@maru-ml/tensor';
export { AdaBoostClassifier } from './adaboost-classifier.ts';
export { AdaBoostClassifierModel } from './adaboost-classifier-model.ts';
export {
  AdaBoostRegressor,
  type AdaBoostRegressorOptions,
  type AdaBoostRegressorSettings,
} from './adaboost-regressor.ts';
export { AdaBoostRegressorModel } from './adaboost-regressor-model.ts';
export { BaggingClassifier } from './bagging-classifier.ts';
export { BaggingClassifierModel } from './bagging-classifier-model.ts';
export { BaggingRegressor } from './bagging-regressor.ts';
export { BaggingRegressorModel } from './bagging-regressor-model.ts';
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
export { IsolationForest, type IsolationForestOptions, type IsolationForestSettings } from './isolation-forest.ts';
export { IsolationForestModel } from './isolation-forest-model.ts';
export type { AdaBoostOptions, AdaBoostSettings } from './members/adaboost.ts';
export type { BaggingOptions, BaggingSettings } from './members/bagging.ts';
export type { LoadOptions, ModelClass, Named } from './members/members.ts';
export type { StackingOptions, StackMethod } from './members/stacking.ts';
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
export {
  StackingClassifier,
  type StackingClassifierOptions,
  type StackingClassifierSettings,
} from './stacking-classifier.ts';
export { StackingClassifierModel } from './stacking-classifier-model.ts';
export {
  StackingRegressor,
  type StackingRegressorOptions,
  type StackingRegressorSettings,
} from './stacking-regressor.ts';
export { StackingRegressorModel } from './stacking-regressor-model.ts';
export { VotingClassifier, type VotingClassifierOptions, type VotingClassifierSettings } from './voting-classifier.ts';
export { VotingClassifierModel } from './voting-classifier-model.ts';
export { VotingRegressor, type VotingRegressorOptions, type VotingRegressorSettings } from './voting-regressor.ts';
export { VotingRegressorModel } from './voting-regressor-model.ts';
