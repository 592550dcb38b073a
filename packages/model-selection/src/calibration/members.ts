import { DataError, OptionError, show } from '@maru-ml/base';
import { type ClassifierModel, decodeArray, type Label, savedNumber, type Table } from '@maru-ml/tensor';
import { scoresPairs } from '../scores-pairs.ts';
import { interpolated, isotonicCorners } from './isotonic.ts';
import { fitSigmoid, type Sigmoid, sigmoidOf } from './platt.ts';

// A classifier's model with what turns its scores into probabilities.

/** Turns a score into a probability. */
export type Calibrator = Sigmoid | { readonly x: Float64Array; readonly y: Float64Array };

/** A model with a calibrator for each column of its scores, in the order of its own classes; one for two classes. */
export interface Member {
  readonly model: ClassifierModel<Label, never>;
  readonly calibrators: readonly Calibrator[];
}

/** @throws OptionError for what has no classes or no scores of them */
export function asClassifier(model: unknown): Member['model'] {
  const { classes, decisionFunction, predictProba } = Object(model) as Partial<ClassifierModel>;
  const scores = typeof decisionFunction === 'function' || typeof predictProba === 'function';
  if (scoresPairs(model)) {
    throw new OptionError(
      `CalibratedClassifier: decisionFunctionShape of ${show(model)} must be 'ovr', a score a class, got 'ovo'`,
    );
  }
  if (Array.isArray(classes) && scores) return model as Member['model'];
  throw new OptionError(
    `CalibratedClassifier: the model must have classes and decisionFunction or predictProba, got ${show(model)}`,
  );
}

/** Scores [n, c], c being 1 for two classes. */
export interface Scores {
  readonly data: ArrayLike<number>;
  readonly n: number;
  readonly columns: number;
}

/** What gives the scores of rows: `decisionFunction`, or else probabilities, of two classes those of the second. */
export function scorerFor(model: Member['model']): (x: never) => Table | Float64Array {
  if (typeof model.decisionFunction === 'function') return (x) => model.decisionFunction!(x);
  return (x) => {
    const proba = model.predictProba!(x);
    const [n, k] = proba.shape;
    return k === 2 ? new Float64Array(n).map((_, i) => proba.data[2 * i + 1]!) : proba;
  };
}

/** The scores of n rows in flat form. */
export function flatScores(answer: Table | Float64Array, n: number): Scores {
  return 'shape' in answer ? { data: answer.data, n, columns: answer.shape[1] } : { data: answer, n, columns: 1 };
}

/** The scores of n rows. */
export function scoresOf(model: Member['model'], x: unknown, n: number): Scores {
  return flatScores(scorerFor(model)(x as never), n);
}

/** The scores of several parts of the rows, one after the other. */
export function joined(all: readonly Scores[]): Scores {
  const columns = all[0]!.columns;
  const data = all.flatMap((scores) => Array.from(scores.data));
  return { data, n: data.length / columns, columns };
}

/** A calibrator for each column of the scores, of the class against the rest. It pauses where that can take long. */
export function* calibratorsOf(
  method: 'sigmoid' | 'isotonic',
  model: Member['model'],
  { data, n, columns }: Scores,
  classes: readonly Label[],
  codes: Int32Array,
  weights: Float64Array | null,
): Generator<undefined, Calibrator[], unknown> {
  if (weights?.every((weight) => weight === 0)) {
    throw new DataError(
      'CalibratedClassifier: the rows to calibrate by all weigh 0; use folds whose test rows weigh something',
    );
  }
  const calibrators: Calibrator[] = [];
  for (let c = 0; c < columns; c++) {
    yield;
    const label = model.classes[columns === 1 ? model.classes.length - 1 : c]!;
    const code = classes.indexOf(label);
    const scores = new Float64Array(n).map((_, i) => data[i * columns + c]!);
    const odd = scores.findIndex((score) => !Number.isFinite(score));
    if (odd >= 0)
      throw new DataError(
        `CalibratedClassifier: ${show(model)} gives a score of ${scores[odd]}, which cannot be calibrated`,
      );
    const positive = new Float64Array(codes).map((own) => (own === code ? 1 : 0));
    yield;
    calibrators.push(
      method === 'sigmoid'
        ? yield* fitSigmoid(scores, positive, weights)
        : yield* isotonicCorners(scores, positive, weights),
    );
  }
  return calibrators;
}

/** The probabilities [n, k] of one member, in the order of all classes. */
export function probabilities(
  { model, calibrators }: Member,
  classes: readonly Label[],
  x: unknown,
  n: number,
): Float64Array {
  const k = classes.length;
  const { data, columns } = scoresOf(model, x, n);
  const out = new Float64Array(n * k);
  for (let c = 0; c < columns; c++) {
    const calibrator = calibrators[c]!;
    const at = classes.indexOf(model.classes[columns === 1 ? model.classes.length - 1 : c]!);
    for (let i = 0; i < n; i++) {
      const score = data[i * columns + c]!;
      const p = 'a' in calibrator ? sigmoidOf(calibrator, score) : interpolated(calibrator.x, calibrator.y, score);
      out[i * k + at] = p;
    }
  }
  for (let i = 0; i < n; i++) {
    if (model.classes.length === 2) {
      const [first, second] = model.classes.map((label) => classes.indexOf(label)) as [number, number];
      out[i * k + first] = 1 - out[i * k + second]!;
      continue;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) sum += out[i * k + c]!;
    // Where every class is ruled out, none is more likely than another.
    for (let c = 0; c < k; c++) out[i * k + c] = sum === 0 ? 1 / k : out[i * k + c]! / sum;
  }
  return out;
}

/** A calibrator of a model's JSON form. @throws DataError for what is none */
export function loadCalibrator(owner: string, method: 'sigmoid' | 'isotonic', saved: unknown): Calibrator {
  const fields = Object(saved) as Record<string, unknown>;
  if (method === 'sigmoid') return { a: savedNumber(owner, fields, 'a'), b: savedNumber(owner, fields, 'b') };
  const x = decodeArray(owner, 'x', fields.x, { dtype: 'float64', shape: [-1], finite: true });
  if (x.length === 0) throw new DataError(`${owner}: a calibrator has no corners`);
  return { x, y: decodeArray(owner, 'y', fields.y, { dtype: 'float64', shape: [x.length], finite: true }) };
}
