export type { CategoryList } from './categories.ts';
export type { ColumnKind, NamedRow } from './columns.ts';
export { type Missing, SimpleImputerModel } from './imputer-model.ts';
export type { InfrequentOptions } from './infrequent.ts';
export { LabelEncoder, LabelEncoderModel } from './label-encoder.ts';
export { MaxAbsScaler, MaxAbsScalerModel } from './max-abs-scaler.ts';
export {
  MinMaxScaler,
  MinMaxScalerModel,
  type MinMaxScalerOptions,
  type MinMaxScalerSettings,
} from './min-max-scaler.ts';
export { Normalizer, NormalizerModel, type NormalizerOptions } from './normalizer.ts';
export { OneHotEncoder } from './one-hot-encoder.ts';
export { OneHotEncoderModel, type OneHotRows } from './one-hot-model.ts';
export type { OneHotEncoderOptions, OneHotEncoderSettings } from './one-hot-options.ts';
export {
  OrdinalEncoder,
  OrdinalEncoderModel,
  type OrdinalEncoderOptions,
  type OrdinalEncoderSettings,
} from './ordinal-encoder.ts';
export {
  RobustScaler,
  RobustScalerModel,
  type RobustScalerOptions,
  type RobustScalerSettings,
} from './robust-scaler.ts';
export { SimpleImputer, type SimpleImputerOptions, type SimpleImputerSettings } from './simple-imputer.ts';
export { StandardScaler, StandardScalerModel, type StandardScalerOptions } from './standard-scaler.ts';
export type { GivenCategories } from './vocabulary.ts';
