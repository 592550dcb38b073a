export type { ClassWeight } from './class-weight.ts';
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
