import { checkKnown, checkSampleWeight, DataError, readable, runSteps } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedCount,
  savedLabels,
  savedNumber,
  Table,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type GaussianState, type Spread, updateMoments } from './gaussian-moments.ts';
import { Posterior } from './posterior.ts';
import { readPrior, recoded } from './priors.ts';

/** Normal densities of the columns of each class. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface GaussianNBModel<L extends Label = Label> extends FittedGaussianNB<L> {}

export class FittedGaussianNB<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The (weighted) number of rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The shares of the classes [k]. */
  readonly classPrior: Float64Array;
  /** The means [k, d]. */
  readonly theta: Table;
  /** The variances [k, d], with `epsilon`. */
  readonly var: Table;
  /** What was added to the variances: `varSmoothing` times the largest variance of a column. */
  readonly epsilon: number;
  readonly nFeaturesIn: number;

  readonly #state: GaussianState;
  readonly #posterior: Posterior<L, MatrixLike>;

  /** @internal */
  constructor(classes: readonly L[], state: GaussianState) {
    const k = classes.length;
    const d = state.theta.length / k;
    const total = state.classCount.reduce((sum, count) => sum + count, 0);
    this.classes = classes;
    this.classCount = state.classCount.slice();
    this.classPrior =
      state.priors === null ? state.classCount.map((count) => count / total) : Float64Array.from(state.priors);
    this.theta = new Table(state.theta.slice(), k, d);
    this.var = new Table(state.var.slice(), k, d);
    this.epsilon = state.epsilon;
    this.nFeaturesIn = d;
    this.#state = state;
    this.#posterior = new Posterior(
      'GaussianNB',
      classes,
      d,
      { all: (x) => scoreAll(x, constants, state), one: (row, out) => scoreRow(row, 0, constants, state, out, 0) },
      'is too far from all classes: squared distances overflow',
    );
    // log p(c) - ½ Σⱼ log 2π σ²_cj; a class that no row has been of yet has -∞.
    const constants = this.classPrior.map((prior, c) => {
      if (prior === 0 || state.classCount[c] === 0) return Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let at = c * d; at < (c + 1) * d; at++) sum += log(2 * Math.PI * state.var[at]!);
      return log(prior) - sum / 2;
    });
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable class of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): L[] {
    return this.#posterior.predict(x);
  }

  /** The most probable class of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#posterior.predictOne(row);
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    return this.#posterior.proba(x);
  }

  /** Their logarithms [m, k]. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    return this.#posterior.logProba(x);
  }

  /** log p(c) + log p(x | c) [m, k]. Errors as for `predict`. */
  predictJointLogProba(x: MatrixLike): Table {
    return this.#posterior.jointLogProba(x);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#posterior.score(x, y, options);
  }

  /** A model that has seen these rows too: the one that a fit to all rows would give, but for rounding. Errors as for `fit`. */
  update(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): GaussianNBModel<L> {
    checkKnown('GaussianNB', options, ['sampleWeight']);
    const matrix = toMatrix('GaussianNB', x, { columns: this.nFeaturesIn });
    const codes = recoded('GaussianNB', toLabels('GaussianNB', y, matrix.rows), this.classes);
    const weights = checkSampleWeight('GaussianNB', options.sampleWeight, matrix.rows);
    return new FittedGaussianNB(this.classes, runSteps(updateMoments(this.#state, matrix, codes, weights)));
  }

  toJSON(): object {
    const { priors, varSmoothing, epsilon, rows, classCount, theta, var: variance } = this.#state;
    const shape = [this.classes.length, this.nFeaturesIn];
    return {
      ...{ type: 'GaussianNBModel', version: 1, classes: this.classes, priors, varSmoothing, epsilon },
      ...{ classCount: encodeArray(classCount), theta: encodeArray(theta, shape), var: encodeArray(variance, shape) },
      rows: { count: rows.count, mean: encodeArray(rows.mean), squares: encodeArray(rows.squares) },
    };
  }

  toString(): string {
    const shares = Array.from(this.classPrior, (share, c) => `${this.classes[c]} ${Number(share.toPrecision(3))}`);
    return `GaussianNBModel: ${this.nFeaturesIn} columns, classes ${shares.join(', ')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const GaussianNBModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): GaussianNBModel {
    const owner = 'GaussianNBModel.fromJSON';
    const fields = checkSaved('GaussianNBModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes');
    const k = classes.length;
    const array = (name: string, shape: number[]) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: true });
    const theta = array('theta', [k, -1]);
    if (theta.length === 0) throw new DataError(`${owner}: theta must not be empty`);
    if (fields.priors === undefined) throw new DataError(`${owner}: priors must be numbers or null, got undefined`);
    const classCount = array('classCount', [k]);
    const variances = array('var', [k, theta.length / k]);
    const counted = classCount.some((count) => count > 0) && classCount.every((count) => count >= 0);
    if (!counted) throw new DataError(`${owner}: classCount must be ≥ 0, and not all 0`);
    if (variances.some((value, at) => !(value > 0) && classCount[Math.floor((at * k) / variances.length)] !== 0)) {
      throw new DataError(`${owner}: var must be > 0`);
    }
    const priors = asSaved(owner, () => readPrior(owner, 'priors', fields.priors));
    if (priors !== null && priors.length !== k) {
      throw new DataError(`${owner}: priors must be ${k} numbers, got ${priors.length}`);
    }
    return new FittedGaussianNB(classes, {
      priors,
      varSmoothing: savedNumber(owner, fields, 'varSmoothing'),
      epsilon: savedNumber(owner, fields, 'epsilon'),
      rows: savedSpread(owner, fields.rows, theta.length / k),
      classCount,
      theta,
      var: variances,
    });
  },
};

/** How the rows of a saved model spread. @throws DataError */
function savedSpread(owner: string, saved: unknown, d: number): Spread {
  const fields = Object(saved) as Record<string, unknown>;
  const array = (name: string) =>
    decodeArray(owner, `rows.${name}`, fields[name], { dtype: 'float64', shape: [d], finite: true });
  const spread = {
    count: savedCount(owner, fields, 'count', { min: 1 }),
    mean: array('mean'),
    squares: array('squares'),
  };
  if (spread.squares.every((sum) => sum >= 0)) return spread;
  throw new DataError(`${owner}: rows.squares must be ≥ 0`);
}

function scoreAll(x: MatrixLike, constants: Float64Array, state: GaussianState): Float64Array {
  const k = constants.length;
  const d = state.theta.length / k;
  const { data, rows } = toMatrix('GaussianNB', x, { columns: d });
  const out = new Float64Array(rows * k);
  for (let i = 0; i < rows; i++) scoreRow(data as Float64Array, i * d, constants, state, out, i * k);
  return out;
}

/** log p(c) + log p(x | c) of the row at place `at`, to `out` from place `to` on. */
function scoreRow(
  x: Float64Array,
  at: number,
  constants: Float64Array,
  { theta, var: variance }: GaussianState,
  out: Float64Array,
  to: number,
): void {
  const k = constants.length;
  const d = theta.length / k;
  for (let c = 0; c < k; c++) {
    let sum = 0;
    if (constants[c]! > Number.NEGATIVE_INFINITY) {
      for (let j = 0; j < d; j++) {
        const deviation = x[at + j]! - theta[c * d + j]!;
        sum += (deviation * deviation) / variance[c * d + j]!;
      }
    }
    out[to + c] = constants[c]! - sum / 2;
  }
}
