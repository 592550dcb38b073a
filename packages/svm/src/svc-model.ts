import { checkKnown, checkSampleWeight, counted, DataError, readable } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Label,
  labelsAt,
  type MatrixLike,
  type ScoreOptions,
  savedBoolean,
  savedCount,
  savedLabels,
  savedString,
  Table,
  toMatrix,
} from '@maru-ml/tensor';
import type { LoadOptions } from './kernel.ts';
import { KernelMachine } from './kernel-machine.ts';
import { pairsOf, runsOf } from './pairs.ts';
import { couple, type Sigmoid, sideProbability } from './platt.ts';
import { savedKernel, savedMachine, saveKernel } from './saved.ts';
import type { SvcFit } from './svc-fit.ts';
import { describeEnd } from './text.ts';

/** The machines that `SVC` found. It is made by `fit` or `fromJSON` and does not change. */
export interface SVCModel<L extends Label = Label> extends FittedSVC<L> {}

export class FittedSVC<L extends Label = Label> implements ClassifierModel<L>, IterativeModel {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** Places of the support vectors in the rows that it was fitted with [s], class by class. */
  readonly support: Int32Array;
  /** How many each class has [k]. */
  readonly nSupport: Int32Array;
  /** The support vectors [s, d]; [0, n] for 'precomputed'. */
  readonly supportVectors: Table;
  /**
   * The coefficients βᵢ = yᵢ αᵢ [k - 1, s]. A support vector of class a has its coefficient against class b in row b for b < a and in
   * row b - 1 for b > a. For two classes they are positive for the second; for more, in the machine of classes a < b, for a.
   */
  readonly dualCoef: Table;
  /** b of each pair of classes (0, 1), (0, 2), …, (1, 2), … [k (k - 1) / 2]. */
  readonly intercept: Float64Array;
  /** The width 2 / ‖w‖ of the margin of each pair [k (k - 1) / 2], measured in the space of φ; ∞ where ‖w‖² is not above 0. */
  readonly margin: Float64Array;
  /** w of each pair [k (k - 1) / 2, d] for the kernel 'linear', else undefined. */
  readonly coef: Table | undefined;
  /** What `decisionFunction` gives for three classes or more: a score a class, or one a pair of classes. */
  readonly decisionFunctionShape: 'ovr' | 'ovo';
  /** Iterations of all machines. */
  readonly nIter: number;
  /** Whether all machines came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  /** The probabilities of the classes [m, k], with `probability`; undefined without. Errors as for `predict`. */
  readonly predictProba?: (x: MatrixLike) => Table;
  /** Their logarithms [m, k], where there are probabilities. */
  readonly predictLogProba?: (x: MatrixLike) => Table;
  readonly #fit: SvcFit<L>;
  readonly #machine: KernelMachine;
  /** Votes and scores of one row [k], so that predictOne need not allocate. */
  readonly #votes: Float64Array;
  readonly #scores: Float64Array;
  readonly #pairs: readonly (readonly [number, number])[];

  /** @internal */
  constructor(fit: SvcFit<L>) {
    const { classes, support, vectors, dualCoef, intercept, kernel, d } = fit;
    const s = support.length;
    this.classes = classes;
    this.support = support.slice();
    this.nSupport = fit.nSupport.slice();
    this.supportVectors = new Table(vectors.slice(), vectors.length / d, d);
    this.dualCoef = new Table(dualCoef.slice(), classes.length - 1, s);
    this.intercept = intercept.slice();
    this.margin = fit.margin.slice();
    this.decisionFunctionShape = fit.decisionFunctionShape;
    this.nIter = fit.nIter;
    this.converged = fit.converged;
    this.nFeaturesIn = d;
    this.#fit = fit;
    this.#votes = new Float64Array(classes.length);
    this.#scores = new Float64Array(classes.length);
    this.#pairs = pairsOf(classes.length);
    const runs = runsOf(fit.nSupport);
    this.#machine = new KernelMachine('SVC', { kernel, d, support, vectors, coef: dualCoef, runs, intercept });
    const { weights } = this.#machine;
    this.coef = weights === null ? undefined : new Table(weights.slice(), intercept.length, d);
    if (fit.sigmoids !== null) {
      this.predictProba = (x) => this.#probabilities(x, (p) => p);
      this.predictLogProba = (x) => this.#probabilities(x, Math.log);
    }
    readable(this);
    Object.freeze(this);
  }

