import { checkBoolean, checkInteger, checkKnown, checkOneOf, OptionError, readable, show } from '@maru-ml/base';
import { type Columns, type Label, type MatrixLike, type Model, Table } from '@maru-ml/tensor';
import { scoresPairs } from '../scores-pairs.ts';
import { type GridValues, vary } from './varied.ts';

export interface PartialDependenceOptions {
  /** Whether to keep the curve of each row, too; false. */
  individual?: boolean;
  /** Points of the grid of a column of numbers, or its different values if they are fewer; 100. */
  gridResolution?: number;
  /** The quantiles of the column between which the grid lies; [.05, .95]. */
  percentiles?: readonly [number, number];
  /** What of a classifier is averaged: 'predictProba', 'decisionFunction', or 'auto', the first that it has; 'auto'. */
  responseMethod?: 'auto' | 'predictProba' | 'decisionFunction';
}

/** What a model predicts on average as one or two columns take the values of a grid. */
export class PartialDependence<F extends number | string = number, V extends GridValues = Float64Array> {
  /** The places of the columns, or their names. */
  readonly features: readonly F[];
  /** The values of each column in the grid, ascending: steps between numbers, or all words or booleans that it has. */
  readonly grid: readonly V[];
  /**
   * Mean predictions [outputs, points]: a row for each class, or only one for numbers and for two classes (the second). Of two columns,
   * the points go through the values of the second fastest.
   */
  readonly average: Table;
  /** The prediction for each row [n, points], a table for each output; only with `individual`. */
  readonly individual: readonly Table[] | undefined;
  /** The class of each output; undefined for numbers, and for scores of pairs of classes. */
  readonly outputs: readonly Label[] | undefined;

  /** @internal */
  constructor(
    features: readonly F[],
    grid: readonly V[],
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
    const columns = `${this.features.length === 1 ? 'column' : 'columns'} ${this.features.map(show).join(' and ')}`;
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
 * @param model a classifier's or regressor's model
 * @param x rows [n, d], or named columns, of which those of words and booleans take every value that they have
 * @param features the place of a column, or of two; of named columns the names
 * @throws OptionError for columns that are not there and models without such predictions; DataError where the percentiles are one number
 *   and for columns of infinite numbers or of different kinds of values
 */
export function partialDependence(
  model: Model,
  x: MatrixLike,
  features: number | readonly [number] | readonly [number, number],
  options?: PartialDependenceOptions,
): PartialDependence;
export function partialDependence(
  model: Model,
  x: Columns,
  features: string | readonly [string] | readonly [string, string],
  options?: PartialDependenceOptions,
): PartialDependence<string, GridValues>;
export function partialDependence(
  model: Model,
  x: MatrixLike | Columns,
  features: unknown,
  options: PartialDependenceOptions = {},
): PartialDependence<number | string, GridValues> {
  const owner = 'partialDependence';
  checkKnown(owner, options, ['individual', 'gridResolution', 'percentiles', 'responseMethod']);
  const { individual = false, gridResolution = 100, percentiles = [0.05, 0.95], responseMethod = 'auto' } = options;
  checkBoolean(owner, 'individual', individual);
  checkInteger(owner, 'gridResolution', gridResolution, { min: 2 });
  checkPercentiles(owner, percentiles);
  checkOneOf(owner, 'responseMethod', responseMethod, ['auto', 'predictProba', 'decisionFunction']);
  const varied = vary(owner, x, features, { gridResolution, percentiles });
  const respond = responder(owner, model, responseMethod);
  const { rows: n, grid } = varied;
  const points = pointsOf(grid);

  let [average, curves]: [Float64Array, Float64Array[]] = [new Float64Array(0), []];
  let outputs = 0;
  let labels: readonly Label[] | undefined;
  for (const [point, place] of points.entries()) {
    const { values, columns, from, classes } = respond(varied.with(place));
    if (point === 0) {
      outputs = columns - from;
      labels = classes?.slice(-outputs);
      average = new Float64Array(outputs * points.length);
      curves = individual ? Array.from({ length: outputs }, () => new Float64Array(n * points.length)) : [];
    }
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const value = values[i * columns + from + output]!;
        sum += value;
        if (individual) curves[output]![i * points.length + point] = value;
      }
      average[output * points.length + point] = sum / n;
    }
  }
  const tables = individual ? Object.freeze(curves.map((curve) => new Table(curve, n, points.length))) : undefined;
  return new PartialDependence(varied.features, grid, new Table(average, outputs, points.length), tables, labels);
}

/** All pairs of the values of two columns, those of the second fastest; or the values of one. */
function pointsOf(grid: readonly GridValues[]): unknown[][] {
  const [first, second] = grid.map((values) => Array.from<unknown>(values));
  if (second === undefined) return first!.map((value) => [value]);
  return first!.flatMap((value) => second.map((other) => [value, other]));
}

/** Predictions [n, columns] of which those from `from` on count; the classes that they are of, if they are. */
type Responder = (x: unknown) => {
  values: ArrayLike<number>;
  columns: number;
  from: number;
  classes?: readonly Label[] | undefined;
};

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
    if (!('shape' in answer)) return { values: answer, columns: 1, from: 0, classes };
    const columns = answer.shape[1];
    const ofClasses = chosen === decisionFunction && scoresPairs(model) ? undefined : classes;
    return { values: answer.data, columns, from: columns === 2 ? 1 : 0, classes: ofClasses };
  };
}

function checkPercentiles(owner: string, given: unknown): void {
  const [low, high] = (Array.isArray(given) ? given : []) as number[];
  if (low! >= 0 && low! < high! && high! <= 1) return;
  throw new OptionError(`${owner}: percentiles must be [low, high] with 0 ≤ low < high ≤ 1, got ${show(given)}`);
}
