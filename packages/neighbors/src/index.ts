export { fromBytes, toBytes } from '@maru-ml/tensor';
export {
  KNeighborsClassifier,
  type KNeighborsClassifierOptions,
  type KNeighborsClassifierSettings,
} from './k-neighbors-classifier.ts';
export { KNeighborsClassifierModel } from './k-neighbors-classifier-model.ts';
export {
  KNeighborsRegressor,
  type KNeighborsRegressorOptions,
  type KNeighborsRegressorSettings,
} from './k-neighbors-regressor.ts';
export { KNeighborsRegressorModel } from './k-neighbors-regressor-model.ts';
export type { Metric, MetricOptions } from './metrics.ts';
export { NearestNeighbors, type NearestNeighborsOptions, type NearestNeighborsSettings } from './nearest-neighbors.ts';
export {
  type GraphMode,
  NearestNeighborsModel,
  type Neighbors,
  type RadiusNeighbors,
} from './nearest-neighbors-model.ts';
export type { KNeighborsOptions, KNeighborsSettings, RadiusOptions, RadiusSettings } from './neighbors-options.ts';
export {
  RadiusNeighborsClassifier,
  type RadiusNeighborsClassifierOptions,
  type RadiusNeighborsClassifierSettings,
} from './radius-neighbors-classifier.ts';
export { RadiusNeighborsClassifierModel } from './radius-neighbors-classifier-model.ts';
export {
  RadiusNeighborsRegressor,
  type RadiusNeighborsRegressorOptions,
  type RadiusNeighborsRegressorSettings,
} from './radius-neighbors-regressor.ts';
export { RadiusNeighborsRegressorModel } from './radius-neighbors-regressor-model.ts';
export type { SearchOptions, SearchSettings } from './search.ts';
export type { NeighborWeights } from './votes.ts';
