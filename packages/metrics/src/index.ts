export {
  type AccuracyOptions,
  accuracyScore,
  type BalancedAccuracyOptions,
  balancedAccuracyScore,
  hammingLoss,
  type TopKOptions,
  topKAccuracyScore,
  zeroOneLoss,
} from './accuracy.ts';
export { cohenKappaScore, type KappaOptions, matthewsCorrcoef } from './agreement.ts';
export { type AveragePrecisionOptions, averagePrecisionScore, type RocAucOptions, rocAucScore } from './area-scores.ts';
export {
  ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
  type ReportLine,
} from './classification-report.ts';
export {
  type ClassRates,
  ConfusionMatrix,
  type ConfusionMatrixOptions,
  confusionMatrix,
  falseNegativeRate,
  falsePositiveRate,
  type RateOptions,
  trueNegativeRate,
  truePositiveRate,
} from './confusion-matrix.ts';
export {
  auc,
  type CurveOptions,
  type DetCurve,
  detCurve,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  type RocCurveOptions,
  rocCurve,
} from './curves.ts';
export {
  d2TweedieScore,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanTweedieDeviance,
  type TweedieOptions,
} from './deviance.ts';
export {
  euclideanDistances,
  haversineDistances,
  type Metric,
  manhattanDistances,
  type PairwiseDistancesOptions,
  pairwiseDistances,
} from './distances.ts';
export type { WeightOptions } from './door.ts';
export {
  adjustedMutualInfoScore,
  completenessScore,
  type HomogeneityCompleteness,
  homogeneityCompletenessVMeasure,
  homogeneityScore,
  type MutualInfoOptions,
  mutualInfoScore,
  normalizedMutualInfoScore,
  type VMeasureOptions,
  vMeasureScore,
} from './information.ts';
export {
  additiveChi2Kernel,
  chi2Kernel,
  type GammaOptions,
  laplacianKernel,
  type PolynomialKernelOptions,
  polynomialKernel,
  rbfKernel,
  type SigmoidKernelOptions,
  sigmoidKernel,
} from './kernel-functions.ts';
export { adjustedRandScore, fowlkesMallowsScore, type PairConfusion, pairConfusion, randScore } from './pair-scores.ts';
export {
  type Average,
  type AverageScores,
  type ClassScores,
  type FBetaOptions,
  f1Score,
  fbetaScore,
  jaccardScore,
  type PrecisionRecallOptions,
  precisionRecallFscoreSupport,
  precisionScore,
  recallScore,
} from './precision-recall.ts';
export {
  type BrierOptions,
  brierScoreLoss,
  type HingeOptions,
  hingeLoss,
  type LogLossOptions,
  logLoss,
} from './probability-losses.ts';
export {
  d2AbsoluteErrorScore,
  d2PinballScore,
  explainedVarianceScore,
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanPinballLoss,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  type PinballOptions,
  type R2Options,
  r2Score,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
} from './regression.ts';
export { calinskiHarabaszScore, daviesBouldinScore } from './separation.ts';
export { type SilhouetteOptions, silhouetteSamples, silhouetteScore } from './silhouette.ts';
export { cosineDistances, cosineSimilarity, linearKernel } from './similarities.ts';