  /**
   * The label of each row of `x` [m, d] that most machines vote for, of equals the first (see `breakTies`).
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): L[] {
    return labelsAt(this.#codes(x), this.classes);
  }

  /** The label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.classes[this.#decide(this.#machine.answerOne(row), 0)]!;
  }

  /**
   * For two classes the answers w·φ(x) + b [m], positive for the second. For more, with 'ovo', those of each pair
   * [m, k (k - 1) / 2], positive for the first of the pair; with 'ovr' the votes for each class and, within a third of a vote, how sure they are [m, k].
   * Errors as for `predict`.
   */
  decisionFunction(x: MatrixLike): Table | Float64Array {
    const answers = this.#answers(x);
    const [k, pairs] = [this.classes.length, this.intercept.length];
    const m = answers.length / pairs;
    if (k === 2) return answers;
    if (this.decisionFunctionShape === 'ovo') return new Table(answers, m, pairs);
    const out = new Float64Array(m * k);
    for (let i = 0; i < m; i++) {
      this.#classScores(answers, i * pairs);
      out.set(this.#scores, i * k);
    }
    return new Table(out, m, k);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown('SVC', options, ['sampleWeight']);
    const codes = this.#codes(x);
    const weights = checkSampleWeight('SVC', options.sampleWeight, codes.length);
    return accuracyOf(codes, codesOf('SVC', y, codes.length, this.classes), weights);
  }

  toJSON(): object {
    const { classes, kernel, d, support, nSupport, vectors, dualCoef, intercept, margin, sigmoids } = this.#fit;
    return {
      type: 'SVCModel',
      version: 1,
      classes,
      kernel: saveKernel(kernel),
      nFeaturesIn: d,
      support: encodeArray(support),
      nSupport: encodeArray(nSupport),
      supportVectors: encodeArray(vectors, [vectors.length / d, d]),
      dualCoef: encodeArray(dualCoef, [classes.length - 1, support.length]),
      intercept: encodeArray(intercept),
      margin: encodeArray(margin),
      sigmoids: sigmoids === null ? null : encodeArray(Float64Array.from(sigmoids.flatMap(({ a, b }) => [a, b]))),
      decisionFunctionShape: this.decisionFunctionShape,
      breakTies: this.#fit.breakTies,
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    const shown = this.nSupport.length > 10 ? '' : ` (${this.nSupport.join(', ')})`;
    return (
      `SVCModel: ${this.classes.length} classes, ${counted(this.nFeaturesIn, 'column')}, kernel '${this.#fit.kernel.name}', ` +
      `${counted(this.support.length, 'support vector')}${shown}, ${describeEnd(this)}`
    );
  }

  /** The answers of all machines [m, pairs]. */
  #answers(x: MatrixLike): Float64Array {
    return this.#machine.answer(toMatrix('SVC', x, { columns: this.nFeaturesIn }));
  }

  #codes(x: MatrixLike): Int32Array {
    const answers = this.#answers(x);
    const pairs = this.intercept.length;
    const codes = new Int32Array(answers.length / pairs);
    for (let i = 0; i < codes.length; i++) codes[i] = this.#decide(answers, i * pairs);
    return codes;
  }

  /** The class that the answers from `at` on are for. */
  #decide(answers: Float64Array, at: number): number {
    const k = this.classes.length;
    if (k === 2) return answers[at]! > 0 ? 1 : 0;
    if (this.#fit.breakTies && this.decisionFunctionShape === 'ovr') {
      this.#classScores(answers, at);
      return bestClass(this.#scores, 0, k);
    }
    const votes = this.#votes;
    votes.fill(0);
    for (let p = 0; p < this.#pairs.length; p++) {
      const [a, b] = this.#pairs[p]!;
      votes[answers[at + p]! > 0 ? a : b]! += 1;
    }
    return bestClass(votes, 0, k);
  }

