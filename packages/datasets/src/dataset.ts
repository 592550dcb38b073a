import type { Columns } from '@maru-ml/tensor';

/** Numbers of a table, row by row: what every `fit` and `predict` takes as a `MatrixLike` [n, d]. */
export interface FlatMatrix<T extends ArrayLike<number> = Float64Array> {
  readonly data: T;
  readonly shape: readonly [number, number];
}

/** The one form of all data sets. The arrays are the caller's own: each call makes new ones. */
export interface Dataset<Y extends Int32Array | Float64Array = Int32Array | Float64Array> {
  readonly name: string;
  /** The features [n, d]. */
  readonly x: FlatMatrix;
  /** The target [n]. */
  readonly y: Y;
  /** Names of the columns of `x` [d]. */
  readonly featureNames: readonly string[];
  /** What `y` is; its name in `columns()`. */
  readonly targetName: string;
  /** What the data are; where they come from, under what license, and what to cite. */
  readonly description: string;
  /** The features and the target as named columns, for formulas and encoders. */
  columns(): Columns;
}

/** A data set whose target is a class: `y` counts the classes from 0. */
export interface ClassDataset extends Dataset<Int32Array> {
  /** Names of the classes, in the order of `y`'s numbers. */
  readonly targetNames: readonly string[];
  /** The target as the names of classes [n]; classifiers take these as `y` too. */
  labels(): string[];
}

/** A data set whose target is a quantity. */
export type RegressionDataset = Dataset<Float64Array>;

type Parts<D> = Omit<D, 'columns' | 'labels'>;

export function regressionDataset(parts: Parts<RegressionDataset>): RegressionDataset {
  return { ...parts, columns: () => columnsOf(parts, parts.y.slice()) };
}

export function classDataset(parts: Parts<ClassDataset>): ClassDataset {
  const labels = (): string[] => Array.from(parts.y, (label) => parts.targetNames[label]!);
  return { ...parts, labels, columns: () => columnsOf(parts, labels()) };
}

function columnsOf({ x, featureNames, targetName }: Parts<Dataset>, target: Float64Array | string[]): Columns {
  const [n, d] = x.shape;
  const entries: [string, Columns[string]][] = featureNames.map((name, j) => [
    name,
    Float64Array.from({ length: n }, (_, i) => x.data[i * d + j]!),
  ]);
  return Object.fromEntries([...entries, [targetName, target]]);
}

/** Splits a table whose last column is the target: features [n, d] and the target [n]. */
export function splitTarget(table: Float64Array, n: number): { x: FlatMatrix; target: Float64Array } {
  const d = table.length / n - 1;
  const data = new Float64Array(n * d);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    data.set(table.subarray(i * (d + 1), i * (d + 1) + d), i * d);
    target[i] = table[i * (d + 1) + d]!;
  }
  return { x: { data, shape: [n, d] }, target };
}
