import { checkKnown, checkSampleWeight, DataError } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  codesOf,
  type Label,
  labelsAt,
  type ScoreOptions,
  Table,
  takeRow,
  toLogProbabilities,
  toProbabilities,
} from '@maru-ml/tensor';

/** How a model scores rows: with log p(c) + log p(x | c), up to what all classes of a row share. */
export interface JointScores<X> {
  /** The scores of the rows of x [n, k]; x is checked. */
  all(x: X): Float64Array;
  /** The scores of one checked row, into `out` [k], without allocating. */
  one(row: Float64Array, out: Float64Array): void;
}

/** Bayes' rule for all models: p(c | x) = p(c) p(x | c) / Σ p(c) p(x | c), and the class of the largest. */
export class Posterior<L extends Label, X> {
  readonly #owner: string;
  readonly #classes: readonly L[];
  readonly #joint: JointScores<X>;
  /** What to say of a row that no class can have made. */
  readonly #impossible: string;
  /** Where predictOne works, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #scores: Float64Array;

  constructor(owner: string, classes: readonly L[], columns: number, joint: JointScores<X>, impossible: string) {
    this.#owner = owner;
    this.#classes = classes;
    this.#joint = joint;
    this.#impossible = impossible;
    this.#row = new Float64Array(columns);
    this.#scores = new Float64Array(classes.length);
  }

  predict(x: X): L[] {
    return labelsAt(this.#best(this.#checked(x)), this.#classes);
  }

  predictOne(row: ArrayLike<number>): L {
    takeRow(this.#owner, row, this.#row);
    this.#joint.one(this.#row, this.#scores);
    const best = bestClass(this.#scores, 0, this.#classes.length);
    if (!(this.#scores[best]! > Number.NEGATIVE_INFINITY)) throw this.#error('the row');
    return this.#classes[best]!;
  }

  jointLogProba(x: X): Table {
    const scores = this.#checked(x);
    return new Table(scores, scores.length / this.#classes.length, this.#classes.length);
  }

  proba(x: X): Table {
    const table = this.jointLogProba(x);
    toProbabilities(table.data as Float64Array, ...table.shape);
    return table;
  }

  logProba(x: X): Table {
    const table = this.jointLogProba(x);
    toLogProbabilities(table.data as Float64Array, ...table.shape);
    return table;
  }

  score(x: X, y: ArrayLike<L>, options: ScoreOptions): number {
    checkKnown(this.#owner, options, ['sampleWeight']);
    const scores = this.#checked(x);
    const n = scores.length / this.#classes.length;
    const codes = codesOf(this.#owner, y, n, this.#classes);
    const weights = checkSampleWeight(this.#owner, options.sampleWeight, n);
    return accuracyOf(this.#best(scores), codes, weights);
  }

  /** The place of the most probable class of each row. */
  #best(scores: Float64Array): Int32Array {
    const k = this.#classes.length;
    const codes = new Int32Array(scores.length / k);
    for (let i = 0; i < codes.length; i++) codes[i] = bestClass(scores, i * k, k);
    return codes;
  }

  #checked(x: X): Float64Array {
    const scores = this.#joint.all(x);
    const k = this.#classes.length;
    for (let at = 0; at < scores.length; at += k) {
      const best = scores[at + bestClass(scores, at, k)]!;
      if (!(best > Number.NEGATIVE_INFINITY && best < Number.POSITIVE_INFINITY)) throw this.#error(`x[${at / k}]`);
    }
    return scores;
  }

  #error(place: string): DataError {
    return new DataError(`${this.#owner}: ${place} ${this.#impossible}`);
  }
}