  /** Votes and, within (-1/3, 1/3), the sums of the answers for each class, to `#scores`. */
  #classScores(answers: Float64Array, at: number): void {
    const [votes, scores] = [this.#votes, this.#scores];
    votes.fill(0);
    scores.fill(0);
    for (let p = 0; p < this.#pairs.length; p++) {
      const [a, b] = this.#pairs[p]!;
      const answer = answers[at + p]!;
      votes[answer >= 0 ? a : b]! += 1;
      scores[a]! += answer;
      scores[b]! -= answer;
    }
    for (let c = 0; c < votes.length; c++) scores[c] = votes[c]! + scores[c]! / (3 * (Math.abs(scores[c]!) + 1));
  }

  #probabilities(x: MatrixLike, map: (p: number) => number): Table {
    const sigmoids = this.#fit.sigmoids!;
    const answers = this.#answers(x);
    const [k, pairs] = [this.classes.length, sigmoids.length];
    const m = answers.length / pairs;
    const out = new Float64Array(m * k);
    const each = new Float64Array(k * k);
    for (let i = 0; i < m; i++) {
      const p = out.subarray(i * k, (i + 1) * k);
      if (k === 2) {
        p[1] = sideProbability(sigmoids[0]!, answers[i]!);
        p[0] = 1 - p[1]!;
      } else {
        for (const [pair, [a, b]] of this.#pairs.entries()) {
          const probability = sideProbability(sigmoids[pair]!, answers[i * pairs + pair]!);
          each[a * k + b] = probability;
          each[b * k + a] = 1 - probability;
        }
        couple(each, k, p);
      }
      for (let c = 0; c < k; c++) p[c] = map(p[c]!);
    }
    return new Table(out, m, k);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SVCModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's kernel by name, if it was one
   * @throws DataError if it is none, OptionError if a kernel is missing
   */
  fromJSON<L extends Label = Label>(json: unknown, { functions = {} }: LoadOptions = {}): SVCModel<L> {
    const owner = 'SVCModel.fromJSON';
    const fields = checkSaved('SVCModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const k = classes.length;
    const pairs = (k * (k - 1)) / 2;
    const kernel = savedKernel(owner, fields, functions);
    const machine = savedMachine(owner, fields, kernel);
    const s = machine.support.length;
    // A machine without w, such as one that was never started, has a margin without end.
    const margin = decodeArray(owner, 'margin', fields.margin, { dtype: 'float64', shape: [pairs] });
    if (!margin.every((width) => width > 0)) throw new DataError(`${owner}: margin must be > 0`);
    const nSupport = decodeArray(owner, 'nSupport', fields.nSupport, { dtype: 'int32', shape: [k] });
    if (k < 2 || nSupport.some((count) => count < 0) || nSupport.reduce((sum, count) => sum + count, 0) !== s) {
      throw new DataError(`${owner}: classes, nSupport and support do not fit together`);
    }
    return new FittedSVC<L>({
      classes,
      kernel,
      ...machine,
      nSupport,
      dualCoef: decodeArray(owner, 'dualCoef', fields.dualCoef, { dtype: 'float64', shape: [k - 1, s], finite: true }),
      intercept: decodeArray(owner, 'intercept', fields.intercept, { dtype: 'float64', shape: [pairs], finite: true }),
      margin,
      sigmoids: savedSigmoids(owner, fields, pairs),
      decisionFunctionShape: savedString(owner, fields, 'decisionFunctionShape', ['ovr', 'ovo']),
      breakTies: savedBoolean(owner, fields, 'breakTies'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};

function savedSigmoids(owner: string, fields: Record<string, unknown>, pairs: number): Sigmoid[] | null {
  if (fields.sigmoids === null) return null;
  const flat = decodeArray(owner, 'sigmoids', fields.sigmoids, { dtype: 'float64', shape: [2 * pairs], finite: true });
  return Array.from({ length: pairs }, (_, p) => ({ a: flat[2 * p]!, b: flat[2 * p + 1]! }));
}
