import { OptionError, show } from '@maru-ml/base';
import {
  accuracyScore,
  adjustedMutualInfoScore,
  adjustedRandScore,
  averagePrecisionScore,
  balancedAccuracyScore,
  brierScoreLoss,
  completenessScore,
  d2AbsoluteErrorScore,
  explainedVarianceScore,
  f1Score,
  fowlkesMallowsScore,
  homogeneityScore,
  jaccardScore,
  logLoss,
  matthewsCorrcoef,
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanGammaDeviance,
  meanPoissonDeviance,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  mutualInfoScore,
  normalizedMutualInfoScore,
  precisionScore,
  r2Score,
  randScore,
  recallScore,
  rocAucScore,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
  vMeasureScore,
} from '@maru-ml/metrics';
import type { Label, Table } from '@maru-ml/tensor';
import type { AnyScorer, ScoringName } from './scorers.ts';

type Labels = ArrayLike<Label>;
type Numbers = ArrayLike<number>;

const AVERAGED = { precision: precisionScore, recall: recallScore, f1: f1Score, jaccard: jaccardScore } as const;

// This file imports nothing of the package, so that bundlers can load it, and the metrics, apart from the rest.

/** The scorer of a known name. */
export function scorerByName(name: ScoringName): AnyScorer {
  const averaged = /^(precision|recall|f1|jaccard)(Micro|Macro|Weighted)?$/.exec(name);
  if (averaged !== null) {
    const score = AVERAGED[averaged[1] as keyof typeof AVERAGED];
    const average = (averaged[2]?.toLowerCase() ?? 'binary') as 'macro';
    return ofLabels((y, predicted) => score(y, predicted, { average }));
  }
  switch (name) {
    case 'accuracy':
      return ofLabels((y, predicted) => accuracyScore(y, predicted));
    case 'balancedAccuracy':
      return ofLabels((y, predicted) => balancedAccuracyScore(y, predicted));
    case 'matthewsCorrcoef':
      return ofLabels((y, predicted) => matthewsCorrcoef(y, predicted));
    case 'rocAuc':
      return (model, x, y) => rocAucScore(y as Labels, scoresOfSecond('rocAuc', model, x));
    case 'averagePrecision':
      return (model, x, y) => {
        const classes = (model as { classes?: readonly Label[] }).classes;
        const posLabel = classes?.[1];
        const scores = scoresOfSecond('averagePrecision', model, x);
        return averagePrecisionScore(y as Labels, scores, posLabel === undefined ? {} : { posLabel });
      };
    case 'rocAucOvr':
      return ofProbabilities((y, proba, labels) => rocAucScore(y, proba, { labels, multiClass: 'ovr' }));
    case 'rocAucOvrWeighted':
      return ofProbabilities((y, proba, labels) => {
        return rocAucScore(y, proba, { labels, multiClass: 'ovr', average: 'weighted' });
      });
    case 'rocAucOvo':
      return ofProbabilities((y, proba, labels) => rocAucScore(y, proba, { labels, multiClass: 'ovo' }));
    case 'rocAucOvoWeighted':
      return ofProbabilities((y, proba, labels) => {
        return rocAucScore(y, proba, { labels, multiClass: 'ovo', average: 'weighted' });
      });
    case 'negLogLoss':
      return ofProbabilities((y, proba, labels) => -logLoss(y, proba, { labels }));
    case 'negBrierScore':
      return ofProbabilities((y, proba, labels) => -brierScoreLoss(y, proba, { labels }));
    case 'r2':
      return ofNumbers((y, predicted) => r2Score(y, predicted));
    case 'explainedVariance':
      return ofNumbers((y, predicted) => explainedVarianceScore(y, predicted));
    case 'd2AbsoluteErrorScore':
      return ofNumbers((y, predicted) => d2AbsoluteErrorScore(y, predicted));
    case 'negMaxError':
      return ofNumbers((y, predicted) => -maxError(y, predicted));
    case 'negMeanSquaredError':
      return ofNumbers((y, predicted) => -meanSquaredError(y, predicted));
    case 'negRootMeanSquaredError':
      return ofNumbers((y, predicted) => -rootMeanSquaredError(y, predicted));
    case 'negMeanAbsoluteError':
      return ofNumbers((y, predicted) => -meanAbsoluteError(y, predicted));
    case 'negMedianAbsoluteError':
      return ofNumbers((y, predicted) => -medianAbsoluteError(y, predicted));
    case 'negMeanAbsolutePercentageError':
      return ofNumbers((y, predicted) => -meanAbsolutePercentageError(y, predicted));
    case 'negMeanSquaredLogError':
      return ofNumbers((y, predicted) => -meanSquaredLogError(y, predicted));
    case 'negRootMeanSquaredLogError':
      return ofNumbers((y, predicted) => -rootMeanSquaredLogError(y, predicted));
    case 'negMeanPoissonDeviance':
      return ofNumbers((y, predicted) => -meanPoissonDeviance(y, predicted));
    case 'negMeanGammaDeviance':
      return ofNumbers((y, predicted) => -meanGammaDeviance(y, predicted));
    case 'randScore':
      return ofLabels((y, found) => randScore(y, found));
    case 'adjustedRandScore':
      return ofLabels((y, found) => adjustedRandScore(y, found));
    case 'fowlkesMallowsScore':
      return ofLabels((y, found) => fowlkesMallowsScore(y, found));
    case 'mutualInfoScore':
      return ofLabels((y, found) => mutualInfoScore(y, found));
    case 'normalizedMutualInfoScore':
      return ofLabels((y, found) => normalizedMutualInfoScore(y, found));
    case 'adjustedMutualInfoScore':
      return ofLabels((y, found) => adjustedMutualInfoScore(y, found));
    case 'homogeneityScore':
      return ofLabels((y, found) => homogeneityScore(y, found));
    case 'completenessScore':
      return ofLabels((y, found) => completenessScore(y, found));
    default:
      return ofLabels((y, found) => vMeasureScore(y, found));
  }
}

