import { list, OptionError, show } from '@maru-ml/base';
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
import type { Label, Model, Table } from '@maru-ml/tensor';

/** What judges a fitted model by rows that it may not have seen: the higher, the better. */
export type Scorer<M = Model> = (model: M, x: never, y: never) => number;

/** The scores that go by name: scikit-learn's, in camelCase. Losses have a minus, so that higher is better. */
export type ScoringName = (typeof NAMES)[number];

/** One scorer, or several by their own names. */
export type Scoring<M = Model> =
  | ScoringName
  | Scorer<M>
  | readonly ScoringName[]
  | Readonly<Record<string, ScoringName | Scorer<M>>>;

/** A scorer whose arguments are known to fit. */
export type AnyScorer = (model: unknown, x: unknown, y: unknown) => number;

/**
 * The scorer of a name, to call by itself: `scorerOf('f1Macro')(model, x, y)`.
 * @throws OptionError for an unknown name
 */
export function scorerOf(name: ScoringName): Scorer {
  return scorerByName('scorerOf', 'name', name);
}

/** The scorers that are asked for, by name; `score` for the model's own. */
export function scorersFor(owner: string, scoring: unknown): [string, AnyScorer][] {
  if (scoring === undefined) return [['score', ownScore]];
  if (typeof scoring === 'string') return [[scoring, scorerByName(owner, 'scoring', scoring)]];
  if (typeof scoring === 'function') return [['score', scoring as AnyScorer]];
  if (typeof scoring !== 'object' || scoring === null) {
    throw new OptionError(
      `${owner}: scoring must be a name, a function, or several of them by name, got ${show(scoring)}`,
    );
  }
  const entries: [string, unknown][] = Array.isArray(scoring)
    ? scoring.map((name) => [String(name), name])
    : Object.entries(scoring);
  if (entries.length === 0) throw new OptionError(`${owner}: scoring must name at least one score`);
  return entries.map(([name, scorer]) => {
    return [name, typeof scorer === 'function' ? (scorer as AnyScorer) : scorerByName(owner, 'scoring', scorer)];
  });
}

/** What a scorer asks a model for: its own score, labels or numbers, probabilities, or scores of the second of two classes. */
export type Need = 'score' | 'predict' | 'predictProba' | 'decisionFunction';

/** What the scorer of a name asks for. */
export function needOf(name: string): Need {
  if (name === 'rocAuc' || name === 'averagePrecision') return 'decisionFunction';
  return /^(rocAucOv|negLogLoss|negBrierScore)/.test(name) ? 'predictProba' : 'predict';
}

/** What `score` of the model gives. */
export function ownScore(model: unknown, x: unknown, y: unknown): number {
  const { score } = model as { score?: (...args: unknown[]) => number };
  if (typeof score !== 'function') {
    throw new OptionError(`crossValidate: ${show(model)} has no score of its own; choose one with scoring`);
  }
  return y === null || y === undefined ? score.call(model, x) : score.call(model, x, y);
}

const NAMES = [
  'accuracy',
  'balancedAccuracy',
  'precision',
  'precisionMicro',
  'precisionMacro',
  'precisionWeighted',
  'recall',
  'recallMicro',
  'recallMacro',
  'recallWeighted',
  'f1',
  'f1Micro',
  'f1Macro',
  'f1Weighted',
  'jaccard',
  'jaccardMicro',
  'jaccardMacro',
  'jaccardWeighted',
  'matthewsCorrcoef',
  'rocAuc',
  'rocAucOvr',
  'rocAucOvrWeighted',
  'rocAucOvo',
  'rocAucOvoWeighted',
  'averagePrecision',
  'negLogLoss',
  'negBrierScore',
  'r2',
  'explainedVariance',
  'negMaxError',
  'negMeanSquaredError',
  'negRootMeanSquaredError',
  'negMeanAbsoluteError',
  'negMedianAbsoluteError',
  'negMeanAbsolutePercentageError',
  'negMeanSquaredLogError',
  'negRootMeanSquaredLogError',
  'negMeanPoissonDeviance',
  'negMeanGammaDeviance',
  'd2AbsoluteErrorScore',
  'randScore',
  'adjustedRandScore',
  'fowlkesMallowsScore',
  'mutualInfoScore',
  'normalizedMutualInfoScore',
  'adjustedMutualInfoScore',
  'homogeneityScore',
  'completenessScore',
  'vMeasureScore',
] as const;

function scorerByName(owner: string, option: string, name: unknown): AnyScorer {
  if (!(NAMES as readonly unknown[]).includes(name)) {
    const near = NAMES.filter((known) => known.toLowerCase() === String(name).replaceAll('_', '').toLowerCase());
    const remedy = near.length > 0 ? `; did you mean ${near[0]}?` : `; the names are ${list(NAMES, 'and')}`;
    throw new OptionError(`${owner}: ${option} must be the name of a score, got ${show(name)}${remedy}`);
  }
  return make(name as ScoringName);
}

type Labels = ArrayLike<Label>;
type Numbers = ArrayLike<number>;

const AVERAGED = { precision: precisionScore, recall: recallScore, f1: f1Score, jaccard: jaccardScore } as const;

/** The scorer of a known name. */
function make(name: ScoringName): AnyScorer {
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
