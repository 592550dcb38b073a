import { checkLength, counted, DataError, OptionError, refused, ShapeError, show } from '@maru-ml/base';
import type { Label } from './estimators.ts';

/** Labels as numbers: those of row i are `classes[codes[i]]`. */
export interface EncodedLabels<L extends Label = Label> {
  /** The different labels [k] in ascending order: numbers by size, strings by their UTF-16 units, false before true. */
  readonly classes: readonly L[];
  /** The place in `classes` of each row's label [n]. */
  readonly codes: Int32Array;
}

/**
 * Checks the labels of `rows` rows and numbers them. O(n log k).
 *
 * @param y [n]: all strings, all safe integers or all booleans
 * @throws OptionError if it is no array, ShapeError for another length, DataError for what is no label or of another type
 */
export function toLabels<L extends Label>(owner: string, y: ArrayLike<L>, rows: number): EncodedLabels<L> {
  checkLength(owner, 'y', 'label', y, rows);
  const found = new Set<L>();
  for (let i = 0; i < rows; i++) found.add(checkLabel(owner, y, i));
  // A set treats -0 as 0, so there is one zero.
  const classes = Object.freeze([...found].sort((a, b) => (a < b ? -1 : 1)));
  return { classes, codes: codesOf(owner, y, rows, classes) };
}

/**
 * The places of labels in classes that are known already [n]; -1 for a label that is not among them.
 * @throws as `toLabels`
 */
export function codesOf<L extends Label>(
  owner: string,
  y: ArrayLike<L>,
  rows: number,
  classes: readonly L[],
): Int32Array {
  const places = new Map(classes.map((label, code) => [label, code]));
  checkLength(owner, 'y', 'label', y, rows);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) codes[i] = places.get(checkLabel(owner, y, i)) ?? -1;
  return codes;
}

/** The labels at places in classes, the other way [n]. */
export function labelsAt<L extends Label>(codes: ArrayLike<number>, classes: readonly L[]): L[] {
  // Reading from a frozen list takes twice as long.
  const own = [...classes];
  const labels = new Array<L>(codes.length);
  for (let i = 0; i < labels.length; i++) labels[i] = own[codes[i]!]!;
  return labels;
}

/**
 * Checks the numbers that `rows` rows are to be fitted to, and returns them as a new float64 array [n].
 * @throws OptionError if it is no array, ShapeError for another length, DataError for what is no finite number
 */
export function toTargets(owner: string, y: ArrayLike<number>, rows: number): Float64Array {
  checkLength(owner, 'y', 'number', y, rows);
  const targets = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const value: unknown = y[i];
    if (typeof value !== 'number' || value - value !== 0) {
      throw new DataError(`${owner}: y[${i}] must be a finite number, got ${show(value)}`);
    }
    targets[i] = value;
  }
  return targets;
}

/**
 * Checks one row [d] and copies it to `out` [d], without allocating: for `predictOne` and its kin.
 *
 * @param allowMissing accept NaN as a missing value; false
 * @throws OptionError if it is no array, ShapeError for another length, DataError for what is no finite number
 */
export function takeRow(owner: string, row: ArrayLike<number>, out: Float64Array, allowMissing = false): void {
  const d = out.length;
  if (row?.length !== d) {
    if (typeof row !== 'object' || typeof row?.length !== 'number') {
      throw refused(owner, 'the row', `an array of ${d} numbers`, row);
    }
    throw new ShapeError(`${owner}: the row has ${counted(row.length, 'column')}, but the model was fitted with ${d}`);
  }
  for (let j = 0; j < d; j++) {
    // null - null is 0, and so is '5' - '5': JSON writes null for NaN, which must not become 0.
    const value = row[j]!;
    if (typeof value !== 'number' || (value - value !== 0 && !(allowMissing && Number.isNaN(value)))) {
      throw new DataError(`${owner}: the row must hold finite numbers, got ${show(value)}`);
    }
    out[j] = value;
  }
}

/** Throws a `ShapeError` unless `out` holds a number for each of the columns that a model makes, an `OptionError` without `out`. */
export function checkOut(owner: string, out: ArrayLike<number>, columns: number): void {
  if (out?.length === columns) return;
  if (out === undefined) {
    throw new OptionError(`${owner}: the second argument is written to; pass new Float64Array(${columns})`);
  }
  throw new ShapeError(`${owner}: out has length ${out.length}, but the model makes ${columns} columns`);
}

/**
 * The share of rows whose label was predicted right, by weight: what `score` of a classifier is.
 *
 * @param predicted places in the classes [n]
 * @param codes true places [n], -1 for a label that the model does not know, which counts as wrong
 */
export function accuracyOf(predicted: Int32Array, codes: Int32Array, weights: Float64Array | null): number {
  let [right, total] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    if (predicted[i] === codes[i]) right += weight;
  }
  return right / total;
}

/**
 * R² = 1 - Σ wᵢ (yᵢ - ŷᵢ)² / Σ wᵢ (yᵢ - ȳ)²: what `score` of a regressor is. A constant y gives 1 if it is predicted exactly,
 * else 0, as in scikit-learn.
 */
export function rSquaredOf(predicted: Float64Array, y: Float64Array, weights: Float64Array | null): number {
  const n = y.length;
  let [total, mean] = [0, 0];
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    mean += weight * y[i]!;
  }
  mean /= total;
  let [residual, spread] = [0, 0];
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1;
    residual += weight * (y[i]! - predicted[i]!) ** 2;
    spread += weight * (y[i]! - mean) ** 2;
  }
  if (spread === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / spread;
}

function checkLabel<L extends Label>(owner: string, y: ArrayLike<L>, i: number): L {
  const label: unknown = y[i];
  if (!isLabel(label)) {
    throw new DataError(`${owner}: y[${i}] must be a string, an integer or a boolean, got ${show(label)}`);
  }
  if (typeof label !== typeof y[0]) {
    throw new DataError(
      `${owner}: y must hold labels of one type, but y[0] is ${show(y[0])} and y[${i}] is ${show(label)}`,
    );
  }
  return label as L;
}

/** Whether `value` can be a label: a string, an integer or a boolean. */
export function isLabel(value: unknown): value is Label {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}
