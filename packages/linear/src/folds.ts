import { checkInteger, OptionError, show } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows, selectSparseRows } from '@maru-ml/tensor';

/** The rows that a model is fitted with, and those that it is tried on, by their places. */
export interface Fold {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/** A number of folds of consecutive rows, or the folds themselves. */
export type Folds = number | readonly Fold[];

/** Checks the option `cv`, and makes it plain data. @throws OptionError */
export function checkFolds(owner: string, cv: unknown): number | readonly Fold[] {
  if (typeof cv === 'number') return checkInteger(owner, 'cv', cv, { min: 2 });
  const isPlaces = (list: unknown) => typeof (list as ArrayLike<number> | null)?.length === 'number';
  if (!Array.isArray(cv) || cv.length === 0 || !cv.every((fold) => isPlaces(fold?.train) && isPlaces(fold?.test))) {
    throw new OptionError(`${owner}: cv must be a number of folds or a list of { train, test }, got ${show(cv)}`);
  }
  const places = (list: ArrayLike<number>) => Object.freeze(Array.from(list));
  return Object.freeze(cv.map(({ train, test }) => Object.freeze({ train: places(train), test: places(test) })));
}

/**
 * The folds of n rows. k folds are k runs of consecutive rows, the first n mod k of them a row longer, as in scikit-learn's
 * KFold without shuffling.
 * @throws OptionError if there are fewer rows than folds, or a place is outside the rows
 */
export function foldsOf(owner: string, cv: number | readonly Fold[], n: number): readonly Fold[] {
  if (typeof cv !== 'number') {
    for (const [i, fold] of cv.entries()) {
      for (const side of ['train', 'test'] as const) {
        const list = Array.from(fold[side]);
        if (list.length === 0) throw new OptionError(`${owner}: cv[${i}].${side} has no rows`);
        const bad = list.findIndex((place) => !(Number.isInteger(place) && place >= 0 && place < n));
        if (bad >= 0) {
          throw new OptionError(`${owner}: cv[${i}].${side}[${bad}] is ${show(list[bad])}, but x has ${n} rows`);
        }
      }
    }
    return cv;
  }
  if (cv > n) throw new OptionError(`${owner}: cv is ${cv}, but x has only ${n} ${n === 1 ? 'row' : 'rows'}`);
  // Written out: model-selection loads workers and scorers when it needs them, and a bundle that is one file carries them all.
  const rows = new Int32Array(n).map((_, i) => i);
  return Array.from({ length: cv }, (_, fold) => {
    const [from, to] = [fold, fold + 1].map((f) => f * Math.floor(n / cv) + Math.min(f, n % cv)) as [number, number];
    const train = new Int32Array(n - (to - from));
    train.set(rows.subarray(0, from));
    train.set(rows.subarray(to), from);
    return { train, test: rows.subarray(from, to) };
  });
}

/** Some of the rows, copied. */
export function selectRows(rows: Matrix | SparseRows, places: ArrayLike<number>): Matrix | SparseRows {
  if (isSparse(rows)) return selectSparseRows(rows, places);
  const { data, columns } = rows;
  const size = places.length * columns;
  const out = data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < places.length; i++) {
    const from = places[i]! * columns;
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[from + j]!;
  }
  return { data: out, rows: places.length, columns };
}

/** Some of the numbers. */
export function selectNumbers(values: Float64Array, places: ArrayLike<number>): Float64Array {
  return new Float64Array(places.length).map((_, at) => values[places[at]!]!);
}
