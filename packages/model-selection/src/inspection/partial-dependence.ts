import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkOneOf,
  DataError,
  OptionError,
  readable,
  show,
} from '@maru-ml/base';
import { type Label, type MatrixLike, type Model, Table, toMatrix } from '@maru-ml/tensor';

export interface PartialDependenceOptions {
  /** Whether to keep the curve of each row, too; false. */
  individual?: boolean;
  /** Points of the grid of each column, or the column's different values if they are fewer; 100. */
  gridResolution?: number;
  /** The quantiles of the column between which the grid lies; [.05, .95]. */
  percentiles?: readonly [number, number];
  /** What of a classifier is averaged: 'predictProba', 'decisionFunction', or 'auto', the first that it has; 'auto'. */
  responseMethod?: 'auto' | 'predictProba' | 'decisionFunction';
}

/** What a model predicts on average as one or two columns take the values of a grid. */
export class PartialDependence {
  /** The places of the columns. */
  readonly features: readonly number[];
  /** The values of each column in the grid, ascending. */
  readonly grid: readonly Float64Array[];
  /**
   * Mean predictions [outputs, points]: a row for each class, or only one for numbers and for two classes (the second). Of two columns,
   * the points go through the values of the second fastest.
   */
  readonly average: Table;
  /** The prediction for each row [n, points], a table for each output; only with `individual`. */
  readonly individual: readonly Table[] | undefined;
  /** The class of each output; undefined for numbers. */
  readonly outputs: readonly Label[] | undefined;

  /** @internal */
  constructor(
    features: readonly number[],
    grid: readonly Float64Array[],
    average: Table,
    individual: readonly Table[] | undefined,
    outputs: readonly Label[] | undefined,
  ) {
    this.features = Object.freeze([...features]);
    this.grid = Object.freeze([...grid]);
    this.average = average;
    this.individual = individual;
    this.outputs = outputs;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    return {
      features: this.features,
      grid: this.grid.map((values) => [...values]),
      average: this.average.toArray(),
      individual: this.individual?.map((table) => table.toArray()),
      outputs: this.outputs,
    };
  }

  /** The shape of the grid, and the range of the mean predictions. */
  toString(): string {
    const { data, shape } = this.average;
    const points = this.grid.map(({ length }) => length).join(' × ');
    const columns = `${this.features.length === 1 ? 'column' : 'columns'} ${this.features.join(' and ')}`;
    const lines = Array.from({ length: shape[0] }, (_, output) => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let point = 0; point < shape[1]; point++) {
        low = Math.min(low, data[output * shape[1] + point]!);
        high = Math.max(high, data[output * shape[1] + point]!);
      }
      const name = this.outputs === undefined ? '' : `${show(this.outputs[output])}: `;
      return `  ${name}from ${low.toPrecision(4)} to ${high.toPrecision(4)}`;
    });
    return [`PartialDependence on ${columns}, ${points} points`, ...lines].join('\n');
  }
}

/**
 * The mean prediction with one column (or two) set to each value of a grid in all rows: the effect of the column by itself. It pictures
 * rows that may not exist where columns depend on each other. Cost: a prediction of all rows for each point.
 *
 * Sources: J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001); A. Goldstein,
 * A. Kapelner, J. Bleich and E. Pitkin, "Peeking inside the black box", Journal of Computational and Graphical Statistics 24 (2015).
 *
 * @param model a classifier's or regressor's model @param x rows [n, d] @param features the place of a column, or of two
 * @throws OptionError for places that are not there and models without such predictions; DataError where the percentiles are one number
 */
export function partialDependence(
  model: Model,
  x: MatrixLike,
  features: number | readonly [number] | readonly [number, number],
  options: PartialDependenceOptions = {},
): PartialDependence {
  const owner = 'partialDependence';
  checkKnown(owner, options, ['individual', 'gridResolution', 'percentiles', 'responseMethod']);
  const { individual = false, gridResolution = 100, percentiles = [0.05, 0.95], responseMethod = 'auto' } = options;
  checkBoolean(owner, 'individual', individual);
  checkInteger(owner, 'gridResolution', gridResolution, { min: 2 });
  checkPercentiles(owner, percentiles);
  checkOneOf(owner, 'responseMethod', responseMethod, ['auto', 'predictProba', 'decisionFunction']);
  const { data, rows: n, columns: d } = toMatrix(owner, x, { allowMissing: true, keepFloat32: true });
  const places = checkFeatures(owner, features, d);
  const respond = responder(owner, model, responseMethod);
  const grid = places.map((j) => gridOf(owner, data, n, d, j, gridResolution, percentiles));
  const points = grid.reduce((count, values) => count * values.length, 1);

  const copy = data.slice();
  const table = { data: copy, shape: [n, d] };
  let [average, curves]: [Float64Array, Float64Array[]] = [new Float64Array(0), []];
  let outputs = 0;
  for (let point = 0; point < points; point++) {
    let rest = point;
    for (let f = places.length - 1; f >= 0; f--) {
      const values = grid[f]!;
      const value = values[rest % values.length]!;
      for (let i = 0; i < n; i++) copy[i * d + places[f]!] = value;
      rest = Math.floor(rest / values.length);
    }
    const { values, columns, from } = respond(table);
    if (point === 0) {
      outputs = columns - from;
      average = new Float64Array(outputs * points);
      curves = individual ? Array.from({ length: outputs }, () => new Float64Array(n * points)) : [];
    }
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const value = values[i * columns + from + output]!;
        sum += value;
        if (individual) curves[output]![i * points + point] = value;
      }
      average[output * points + point] = sum / n;
    }
  }
  const classes = (model as { classes?: readonly Label[] }).classes;
  const labels = classes === undefined ? undefined : classes.slice(classes.length - outputs);
  const tables = individual ? Object.freeze(curves.map((curve) => new Table(curve, n, points))) : undefined;
  return new PartialDependence(places, grid, new Table(average, outputs, points), tables, labels);
}

