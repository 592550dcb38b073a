import {
  checkKnown,
  type FitAsyncOptions,
  type Fits,
  type OnProgress,
  OptionError,
  readable,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import { type Label, type Matrix, type MatrixLike, type Table, toMatrix } from '@maru-ml/tensor';
import { fitted } from './fitted.ts';
import { printEstimator } from './print.ts';
import { FittedRFE, type RankedModel, type RFEModel } from './rfe-model.ts';
import { selectColumns, selectionOf } from './selection.ts';

export interface RFEOptions {
  /** How many columns to keep, or a share of them below 1; null: half of them. */
  nFeaturesToSelect?: number | null;
  /** How many columns to drop in a round, or a share of all below 1; 1. */
  step?: number;
}

/** An estimator whose models tell how much each column counts. */
export interface RankingEstimator<M extends RankedModel, Y extends Label = Label> {
  fit(x: MatrixLike, y: ArrayLike<Y>): M;
  /** What `fitAsync` uses; without it, a fit holds the thread for as long as it takes. */
  fitAsync?(x: MatrixLike, y: ArrayLike<Y>, options?: { signal?: AbortSignal }): Promise<M>;
  toString(): string;
}

const OWNER = 'RFE';

/**
 * Recursive feature elimination: fits an estimator, drops the columns that count least, and so on until as many as wanted are
 * left. How much column j counts is Σₖ coef[k, j]², or its feature importance squared. Of equal columns the first are dropped.
 *
 * Coefficients can only be compared if columns are scaled alike (see StandardScaler). Cost: a fit for each round.
 *
 * I. Guyon, J. Weston, S. Barnhill and V. Vapnik, "Gene selection for cancer classification using support vector machines",
 * Machine Learning 46 (2002).
 */
export class RFE<M extends RankedModel, Y extends Label = Label> {
  readonly estimator: RankingEstimator<M, Y>;
  readonly options: Readonly<Required<RFEOptions>>;
  /** `fit` takes y. */
  readonly supervised = true;

  /** @throws OptionError for options that have no meaning */
  constructor(estimator: RankingEstimator<M, Y>, options: RFEOptions = {}) {
    if (typeof estimator?.fit !== 'function') {
      throw new OptionError(`${OWNER}: estimator must have fit(x, y), got ${show(estimator)}`);
    }
    checkKnown(OWNER, options, ['nFeaturesToSelect', 'step']);
    const { nFeaturesToSelect = null, step = 1 } = options;
    if (nFeaturesToSelect !== null) checkAmount('nFeaturesToSelect', nFeaturesToSelect);
    checkAmount('step', step);
    this.estimator = estimator;
    this.options = Object.freeze({ nFeaturesToSelect, step });
    readable(this);
  }

  /**
   * Ranks the columns of `x` [n, d] by what the estimator makes of them and `y` [n]. `onProgress` hears of every round; when it
   * returns false, the columns that are left then are kept.
   *
   * @throws what the estimator throws, OptionError if its model has neither `coef` nor `featureImportances`, or there are fewer columns than wanted
   */
  fit(x: MatrixLike, y: ArrayLike<Y>, options: { onProgress?: OnProgress } = {}): RFEModel<M> {
    return runFits(this.#steps(x, y, options, ['onProgress']), options);
  }

  /** The same by the estimator's own `fitAsync`, with pauses between rounds. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<Y>,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<RFEModel<M>> {
    return runFitsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    return `${OWNER} of ${this.estimator}${printEstimator('', this.options)}`;
  }

  *#steps(x: MatrixLike, y: ArrayLike<Y>, options: object, known: string[]): Fits<RFEModel<M>> {
    checkKnown(OWNER, options, known);
    const matrix = toMatrix(OWNER, x, { keepFloat32: true });
    yield;
    const d = matrix.columns;
    const wanted = wantedOf(this.options.nFeaturesToSelect, d);
    const { step } = this.options;
    const most = step < 1 ? Math.max(1, Math.floor(step * d)) : step;
    const rounds = Math.ceil((d - wanted) / most);
    const ranking = new Int32Array(d).fill(1);
    const support = new Array<boolean>(d).fill(true);
    let left = d;
    let nIter = 0;
    let stopped = false;
    while (left > wanted && !stopped) {
      const columns = [...support.keys()].filter((j) => support[j]);
      const importances = importancesOf(yield* this.#fitOn(matrix, support, y), left);
      const order = [...columns.keys()].sort((a, b) => importances[a]! - importances[b]! || a - b);
      const drop = Math.min(most, left - wanted);
      for (const place of order.slice(0, drop)) support[columns[place]!] = false;
      for (let j = 0; j < d; j++) if (!support[j]) ranking[j]!++;
      left -= drop;
      nIter++;
      stopped = (yield { step: nIter, total: rounds, unit: 'round', metrics: { features: left } }) === false;
    }
    const model = yield* this.#fitOn(matrix, support, y);
    return new FittedRFE(model, ranking, support, nIter, left === wanted);
  }

  *#fitOn(matrix: Matrix, support: readonly boolean[], y: ArrayLike<Y>): Fits<M> {
    const kept = selectColumns(matrix, selectionOf(support)) as Table;
    yield;
    return yield* fitted(this.estimator, kept, y);
  }
}

/** How much each column counts [d]. @throws OptionError if the model does not tell */
function importancesOf(model: RankedModel, d: number): Float64Array {
  const weights = model.coef ?? model.featureImportances;
  const data = weights === undefined || weights === null ? undefined : 'data' in weights ? weights.data : weights;
  const importances = new Float64Array(d);
  if (data === undefined || data.length === 0 || data.length % d !== 0) {
    const came = data === undefined ? 'neither' : `${data.length} numbers for ${d} columns`;
    throw new OptionError(`${OWNER}: the estimator's model must have coef or featureImportances, got ${came}`);
  }
  for (let at = 0; at < data.length; at++) importances[at % d]! += data[at]! ** 2;
  return importances;
}

function wantedOf(nFeaturesToSelect: number | null, d: number): number {
  if (nFeaturesToSelect === null) return Math.max(1, Math.floor(d / 2));
  if (nFeaturesToSelect < 1) return Math.max(1, Math.floor(nFeaturesToSelect * d));
  if (nFeaturesToSelect <= d) return nFeaturesToSelect;
  throw new OptionError(`${OWNER}: nFeaturesToSelect is ${nFeaturesToSelect}, but x has ${d} columns`);
}

function checkAmount(name: string, value: unknown): void {
  if (typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value))) return;
  throw new OptionError(`${OWNER}: ${name} must be an integer ≥ 1 or a share above 0 and below 1, got ${show(value)}`);
}
