import { type CrossValidation, crossValidate, permutationImportance, selectRows } from '@maru-ml/model-selection';
import type { Columns, Label, Table } from '@maru-ml/tensor';
import type { Plan, Rival, Run, Score } from './calls.ts';
import { choicesOf } from './menu.ts';
import { type AnyModel, estimatorOf, foldsOf, type Study } from './study.ts';

/** The scores of each task, the one to compare by first. Losses are told without the minus that makes higher better. */
const SCORES = {
  classes: [
    ['accuracy', 'accuracy', 'share of rows that are right'],
    ['balancedAccuracy', 'balanced accuracy', 'the same, every class counting alike'],
    ['f1Macro', 'F1', 'precision and recall of the classes, their mean'],
    ['rocAucOvr', 'AUC', 'area below the ROC curve'],
    ['negLogLoss', 'log loss', 'surprise at the true class; less is better'],
  ],
  number: [
    ['r2', 'R²', 'share of the variance that is explained'],
    ['negRootMeanSquaredError', 'RMSE', 'usual error; less is better'],
    ['negMeanAbsoluteError', 'MAE', 'mean error; less is better'],
  ],
} as const;

/** What a score has to know: that of a class that a fold may lack is not defined. */
function scoresFor({ task }: Plan, y: readonly Label[]) {
  const counts = new Map<Label, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  const rare = Math.min(...counts.values()) < 5;
  return SCORES[task].filter(([name]) => !rare || (name !== 'rocAucOvr' && name !== 'negLogLoss'));
}

/** Fits the plan's estimator in each of five folds, and scores it on the rows that it has not seen. */
export async function validate(study: Study, plan: Plan, { signal, tell }: Run): Promise<CrossValidation<AnyModel>> {
  return crossValidate(estimatorOf(plan), study.x, study.y, {
    cv: foldsOf(plan),
    scoring: scoresFor(plan, study.y).map(([name]) => name),
    returnModels: true,
    signal,
    onProgress: ({ step, total = 5 }) => tell({ text: `Fold ${step} of ${total} is scored`, done: step, total }),
  });
}

/** Means and spreads over the folds. */
export function scoresOf({ testScores }: CrossValidation<AnyModel>, { task }: Plan): Score[] {
  return SCORES[task].flatMap(([name, label, about]) => {
    const values = testScores[name];
    if (values === undefined) return [];
    const { mean, std } = spread(values);
    return [{ label, about, mean: name.startsWith('neg') ? -mean : mean, std }];
  });
}

function spread(values: Float64Array): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** What each row's model, which has not seen it, says of it: an answer, and the probabilities of classes. */
export function answersOf({ models, splits }: CrossValidation<AnyModel>, { x, y }: Study, classes: readonly Label[]) {
  const answers = new Array<Label>(y.length);
  const probabilities = y.map(() => new Float64Array(classes.length));
  for (const [fold, { test }] of splits.entries()) {
    const model = models![fold]!;
    const rows = selectRows(x, test);
    const found = model.predict(rows);
    const table = 'predictProba' in model ? (model.predictProba as (x: Columns) => Table)(rows).toArray() : [];
    for (const [i, row] of test.entries()) {
      answers[row] = found[i]!;
      for (const [c, label] of ('classes' in model ? model.classes : []).entries()) {
        probabilities[row]![classes.indexOf(label)] = table[i]![c]!;
      }
    }
  }
  return { answers, probabilities };
}

/** The features, those that matter most first. */
export interface Importance {
  readonly features: readonly string[];
  readonly means: readonly number[];
  /** The standard deviations over the folds. */
  readonly stds: readonly number[];
}

/** How much each fold's model loses on rows that it has not seen, at most 200 of them, when a column is shuffled. */
export async function importanceOf(
  { models, splits }: CrossValidation<AnyModel>,
  { x, y }: Study,
  { task, features }: Plan,
  { signal, tell }: Run,
): Promise<Importance> {
  const scoring = SCORES[task][0][0];
  const losses: Float64Array[] = [];
  for (const [fold, { test }] of splits.entries()) {
    const rows = test.slice(0, 200);
    const targets = Array.from(rows, (row) => y[row]!);
    const found = await permutationImportance(models![fold]!, selectRows(x, rows), targets, {
      ...{ scoring, nRepeats: 2, seed: fold, signal },
      onProgress: ({ step, total = step }) =>
        tell({
          text: `Shuffling columns, fold ${fold + 1} of ${splits.length}`,
          done: fold * total + step,
          total: splits.length * total,
        }),
    });
    losses.push(found.importancesMean);
  }
  const found = features.map((feature, j) => ({ feature, ...spread(Float64Array.from(losses, (loss) => loss[j]!)) }));
  found.sort((a, b) => b.mean - a.mean);
  return {
    features: found.map(({ feature }) => feature),
    means: found.map(({ mean }) => mean),
    stds: found.map(({ std }) => std),
  };
}

/** The first score of every model there is for the task, with its usual settings; the best first. */
export async function compare(study: Study, plan: Plan, run: Run): Promise<Rival[]> {
  const choices = Object.entries(choicesOf(plan.task));
  const [[scoring, score]] = SCORES[plan.task];
  const rivals: Rival[] = [];
  for (const [place, [model, { label, knob }]] of choices.entries()) {
    run.tell({ text: label, done: place, total: choices.length });
    const estimator = estimatorOf({ ...plan, model, value: knob?.start ?? 0 });
    let rival: Rival;
    try {
      const options = { cv: foldsOf(plan), scoring, signal: run.signal };
      const { testScore, fitTime } = await crossValidate(estimator, study.x, study.y, options);
      rival = { label, score, ...spread(testScore), milliseconds: spread(fitTime).mean, error: null };
    } catch (error) {
      run.signal.throwIfAborted();
      rival = { label, score, mean: 0, std: 0, milliseconds: 0, error: (error as Error).message };
    }
    rivals.push(rival);
    run.tell({ text: label, done: place + 1, total: choices.length, rival });
  }
  return rivals.sort((a, b) => b.mean - a.mean);
}
