export { fromBytes, toBytes } from '@maru-ml/tensor';
export type { BinsEncode, KBinsDiscretizerOptions, KBinsDiscretizerSettings } from './bins-options.ts';
export type { CategoryList } from './categories.ts';
export type { ColumnChoice, ColumnPart, ColumnSelector, PartModel, PartTransformer } from './column-parts.ts';
export { ColumnTransformer, type ColumnTransformerOptions } from './column-transformer.ts';
export { ColumnTransformerModel } from './column-transformer-model.ts';
export type { ColumnKind, NamedRow } from './columns.ts';
export type { LoadOptions, ModelClass } from './composite.ts';
export {
  type ColumnFunction,
  FunctionTransformer,
  FunctionTransformerModel,
  type FunctionTransformerOptions,
  type FunctionTransformerSettings,
  type RowFunction,
} from './function-transformer.ts';
export { type Missing, SimpleImputerModel } from './imputer-model.ts';
export type { InfrequentOptions } from './infrequent.ts';
export { KBinsDiscretizer } from './k-bins-discretizer.ts';
export { type BinnedRows, KBinsDiscretizerModel } from './k-bins-model.ts';
export { LabelEncoder, LabelEncoderModel } from './label-encoder.ts';
export { MaxAbsScaler, MaxAbsScalerModel } from './max-abs-scaler.ts';
export {
  MinMaxScaler,
  MinMaxScalerModel,
  type MinMaxScalerOptions,
  type MinMaxScalerSettings,
} from './min-max-scaler.ts';
export { type MutualInformationOptions, mutualInfoClassif, mutualInfoRegression } from './mutual-information.ts';
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
  PolynomialFeatures,
  PolynomialFeaturesModel,
  type PolynomialFeaturesOptions,
  type PolynomialFeaturesSettings,
} from './polynomial-features.ts';
export type { PowerMethod } from './power.ts';
export { PowerTransformer, PowerTransformerModel, type PowerTransformerOptions } from './power-transformer.ts';
export { type RankingEstimator, RFE, type RFEOptions } from './rfe.ts';
export { type PredictionsOf, type RankedModel, RFEModel } from './rfe-model.ts';
export {
  RobustScaler,
  RobustScalerModel,
  type RobustScalerOptions,
  type RobustScalerSettings,
} from './robust-scaler.ts';
export { chi2, type FeatureScores, fClassif, fRegression } from './scores.ts';
export { type ScoreFunction, SelectKBest, SelectKBestModel, type SelectKBestOptions } from './select-k-best.ts';
export { SimpleImputer, type SimpleImputerOptions, type SimpleImputerSettings } from './simple-imputer.ts';
export { StandardScaler, StandardScalerModel, type StandardScalerOptions } from './standard-scaler.ts';
export { VarianceThreshold, VarianceThresholdModel, type VarianceThresholdOptions } from './variance-threshold.ts';
export type { GivenCategories } from './vocabulary.ts';
