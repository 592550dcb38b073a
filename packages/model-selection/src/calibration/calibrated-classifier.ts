import {
  checkBoolean,
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  OptionError,
  readable,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import {
  accuracyOf,
  answerSteps,
  bestClass,
  type Classifier,
  type ClassifierModel,
  checkSaved,
  codesOf,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedColumns,
  savedLabels,
  savedString,
  Table,
  takeRow,
  toLabels,
} from '@maru-ml/tensor';
import type { LoadOptions } from '../pipeline/pipeline-model.ts';
import { takeItems, takeRowsSteps } from '../rows.ts';
import type { Split, Splitter } from '../splits/split.ts';
import { StratifiedKFold } from '../splits/stratified-k-fold.ts';
import { type AnyEstimator, fitted, goesOn, part } from '../validation/fits.ts';
import { checkData, splitsOf } from '../validation/folds.ts';
import { checkRows, inName, namedError } from './door.ts';
import {
  asClassifier,
  calibratorsOf,
  flatScores,
  joined,
  loadCalibrator,
  type Member,
  probabilities,
  type Scores,
  scorerFor,
  scoresOf,
} from './members.ts';
import type { Sigmoid } from './platt.ts';

export interface CalibratedClassifierOptions {
  /** How scores become probabilities: 'sigmoid' (Platt's two numbers) or 'isotonic' (any rising function); 'sigmoid'. */
  method?: 'sigmoid' | 'isotonic';
  /** The number of stratified folds, a splitter, or the splits themselves; 5. */
  cv?: number | Splitter | Iterable<Split>;
  /**
   * Keep the model of each fold with a calibrator of its own and average their probabilities; else one model of all rows with
   * calibrators of the scores that the folds' models gave; true.
   */
  ensemble?: boolean;
}

export interface CalibrateOptions {
  /** As for `CalibratedClassifier`; 'sigmoid'. */
  method?: 'sigmoid' | 'isotonic';
  /** Weights of the rows [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
}

/**
 * Makes the probabilities of a classifier mean what they say: of rows that get .8, some 80% should be of the class. Scores
 * (`decisionFunction`, else `predictProba`) of rows that a model has not seen are mapped to probabilities, class against rest, which then
 * are made to add up to 1. The sigmoid needs few rows and suits scores that are pushed to the middle, as those of support vectors are;
 * the isotonic function bends freely and needs a thousand rows or more.
 *
 * Cost: a fit for each fold (one more with `ensemble: false`) and O(n log n) for each class.
 *
 * Sources: J. Platt, "Probabilistic outputs for support vector machines", Advances in large margin classifiers (1999); B. Zadrozny and
 * C. Elkan, "Transforming classifier scores into accurate multiclass probability estimates", KDD (2002); A. Niculescu-Mizil and
 * R. Caruana, "Predicting good probabilities with supervised learning", ICML (2005).
 */
export class CalibratedClassifier<X = MatrixLike> implements Classifier<X> {
  readonly options: Readonly<Required<CalibratedClassifierOptions>>;
  /** What is calibrated. */
  readonly estimator: Classifier<X>;

  /** @param estimator a classifier, or a pipeline that ends in one */
  constructor(estimator: Classifier<X>, options: CalibratedClassifierOptions = {}) {
    const owner = 'CalibratedClassifier';
    checkKnown(owner, options, ['method', 'cv', 'ensemble']);
    const { method = 'sigmoid', cv = 5, ensemble = true } = options;
    if (typeof estimator?.fit !== 'function' || typeof estimator.fitAsync !== 'function') {
      throw new OptionError(`${owner}: estimator must be a classifier, got ${show(estimator)}`);
    }
    checkOneOf(owner, 'method', method, ['sigmoid', 'isotonic']);
    checkBoolean(owner, 'ensemble', ensemble);
    this.options = Object.freeze({ method, cv: typeof cv === 'number' ? checkFolds(cv) : cv, ensemble });
    this.estimator = estimator;
    readable(this);
  }

  /**
   * @param x the rows [n, d] @param y their labels [n]
   * @param options.sampleWeight goes to the classifier and to the calibrators
   * @throws DataError for one class, or a class with fewer rows than folds; OptionError for a model that is no classifier; what its fit throws
   */
  fit<L extends Label>(x: X, y: ArrayLike<L>, options: FitOptions = {}): CalibratedClassifierModel<L, X> {
    checkKnown('CalibratedClassifier', options, ['sampleWeight', 'onProgress']);
    return inName('CalibratedClassifier', x, () => runFits(this.#calibrate(x, y, options), options));
  }

  /** @throws the same; the signal's reason if it is aborted */
  async fitAsync<L extends Label>(
    x: X,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<CalibratedClassifierModel<L, X>> {
    checkKnown('CalibratedClassifier', options, ['sampleWeight', 'onProgress', 'signal']);
    try {
      return await runFitsAsync(this.#calibrate(x, y, options), options);
    } catch (error) {
      throw namedError('CalibratedClassifier', x, error);
    }
  }

  toString(): string {
    const { method, cv, ensemble } = this.options;
    return `CalibratedClassifier { ${this.estimator}, method: ${show(method)}, cv: ${typeof cv === 'number' ? cv : show(cv)}, ensemble: ${ensemble} }`;
  }

  *#calibrate<L extends Label>(
    x: X,
    y: ArrayLike<L>,
    { sampleWeight }: FitOptions,
  ): Fits<CalibratedClassifierModel<L, X>> {
    const owner = 'CalibratedClassifier';
    const { method, cv, ensemble } = this.options;
    const rows = checkRows(owner, x);
    yield;
    const { classes, codes } = toLabels(owner, y, rows);
    const weights = checkSampleWeight(owner, sampleWeight, rows);
    checkClasses(owner, classes, codes, typeof cv === 'number' ? cv : 1);
    yield;
    const estimator = this.estimator as unknown as AnyEstimator;
    const splitter = typeof cv === 'number' ? new StratifiedKFold({ nSplits: cv }) : cv;
    const { data } = checkData(owner, x, y, weights ?? undefined);
    yield;
    const splits = yield* splitsOf(owner, splitter, data, undefined, rows);
    yield;
    const members: Member[] = [];
    const held = { scores: [] as Scores[], rows: [] as number[] };
    const total = splits.length + (ensemble ? 0 : 1);
    for (const [fold, { train, test }] of splits.entries()) {
      const seen = yield* part(data, train);
      yield;
      const model = asClassifier(yield* fitted(estimator, seen));
      yield;
      const unseen = yield* takeRowsSteps(data.x, test);
      const scores = flatScores(yield* answerSteps(unseen, test.length, scorerFor(model)), test.length);
      if (ensemble) {
        const itsCodes = takeItems(codes, test) as Int32Array;
        const itsWeights = weights === null ? null : (takeItems(weights, test) as Float64Array);
        const calibrators = yield* calibratorsOf(method, model, scores, classes, itsCodes, itsWeights);
        members.push({ model, calibrators });
      } else {
        checkSame(owner, model.classes, classes, fold);
        held.scores.push(scores);
        held.rows.push(...test);
      }
      yield;
      const progress = { step: fold + 1, total, unit: 'fold', metrics: {} };
      if (!(yield* goesOn(progress)) && fold + 1 < total) {
        if (ensemble) break;
        throw new OptionError(
          `${owner}: onProgress ended it after ${fold + 1} of ${total} fits; without ensemble all are needed`,
        );
      }
    }
    if (!ensemble) {
      const model = asClassifier(yield* fitted(estimator, data));
      const itsCodes = takeItems(codes, held.rows) as Int32Array;
      const itsWeights = weights === null ? null : (takeItems(weights, held.rows) as Float64Array);
      const scores = joined(held.scores);
      const calibrators = yield* calibratorsOf(method, model, scores, classes, itsCodes, itsWeights);
      members.push({ model, calibrators });
      yield* goesOn({ step: total, total, unit: 'fold', metrics: {} });
    }
    return new CalibratedClassifierModel<L, X>(classes, method, members, members[0]!.model.nFeaturesIn);
  }
}

/**
 * Calibrates a model that is fitted already, by rows that it has not seen (those it was fitted with would make it look too sure).
 *
 * @param model a classifier's model @param x the rows [n, d] @param y their labels [n], all of which the model must know
 * @throws OptionError for a model that is no classifier, DataError for labels that it does not know
 */
export function calibrate<L extends Label, X>(
  model: ClassifierModel<L, X>,
  x: X,
  y: ArrayLike<L>,
  options: CalibrateOptions = {},
): CalibratedClassifierModel<L, X> {
  const owner = 'calibrate';
  checkKnown(owner, options, ['method', 'sampleWeight']);
  const { method = 'sigmoid', sampleWeight } = options;
  checkOneOf(owner, 'method', method, ['sigmoid', 'isotonic']);
  const known = asClassifier(model);
  const { classes } = model;
  const rows = checkRows(owner, x, model.nFeaturesIn);
  const codes = codesOf(owner, y, rows, classes);
  const unknown = codes.indexOf(-1);
  if (unknown >= 0) {
    throw new DataError(`${owner}: y[${unknown}] is ${show(y[unknown])}, which the model does not know`);
  }
  if (classes.length < 2) throw new DataError(`${owner}: the model must know at least two classes, got one`);
  const weights = checkSampleWeight(owner, sampleWeight, rows);
  const scores = inName(owner, x, () => scoresOf(known, x, rows));
  const calibrators = runFits(calibratorsOf(method, known, scores, classes, codes, weights), {});
  return new CalibratedClassifierModel<L, X>(classes, method, [{ model: known, calibrators }], model.nFeaturesIn);
}

/** A classifier with calibrated probabilities. It is made by `fit`, `calibrate` or `fromJSON` and does not change. */
export class CalibratedClassifierModel<L extends Label = Label, X = MatrixLike> implements ClassifierModel<L, X> {
  readonly classes: readonly L[];
  readonly nFeaturesIn: number;
  readonly method: 'sigmoid' | 'isotonic';
  /** The models whose probabilities are averaged: one for each fold of an ensemble. */
  readonly models: readonly ClassifierModel<L, X>[];
  /** The sigmoids P = 1 / (1 + e^(a · score + b)) of each model, one for each class or one for two classes; undefined if isotonic. */
  readonly sigmoids: readonly (readonly Sigmoid[])[] | undefined;
  readonly #members: readonly Member[];

  /** @internal */
  constructor(classes: readonly L[], method: 'sigmoid' | 'isotonic', members: readonly Member[], nFeaturesIn: number) {
    this.classes = classes;
    this.method = method;
    this.nFeaturesIn = nFeaturesIn;
    this.models = Object.freeze(members.map(({ model }) => model as unknown as ClassifierModel<L, X>));
    this.sigmoids =
      method === 'isotonic' ? undefined : Object.freeze(members.map(({ calibrators }) => calibrators as Sigmoid[]));
    this.#members = members;
    readable(this);
    Object.freeze(this);
  }

  /** The class of the largest probability of each row, which may differ from that of the classifier itself. */
  predict(x: X): L[] {
    const { data, shape } = this.predictProba(x);
    const k = this.classes.length;
    return Array.from({ length: shape[0] }, (_, i) => this.classes[bestClass(data, i * k, k)]!);
  }

  /** The class of one row. It allocates, as classifiers give scores of tables only. */
  predictOne(row: ArrayLike<number>): L {
    const values = new Float64Array(this.nFeaturesIn);
    takeRow('CalibratedClassifier', row, values, true);
    try {
      return this.predict({ data: values, shape: [1, values.length] } as unknown as X)[0]!;
    } catch (error) {
      takeRow('CalibratedClassifier', row, values);
      throw error;
    }
  }

  /** Calibrated probabilities [n, k]. */
  predictProba(x: X): Table {
    const owner = 'CalibratedClassifier';
    const n = checkRows(owner, x, this.nFeaturesIn);
    const k = this.classes.length;
    const out = new Float64Array(n * k);
    for (const member of this.#members) {
      const own = inName(owner, x, () => probabilities(member, this.classes, x, n));
      for (let at = 0; at < out.length; at++) out[at]! += own[at]! / this.#members.length;
    }
    // Means of shares can exceed 1 by rounding.
    for (let at = 0; at < out.length; at++) if (out[at]! > 1) out[at] = 1;
    return new Table(out, n, k);
  }

  /** The share of rows that are predicted right. */
  score(x: X, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    const owner = 'CalibratedClassifier';
    checkKnown(owner, options, ['sampleWeight']);
    const { data, shape } = this.predictProba(x);
    const [n, k] = shape;
    const weights = checkSampleWeight(owner, options.sampleWeight, n);
    const predicted = Int32Array.from({ length: n }, (_, i) => bestClass(data, i * k, k));
    return accuracyOf(predicted, codesOf(owner, y, n, this.classes), weights);
  }

  toJSON(): object {
    return {
      type: 'CalibratedClassifierModel',
      version: 1,
      classes: this.classes,
      method: this.method,
      nFeaturesIn: this.nFeaturesIn,
      members: this.#members.map(({ model, calibrators }) => ({
        model: model.toJSON(),
        calibrators: calibrators.map((one) => ('a' in one ? one : { x: encodeArray(one.x), y: encodeArray(one.y) })),
      })),
    };
  }

  /**
   * The model that `toJSON` wrote.
   *
   * @param options.classes the class of the classifier's model by name, as for `PipelineModel.fromJSON`
   * @throws DataError if it is no such model, OptionError if the class is missing
   */
  static fromJSON<L extends Label = Label, X = MatrixLike>(
    json: unknown,
    options?: LoadOptions,
  ): CalibratedClassifierModel<L, X>;
  static fromJSON(json: unknown, options?: LoadOptions): CalibratedClassifierModel;
  static fromJSON<L extends Label, X>(json: unknown, options?: LoadOptions): CalibratedClassifierModel<L, X> {
    const owner = 'CalibratedClassifierModel.fromJSON';
    const fields = checkSaved('CalibratedClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const method = savedString(owner, fields, 'method', ['sigmoid', 'isotonic']);
    const { members } = fields;
    if (!Array.isArray(members) || members.length === 0) {
      throw new DataError(`${owner}: members must be an array of saved models, got ${show(members)}`);
    }
    const loaded = members.map((member: { model?: unknown; calibrators?: unknown }) => {
      const { type } = Object(member?.model) as { type?: unknown };
      if (typeof type !== 'string' || !Array.isArray(member.calibrators)) {
        throw new DataError(`${owner}: members must hold a model and calibrators, got ${show(member)}`);
      }
      if (!Object.hasOwn(options?.classes ?? {}, type)) {
        throw new OptionError(
          `${owner}: the class of the model, ${type}, is missing; give it as { classes: { ${type} } }`,
        );
      }
      const model = asClassifier(options!.classes[type]!.fromJSON(member.model, options));
      const wanted = model.classes.length === 2 ? 1 : model.classes.length;
      if (member.calibrators.length !== wanted || !model.classes.every((label) => classes.includes(label as L))) {
        throw new DataError(
          `${owner}: a model of ${model.classes.length} classes has ${member.calibrators.length} calibrators`,
        );
      }
      return { model, calibrators: member.calibrators.map((saved: unknown) => loadCalibrator(owner, method, saved)) };
    });
    return new CalibratedClassifierModel<L, X>(classes, method, loaded, savedColumns(owner, fields));
  }

  toString(): string {
    const count = this.models.length;
    const what = `${count} ${count === 1 ? 'model' : 'models'}`;
    return `CalibratedClassifierModel: ${this.classes.length} classes, ${this.method}, ${what}\n  ${String(this.models[0]).split('\n')[0]}`;
  }
}

function checkFolds(cv: number): number {
  if (Number.isInteger(cv) && cv >= 2) return cv;
  throw new OptionError(`CalibratedClassifier: cv must be an integer ≥ 2, a splitter or splits, got ${cv}`);
}

function checkClasses(owner: string, classes: readonly Label[], codes: Int32Array, folds: number): void {
  if (classes.length < 2) throw new DataError(`${owner}: y must have at least two classes, got one`);
  for (const [code, label] of classes.entries()) {
    const count = codes.filter((c) => c === code).length;
    if (count >= folds) continue;
    throw new DataError(
      `${owner}: cv is ${folds}, but the label ${show(label)} has only ${count} ${count === 1 ? 'row' : 'rows'}`,
    );
  }
}

function checkSame(owner: string, own: readonly Label[], classes: readonly Label[], fold: number): void {
  if (own.length === classes.length) return;
  throw new DataError(
    `${owner}: the training rows of fold ${fold} hold ${own.length} of ${classes.length} classes; use folds that hold all`,
  );
}