/** Predictions [n, columns] of which those from `from` on count. */
type Responder = (x: unknown) => { values: ArrayLike<number>; columns: number; from: number };

function responder(owner: string, model: Model, method: 'auto' | 'predictProba' | 'decisionFunction'): Responder {
  const { classes, predict, predictProba, decisionFunction } = model as unknown as {
    classes?: readonly Label[];
    predict?: (x: unknown) => ArrayLike<number>;
    predictProba?: (x: unknown) => Table;
    decisionFunction?: (x: unknown) => Table | Float64Array;
  };
  if (classes === undefined) {
    if (typeof predict !== 'function') throw new OptionError(`${owner}: ${show(model)} has no predict`);
    if (method !== 'auto')
      throw new OptionError(`${owner}: responseMethod must be 'auto' for ${show(model)}, which has no classes`);
    return (x) => ({ values: predict.call(model, x), columns: 1, from: 0 });
  }
  const chosen =
    method === 'auto'
      ? (predictProba ?? decisionFunction)
      : method === 'predictProba'
        ? predictProba
        : decisionFunction;
  if (typeof chosen !== 'function') {
    throw new OptionError(
      `${owner}: ${show(model)} has no ${method === 'auto' ? 'predictProba or decisionFunction' : method}`,
    );
  }
  return (x) => {
    const answer = chosen.call(model, x);
    if (!('shape' in answer)) return { values: answer, columns: 1, from: 0 };
    const columns = answer.shape[1];
    return { values: answer.data, columns, from: columns === 2 ? 1 : 0 };
  };
}

function checkFeatures(owner: string, features: unknown, d: number): number[] {
  const places: unknown[] = Array.isArray(features) ? features : [features];
  const good = places.every((place) => Number.isInteger(place) && (place as number) >= 0 && (place as number) < d);
  if (good && (places.length === 1 || (places.length === 2 && places[0] !== places[1]))) return places as number[];
  throw new OptionError(
    `${owner}: features must be the place of a column from 0 to ${d - 1}, or of two different ones, got ${show(features)}`,
  );
}

function checkPercentiles(owner: string, given: unknown): void {
  const [low, high] = (Array.isArray(given) ? given : []) as number[];
  if (low! >= 0 && low! < high! && high! <= 1) return;
  throw new OptionError(`${owner}: percentiles must be [low, high] with 0 ≤ low < high ≤ 1, got ${show(given)}`);
}

/** The different values of a column, or even steps between two of its quantiles. */
function gridOf(
  owner: string,
  data: ArrayLike<number>,
  n: number,
  d: number,
  j: number,
  resolution: number,
  [low, high]: readonly [number, number],
): Float64Array {
  const column = Float64Array.from({ length: n }, (_, i) => data[i * d + j]!).filter((value) => !Number.isNaN(value));
  if (column.length === 0) throw new DataError(`${owner}: column ${j} has no values, as all are missing`);
  column.sort();
  const different = column.filter((value, i) => i === 0 || value !== column[i - 1]);
  if (different.length < resolution) return different;
  const [from, to] = [quantileOf(column, low), quantileOf(column, high)];
  if (Math.abs(to - from) <= 1e-8 + 1e-5 * Math.abs(to)) {
    throw new DataError(
      `${owner}: the percentiles of column ${j} are both ${from}, so there is no grid between them; move them apart`,
    );
  }
  const step = (to - from) / (resolution - 1);
  return Float64Array.from({ length: resolution }, (_, i) => (i === resolution - 1 ? to : from + i * step));
}

/** SciPy's `mquantiles`: the median-unbiased kin with α = β = .4. */
function quantileOf(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const place = n * share + 0.4 + share * 0.2;
  const k = Math.floor(Math.min(Math.max(place, 1), n - 1));
  const gamma = Math.min(Math.max(place - k, 0), 1);
  return (1 - gamma) * sorted[k - 1]! + gamma * sorted[k]!;
}
