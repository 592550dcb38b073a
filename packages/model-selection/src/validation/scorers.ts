import { list, OptionError, show } from '@maru-ml/base';
import type { Model } from '@maru-ml/tensor';

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

/** Makes the scorer of a name. */
export type ScorerTable = (name: ScoringName) => AnyScorer;

/** A scorer whose arguments are known to fit. */
export type AnyScorer = (model: unknown, x: unknown, y: unknown) => number;

/** A score by its own name: what makes it, and what that asks a model for, where it is known. */
export type NamedScorer = readonly [name: string, scorer: AnyScorer, need?: Need];

/** The scorers that are asked for, by name; `score` for the model's own. */
export function scorersFor(owner: string, scoring: unknown, table: ScorerTable): NamedScorer[] {
  return given(owner, scoring).map(([name, scorer]) => {
    if (scorer === ownScore) return [name, ownScore, 'score'];
    if (typeof scorer === 'function') return [name, scorer as AnyScorer];
    const known = checkName(owner, 'scoring', scorer);
    return [name, table(known), needOf(known)];
  });
}

/** The names of the scores that are asked for. @throws OptionError for unknown ones */
export function scoreNames(owner: string, scoring: unknown): string[] {
  return given(owner, scoring).map(([name, scorer]) => {
    if (typeof scorer !== 'function') checkName(owner, 'scoring', scorer);
    return name;
  });
}

/**
 * The scorers by their names, which bring most of the metrics with them. They are loaded only if a name is asked for, so that bundlers can
 * leave them out of what a page loads first.
 */
export async function tableFor(scoring: unknown): Promise<ScorerTable> {
  return hasNames(scoring) ? (await import('./scorer-table.ts')).scorerByName : noTable;
}

/** For what waits for nothing: scorers by name are not there. */
export function noTable(name: ScoringName): never {
  throw new OptionError(`scorerOf: ${name} is not loaded`);
}

/** Whether a scorer goes by its name. */
export function hasNames(scoring: unknown): boolean {
  if (typeof scoring !== 'object' || scoring === null) return typeof scoring === 'string';
  return Object.values(scoring).some((scorer) => typeof scorer !== 'function');
}

/** Scores by their own names, with the names or functions of their scorers. */
function given(owner: string, scoring: unknown): [string, unknown][] {
  if (scoring === undefined) return [['score', ownScore]];
  if (typeof scoring === 'string') return [[scoring, scoring]];
  if (typeof scoring === 'function') return [['score', scoring]];
  if (typeof scoring !== 'object' || scoring === null) {
    throw new OptionError(
      `${owner}: scoring must be a name, a function, or several of them by name, got ${show(scoring)}`,
    );
  }
  const entries: [string, unknown][] = Array.isArray(scoring)
    ? scoring.map((name) => [String(name), name])
    : Object.entries(scoring);
  if (entries.length === 0) throw new OptionError(`${owner}: scoring must name at least one score`);
  return entries;
}

/** What a scorer asks a model for: its own score, labels or numbers, probabilities, or scores of the second of two classes. */
export type Need = 'score' | 'predict' | 'predictProba' | 'decisionFunction';

/** What the scorer of a name asks for. */
function needOf(name: string): Need {
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

/** The name that was meant: in other letters, a loss without its minus, with or without 'score', or in short. */
function nearest(name: string): ScoringName | undefined {
  const short: Readonly<Record<string, ScoringName>> = {
    mse: 'negMeanSquaredError',
    rmse: 'negRootMeanSquaredError',
    mae: 'negMeanAbsoluteError',
    mape: 'negMeanAbsolutePercentageError',
    auc: 'rocAuc',
  };
  const key = name.replaceAll(/[_\s-]/g, '').toLowerCase();
  if (Object.hasOwn(short, key)) return short[key];
  const plain = (text: string) => text.replace(/^neg/, '').replace(/(score|loss)$/, '');
  return (
    NAMES.find((known) => known.toLowerCase() === key) ??
    NAMES.find((known) => plain(known.toLowerCase()) === plain(key))
  );
}

/** @throws OptionError for what is no name of a score */
export function checkName(owner: string, option: string, name: unknown): ScoringName {
  if (!(NAMES as readonly unknown[]).includes(name)) {
    const near = nearest(String(name));
    const remedy = near !== undefined ? `; did you mean ${near}?` : `; the names are ${list(NAMES, 'and')}`;
    throw new OptionError(`${owner}: ${option} must be the name of a score, got ${show(name)}${remedy}`);
  }
  return name as ScoringName;
}
