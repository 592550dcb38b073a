import { counted, DataError, readable, runSteps } from '@maru-ml/base';
import { squaredDistance } from '@maru-ml/kernels/kmeans';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type PredictingClusterModel,
  savedBoolean,
  savedCount,
  savedNumber,
  Table,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { checkMembership, join } from './fuzzy-steps.ts';
import { type Membership, takeMemberships } from './membership.ts';
import { savedFloats } from './saved.ts';
import { digits, sizesOf } from './text.ts';

/** What a fit found out. */
export interface FuzzyFit {
  membership: Membership;
  centers: Float64Array;
  memberships: Float64Array;
  columns: number;
  objectives: Float64Array;
  nIter: number;
  converged: boolean;
}

/** The clusters that `FuzzyKMeans` or `FuzzyCMeans` found. It is made by `fit` or `fromJSON` and does not change. */
export interface FuzzyModel extends FittedFuzzyClusters {}

export class FittedFuzzyClusters implements PredictingClusterModel, IterativeModel {
  /** What its memberships are made with: β of `FuzzyKMeans`, or the fuzzifier m of `FuzzyCMeans`. */
  readonly membership: Membership;
  /** The centers [k, d]. */
  readonly clusterCenters: Table;
  /** How much each row that it was fitted with belongs to each cluster [n, k]; the sums of rows are 1. */
  readonly memberships: Table;
  /** The cluster that each of these rows belongs to most [n]. */
  readonly labels: Int32Array;
  /** What was minimized, for the centers and memberships of the model. */
  readonly objective: number;
  /** The objective before each iteration and at the end: it never rises. */
  readonly objectives: Float64Array;
  readonly nIter: number;
  /** Whether it stopped because the centers hardly moved. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;

  /** The centers once more, out of reach of those who write into tables. */
  readonly #centers: Float64Array;
  readonly #row: Float64Array;
  readonly #shares: Float64Array;

  /** @internal */
  constructor({ membership, centers, memberships, columns, objectives, nIter, converged }: FuzzyFit) {
    const k = centers.length / columns;
    const n = memberships.length / k;
    this.membership = Object.freeze(membership);
    this.clusterCenters = new Table(centers.slice(), k, columns);
    this.memberships = new Table(memberships, n, k);
    this.labels = Int32Array.from({ length: n }, (_, i) => largest(memberships, i * k, k));
    this.objective = objectives.at(-1)!;
    this.objectives = objectives;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = columns;
    this.#centers = centers;
    this.#row = new Float64Array(columns);
    this.#shares = new Float64Array(k);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The cluster that each row of `x` [m, d] belongs to most.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Int32Array {
    const { data, shape } = this.predictProba(x);
    const [m, k] = shape;
    return Int32Array.from({ length: m }, (_, i) => largest(data, i * k, k));
  }

  /**
   * The cluster that one row [d] belongs to most. It makes no arrays; the engine may make objects of 16 bytes of the exponentials and
   * logarithms. Errors as for `predict`.
   */
  predictOne(row: ArrayLike<number>): number {
    const owner = nameOf(this.membership);
    takeRow(owner, row, this.#row);
    const d = this.nFeaturesIn;
    const k = this.#shares.length;
    for (let c = 0; c < k; c++) {
      this.#shares[c] = squaredDistance(this.#row, 0, this.#centers, c * d, d);
      checkMembership(owner, this.#shares[c]!, 'the row');
    }
    // By memberships, as `predict`: they may round to equal ones where distances differ.
    takeMemberships(this.#shares, 0, k, this.membership);
    return largest(this.#shares, 0, k);
  }

  /** How much each row of `x` [m, d] belongs to each cluster [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const owner = nameOf(this.membership);
    const matrix = toMatrix(owner, x, { columns: this.nFeaturesIn });
    const [k, d] = this.clusterCenters.shape;
    for (let i = 0; i < matrix.rows; i++) {
      for (let c = 0; c < k; c++) {
        checkMembership(owner, squaredDistance(matrix.data, i * d, this.#centers, c * d, d), `x[${i}]`);
      }
    }
    const out = new Float64Array(matrix.rows * k);
    runSteps(join(matrix, null, this.#centers, this.membership, out));
    return new Table(out, matrix.rows, k);
  }

  toJSON(): object {
    return {
      type: 'FuzzyModel',
      version: 1,
      ...this.membership,
      clusterCenters: encodeArray(this.#centers, this.clusterCenters.shape),
      memberships: encodeArray(this.memberships.data, this.memberships.shape),
      objectives: encodeArray(this.objectives),
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    const [k, d] = this.clusterCenters.shape;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'iteration')}`;
    return (
      `${nameOf(this.membership)}Model: ${counted(k, 'cluster')} of ${counted(this.labels.length, 'row')}` +
      `${sizesOf(this.labels, k)} in ${counted(d, 'column')}, objective ${digits(this.objective)}, ${end}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const FuzzyModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): FuzzyModel {
    const owner = 'FuzzyModel.fromJSON';
    const fields = checkSaved('FuzzyModel', 1, json);
    const isMeans = 'm' in fields;
    const number = savedNumber(owner, fields, isMeans ? 'm' : 'beta');
    if (!(number > (isMeans ? 1 : 0) && number < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${owner}: ${isMeans ? 'm must be > 1' : 'beta must be > 0'}, got ${number}`);
    }
    const centers = savedFloats(owner, fields, 'clusterCenters', [-1, -1]);
    const [k, columns] = (fields.clusterCenters as { shape: number[] }).shape as [number, number];
    const memberships = savedFloats(owner, fields, 'memberships', [-1, k]);
    const objectives = savedFloats(owner, fields, 'objectives', [-1]);
    if (centers.length * objectives.length === 0) {
      throw new DataError(`${owner}: clusterCenters and objectives must not be empty`);
    }
    return new FittedFuzzyClusters({
      membership: isMeans ? { m: number } : { beta: number },
      centers,
      memberships,
      columns,
      objectives,
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};

function nameOf(membership: Membership): string {
  return 'beta' in membership ? 'FuzzyKMeans' : 'FuzzyCMeans';
}

function largest(values: ArrayLike<number>, at: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (values[at + c]! > values[at + best]!) best = c;
  return best;
}