function ofLabels(score: (y: Labels, predicted: Labels) => number): AnyScorer {
  return (model, x, y) => score(y as Labels, (model as { predict(x: unknown): Labels }).predict(x));
}

function ofNumbers(score: (y: Numbers, predicted: Numbers) => number): AnyScorer {
  return (model, x, y) => score(y as Numbers, (model as { predict(x: unknown): Numbers }).predict(x));
}

function ofProbabilities(score: (y: Labels, proba: Table, labels: readonly Label[]) => number): AnyScorer {
  return (model, x, y) => {
    const { classes, predictProba } = model as { classes: readonly Label[]; predictProba?: (x: unknown) => Table };
    if (typeof predictProba !== 'function') {
      throw new OptionError(`crossValidate: this score needs probabilities, but ${show(model)} has no predictProba`);
    }
    return score(y as Labels, predictProba.call(model, x), classes);
  };
}

/** The scores of the second of two classes: distances from the boundary, or else probabilities. */
function scoresOfSecond(name: string, model: unknown, x: unknown): Numbers {
  const { classes, decisionFunction, predictProba } = model as {
    classes?: readonly Label[];
    decisionFunction?: (x: unknown) => Table | Float64Array;
    predictProba?: (x: unknown) => Table;
  };
  const method = decisionFunction ?? predictProba;
  if (typeof method !== 'function') {
    throw new OptionError(
      `crossValidate: ${name} needs decisionFunction or predictProba, but ${show(model)} has neither`,
    );
  }
  if (classes !== undefined && classes.length !== 2) {
    throw new OptionError(
      `crossValidate: ${name} is for two classes, but there are ${classes.length}; use rocAucOvr or rocAucOvo`,
    );
  }
  const answer = method.call(model, x);
  if (ArrayBuffer.isView(answer)) return answer;
  const { data, shape } = answer;
  const columns = shape[1];
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * columns + columns - 1]!);
}
