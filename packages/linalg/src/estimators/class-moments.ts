import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';

/** Rows with the places of their classes. */
export interface ClassRows {
  readonly x: Matrix<Float64Array>;
  /** The class of each row [n]. */
  readonly codes: Int32Array;
  /** The number of classes. */
  readonly k: number;
}

/** How many rows each class has [k]. */
export function classCounts({ codes, k }: ClassRows): Float64Array {
  const counts = new Float64Array(k);
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1;
  return counts;
}

/** The means of the classes [k, d]. */
export function classMeans(rows: ClassRows): Float64Array {
  const { x, codes, k } = rows;
  const { data, columns: d } = x;
  const counts = classCounts(rows);
  const means = new Float64Array(k * d);
  for (let i = 0; i < codes.length; i++) {
    const to = codes[i]! * d;
    for (let j = 0; j < d; j++) means[to + j]! += data[i * d + j]!;
  }
  for (let at = 0; at < means.length; at++) means[at]! /= counts[Math.floor(at / d)]!;
  return means;
}

/** The rows of class c, copied. */
export function rowsOf({ x, codes }: ClassRows, c: number): Matrix<Float64Array> {
  const { data, columns } = x;
  let rows = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === c) rows++;
  const out = new Float64Array(rows * columns);
  for (let i = 0, at = 0; i < codes.length; i++) {
    if (codes[i] !== c) continue;
    out.set(data.subarray(i * columns, (i + 1) * columns), at);
    at += columns;
  }
  return { data: out, rows, columns };
}

/** Options' priors, checked for k classes, or the shares of the classes. */
export function priorsOf(owner: string, priors: readonly number[] | null, rows: ClassRows): Float64Array {
  if (priors === null) return classCounts(rows).map((count) => count / rows.codes.length);
  if (priors.length !== rows.k) {
    throw new ShapeError(`${owner}: priors has ${priors.length} numbers, but y has ${rows.k} classes`);
  }
  return Float64Array.from(priors);
}

/** Checks priors as an option: positive numbers that add up to 1. Returns a frozen copy. */
export function checkPriors(owner: string, priors: unknown): readonly number[] | null {
  if (priors === null) return null;
  if (typeof priors !== 'object' || typeof (priors as ArrayLike<unknown>).length !== 'number') {
    throw new OptionError(`${owner}: priors must be an array of numbers or null, got ${show(priors)}`);
  }
  const list = Array.from(priors as ArrayLike<unknown>);
  let sum = 0;
  for (const [c, value] of list.entries()) {
    if (typeof value !== 'number' || !(value > 0 && value <= 1)) {
      throw new OptionError(`${owner}: priors[${c}] must be a number > 0 and ≤ 1, got ${show(value)}`);
    }
    sum += value;
  }
  if (Math.abs(sum - 1) > 1e-5) throw new OptionError(`${owner}: priors must add up to 1, got ${sum}`);
  return Object.freeze((list as number[]).map((value) => value / sum));
}

/** Throws unless there are two classes. */
export function checkClasses(owner: string, k: number): void {
  if (k < 2) throw new DataError(`${owner}: y has 1 class, but at least 2 are needed`);
}
