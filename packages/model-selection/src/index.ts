export { fromBytes, toBytes } from '@maru-ml/tensor';
export {
  CalibratedClassifier,
  CalibratedClassifierModel,
  type CalibratedClassifierOptions,
  type CalibrateOptions,
  calibrate,
} from './calibration/calibrated-classifier.ts';
export {
  type CalibrationCurve,
  type CalibrationCurveOptions,
  calibrationCurve,
} from './calibration/calibration-curve.ts';
export {
  type IsotonicOptions,
  IsotonicRegression,
  IsotonicRegressionModel,
  type IsotonicRegressionOptions,
  isotonicRegression,
} from './calibration/isotonic-regression.ts';
export type { Sigmoid } from './calibration/platt.ts';
export { DummyClassifier, DummyClassifierModel, type DummyClassifierOptions } from './dummy/dummy-classifier.ts';
export { DummyRegressor, DummyRegressorModel, type DummyRegressorOptions } from './dummy/dummy-regressor.ts';
export {
  PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from './inspection/partial-dependence.ts';
export {
  PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './inspection/permutation-importance.ts';
export type { GridValues } from './inspection/varied.ts';
export { pipeline } from './pipeline/pipeline.ts';
export { type Loadable, type LoadedPipelineModel, type LoadOptions, PipelineModel } from './pipeline/pipeline-model.ts';
export type {
  ClassifierPipeline,
  ClassifierPipelineModel,
  ClustererPipeline,
  ClustererPipelineModel,
  Connected,
  Fitted,
  PipelineBase,
  PipelineModelBase,
  PipelineOf,
  PipelineOptions,
  RegressorPipeline,
  RegressorPipelineModel,
  Step,
  StepInput,
  StepOutput,
  TransformerPipeline,
  TransformerPipelineModel,
} from './pipeline/types.ts';
export { type RowsLike, type SelectedRows, selectRows } from './rows.ts';
export { type GridFor, GridSearch, gridSearch } from './search/grid-search.ts';
export type { SearchFitAsyncOptions, SearchFitOptions, SearchOptions, SearchProgress } from './search/options.ts';
export type { Distribution, Distributions, DrawnOf, Grid, Params, ParamsOf } from './search/parameters.ts';
export {
  type DistributionsFor,
  RandomizedSearch,
  type RandomizedSearchOptions,
  randomizedSearch,
} from './search/randomized-search.ts';
export { type Candidate, type CandidateScore, type SearchModel, SearchResult } from './search/search-result.ts';
export type { SearchState } from './search/search-state.ts';
export { GroupKFold, type GroupKFoldOptions, LeaveOneGroupOut } from './splits/group-k-fold.ts';
export { KFold, type KFoldOptions, type KFoldSettings } from './splits/k-fold.ts';
export { LeaveOneOut, LeavePOut, type LeavePOutOptions } from './splits/leave-out.ts';
export {
  RepeatedKFold,
  type RepeatedKFoldOptions,
  type RepeatedKFoldSettings,
  RepeatedStratifiedKFold,
} from './splits/repeated-k-fold.ts';
export {
  GroupShuffleSplit,
  ShuffleSplit,
  type ShuffleSplitOptions,
  type ShuffleSplitSettings,
} from './splits/shuffle-split.ts';
export type { SizeOptions, Split, Splitter } from './splits/split.ts';
export { StratifiedGroupKFold } from './splits/stratified-group-k-fold.ts';
export { StratifiedKFold } from './splits/stratified-k-fold.ts';
export { StratifiedShuffleSplit } from './splits/stratified-shuffle-split.ts';
export { TimeSeriesSplit, type TimeSeriesSplitOptions } from './splits/time-series-split.ts';
export {
  type TrainTest,
  type TrainTestSplitOptions,
  type TrainValidationTest,
  type TrainValidationTestSplitOptions,
  trainTestSplit,
  trainValidationTestSplit,
} from './train-test-split.ts';
export {
  type CrossValPredictOptions,
  crossValPredict,
  type Predicted,
} from './validation/cross-val-predict.ts';
export {
  type CrossValidateOptions,
  type CrossValidateSyncOptions,
  CrossValidation,
  type CrossValScoreOptions,
  crossValidate,
  crossValidateSync,
  crossValScore,
  type FoldScores,
} from './validation/cross-validate.ts';
export {
  type LearningCurveOptions,
  learningCurve,
  ScoreCurve,
  type ValidationCurveOptions,
  validationCurve,
} from './validation/curves.ts';
export type { RunAsyncOptions, RunOptions, TargetsOf } from './validation/fits.ts';
export type { FoldOptions } from './validation/folds.ts';
export { scorerOf } from './validation/scorer-of.ts';
export type { Scorer, Scoring, ScoringName } from './validation/scorers.ts';
