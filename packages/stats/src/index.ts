export { fromBytes, toBytes } from '@maru-ml/tensor';
export type { Constraints } from './constraints.ts';
export type { ContrastResults, WaldTest } from './contrast.ts';
export { type KendallOptions, type KendallResult, kendalltau } from './correlation/kendall.ts';
export { type PearsonOptions, type PearsonResult, pearsonr } from './correlation/pearson.ts';
export { type SpearmanResult, spearmanr } from './correlation/spearman.ts';
export { type CorrelationTable, type CorrelationTableOptions, correlationTable } from './correlation/table.ts';
export type { CovarianceOptions, CovType, Groups } from './covariance.ts';
export { type AcfOptions, acf } from './descriptive/acf.ts';
export {
  type CategoricalSummary,
  type DescribeOptions,
  type Description,
  describe,
  type NumericSummary,
} from './descriptive/describe.ts';
export {
  type MissingCount,
  type MissingPattern,
  type MissingTable,
  missingTable,
} from './descriptive/missing.ts';
export { type KurtosisOptions, kurtosis, type SkewOptions, skew } from './descriptive/moments.ts';
export type { DataColumns } from './design.ts';
export { DiscreteModel, type OffsetOptions } from './discrete/discrete-model.ts';
export { Logit } from './discrete/logit.ts';
export type { MargeffOptions } from './discrete/marginal-effects.ts';
export type { Margins, MarginsRow } from './discrete/margins.ts';
export { MNLogit } from './discrete/mnlogit.ts';
export { Probit } from './discrete/probit.ts';
export type { DiscreteFitOptions, DiscreteOptions, DiscreteSettings } from './discrete/settings.ts';
export { FittedFormula, Formula } from './formula/formula.ts';
export type { FamilyName } from './glm/families.ts';
export type { GLMRowOptions } from './glm/fit.ts';
export { GLM, type GLMFitOptions } from './glm/glm.ts';
export { GLMModel, type NewRowOptions } from './glm/glm-model.ts';
export type { LinkName } from './glm/links.ts';
export type { MeanPrediction, MeanPredictionRow } from './glm/prediction.ts';
export type { GLMOptions, GLMSettings } from './glm/settings.ts';
export type { GLMSummaryOptions } from './glm/summary.ts';
export {
  type ChisquareOptions,
  type ChisquareResult,
  type ContingencyOptions,
  type ContingencyResult,
  chi2Contingency,
  chisquare,
} from './hypothesis/chi-square.ts';
export { type FisherExactOptions, type FisherExactResult, fisherExact } from './hypothesis/fisher-exact.ts';
export {
  type DistributionLike,
  type Ks2sampOptions,
  type KsResult,
  type KsTestOptions,
  ks2samp,
  kstest,
} from './hypothesis/kstest.ts';
export { type MannWhitneyOptions, type MannWhitneyResult, mannwhitneyu } from './hypothesis/mannwhitneyu.ts';
export {
  type MultipleTestsMethod,
  type MultipleTestsOptions,
  type MultipleTestsResult,
  multipletests,
} from './hypothesis/multipletests.ts';
export {
  fOneway,
  type KruskalResult,
  kruskal,
  type OnewayResult,
  type SeveralSamplesOptions,
} from './hypothesis/oneway.ts';
export type { Power } from './hypothesis/power-divergence.ts';
export { type RankOptions, rankdata } from './hypothesis/rank.ts';
export type { ConfidenceInterval, TestResult } from './hypothesis/result.ts';
export type { Alternative, NanPolicy, TestOptions } from './hypothesis/sample.ts';
export { type ShapiroOptions, shapiro } from './hypothesis/shapiro.ts';
export {
  type TTestIndOptions,
  type TTestOptions,
  type TTestResult,
  ttest1samp,
  ttestInd,
  ttestRel,
} from './hypothesis/t-tests.ts';
export { type WilcoxonOptions, type WilcoxonResult, wilcoxon } from './hypothesis/wilcoxon.ts';
export {
  type AnovaComparison,
  type AnovaOptions,
  type AnovaRow,
  type AnovaTable,
  anovaLm,
  type ComparisonRow,
  compareModels,
} from './regression/anova.ts';
export {
  type BackwardEliminationOptions,
  backwardElimination,
  type EliminableEstimator,
  type EliminableModel,
  type Elimination,
  type EliminationStep,
} from './regression/backward-elimination.ts';
export { type HeteroscedasticityTest, hetBreuschpagan, hetWhite } from './regression/heteroscedasticity.ts';
export type { Influence } from './regression/influence.ts';
export { type Coefficient, RegressionModel } from './regression/model.ts';
export { OLS, type OLSFitOptions, type OLSOptions, type OLSSettings } from './regression/ols.ts';
export type { PredictionResults, PredictionRow } from './regression/prediction.ts';
export { durbinWatson, type ResidualTests, residualTests } from './regression/residual-tests.ts';
export type { SummaryOptions } from './regression/summary.ts';
export { type VifTable, varianceInflation } from './regression/vif.ts';
export { WLS, type WLSFitOptions, type WLSOptions, type WLSSettings } from './regression/wls.ts';
export type {
  Summary,
  SummaryBlock,
  SummaryData,
  SummaryEntry,
  SummaryGrid,
  SummaryPairs,
  SummaryRow,
  SummaryTable,
} from './summary/table.ts';
