export { MaxAbsScaler, MaxAbsScalerModel } from './max-abs-scaler.ts';
export {
  MinMaxScaler,
  MinMaxScalerModel,
  type MinMaxScalerOptions,
  type MinMaxScalerSettings,
} from './min-max-scaler.ts';
export { Normalizer, NormalizerModel, type NormalizerOptions } from './normalizer.ts';
export {
  RobustScaler,
  RobustScalerModel,
  type RobustScalerOptions,
  type RobustScalerSettings,
} from './robust-scaler.ts';
export { StandardScaler, StandardScalerModel, type StandardScalerOptions } from './standard-scaler.ts';
