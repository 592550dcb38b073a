import { choose, DataError, OptionError, type RandomStream, type Steps, sortSteps } from '@maru-ml/base';
import { BINS, binRows } from '@maru-ml/kernels/histogram';
import type { Matrix } from '@maru-ml/tensor';
import { takeRowsTo } from '../take-rows.ts';
import { Block } from './block.ts';

/** The bin of missing values. */
export const MISSING: number = BINS - 1;

/** The most rows that thresholds are found from; of more, these many are drawn. */
const SAMPLE = 200_000;

/** Rows between two pauses. */
const STRETCH = 2 ** 15;

/** What is known of a column. */
export interface Column {
  /** Values up to thresholds[b] and above the one before are in bin b; of a categorical column none. */
  readonly thresholds: Float64Array;
  /** The categories in ascending order, whose places are their bins; null for an ordered column. */
  readonly categories: Float64Array | null;
}

/**
 * The bins of each column: of at most `maxBins` different values each has its own, with thresholds half way between; of more,
 * thresholds are their quantiles, as in scikit-learn. O(d n log n).
 * @param places which n rows of the table count; null, the first n
 */
export function* findBins(
  { data, columns: d }: Matrix,
  places: Int32Array | null,
  n: number,
  maxBins: number,
  categorical: Uint8Array,
  random: RandomStream,
  owner: string,
): Steps<Column[]> {
  const sample = n > SAMPLE ? choose(random, n, SAMPLE) : null;
  const columns: Column[] = [];
  const room = new Float64Array(sample === null || categorical.includes(1) ? n : sample.length);
  for (let j = 0; j < d; j++) {
    // Categories count in all rows, so that none is unknown.
    const drawn = categorical[j] === 1 ? null : sample;
    let count = 0;
    for (let i = 0; i < (drawn?.length ?? n); i++) {
      const row = drawn === null ? i : drawn[i]!;
      const value = data[(places === null ? row : places[row]!) * d + j]!;
      // Adding 0 makes -0 a plain zero.
      if (!Number.isNaN(value)) room[count++] = value + 0;
      if (i % STRETCH === STRETCH - 1) yield;
    }
    const values = yield* sortSteps(room.subarray(0, count));
    if (categorical[j] === 1) {
      columns.push({ thresholds: new Float64Array(0), categories: categoriesOf(values, j, maxBins, owner) });
    } else columns.push({ thresholds: thresholdsOf(values, maxBins), categories: null });
    yield;
  }
  return columns;
}

function categoriesOf(sorted: Float64Array, j: number, maxBins: number, owner: string): Float64Array {
  const categories = distinct(sorted, maxBins + 1);
  if (categories.length > maxBins) {
    throw new OptionError(
      `${owner}: categorical column ${j} has more than ${maxBins} categories, as many as maxBins; leave it out of categoricalFeatures`,
    );
  }
  const bad = categories.find((value) => !Number.isInteger(value));
  if (bad !== undefined) {
    throw new DataError(
      `${owner}: categorical column ${j} must hold integers, got ${bad}; encode it (see OrdinalEncoder)`,
    );
  }
  return categories;
}

function thresholdsOf(sorted: Float64Array, maxBins: number): Float64Array {
  const values = distinct(sorted, maxBins + 1);
  if (values.length <= maxBins) {
    const middles = new Float64Array(Math.max(0, values.length - 1));
    // Halved first where their sum would overflow.
    for (let i = 0; i < middles.length; i++) {
      const sum = values[i]! + values[i + 1]!;
      middles[i] = Number.isFinite(sum) ? sum * 0.5 : values[i]! * 0.5 + values[i + 1]! * 0.5;
    }
    return middles;
  }
  // The quantiles, half way between two neighbors, with the arithmetic of NumPy's percentile.
  const thresholds = new Float64Array(maxBins - 1);
  const step = 100 / maxBins;
  for (let i = 1; i < maxBins; i++) {
    const place = ((i * step) / 100) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    const gap = (high - low) * 0.5;
    thresholds[i - 1] = Number.isFinite(gap) ? high - gap : high * 0.5 + low * 0.5;
  }
  return thresholds;
}

/** The different values, `most` of them at most. */
function distinct(sorted: Float64Array, most: number): Float64Array {
  const found: number[] = [];
  for (let i = 0; i < sorted.length && found.length < most; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) found.push(sorted[i]!);
  }
  return Float64Array.from(found);
}

/** Rows as bins. */
export interface Binned {
  /** [n, d]. */
  readonly block: Block;
  /** Whether a column has missing values [d]. */
  readonly missing: Uint8Array;
}

/** Rows whose numbers are copied to the kernels' memory at once. */
const ROWS = 512;

/** The bins of n rows of a table, those at `places` or the first ones. O(n d). */
export function* toBins(
  { data, columns: d }: Matrix,
  places: Int32Array | null,
  n: number,
  columns: readonly Column[],
): Steps<Binned> {
  const block = new Block(n * d);
  const missing = new Uint8Array(d);
  const edges = new Block(8 * BINS * d);
  const part = new Block(8 * ROWS * d);
  try {
    const all = edges.float64(BINS * d).fill(Number.POSITIVE_INFINITY);
    for (const [j, { thresholds, categories }] of columns.entries()) all.set(categories ?? thresholds, j * BINS);
    const categorical = columns.flatMap(({ categories }, j) => (categories === null ? [] : [{ j, categories }]));
    for (let from = 0; from < n; from += ROWS) {
      const size = Math.min(n - from, ROWS) * d;
      const x = part.float64(size);
      if (places === null) x.set(data.subarray(from * d, from * d + size));
      else takeRowsTo(x, data, d, places.subarray(from, from + ROWS));
      const bins = block.uint8(size, from * d);
      binRows(bins, x, edges.float64(BINS * d), d);
      for (const { j, categories } of categorical) {
        for (let i = j; i < size; i += d) if (categories[bins[i]!] !== x[i]) bins[i] = MISSING;
      }
      for (let i = 0, j = 0; i < size; i++, j = j + 1 === d ? 0 : j + 1) if (bins[i] === MISSING) missing[j] = 1;
      yield;
    }
    return { block, missing };
  } catch (error) {
    block.free();
    throw error;
  } finally {
    edges.free();
    part.free();
  }
}
