import { choose, DataError, OptionError, type RandomStream, type Steps, sortSteps } from '@maru-ml/base';
import { BINS } from '@maru-ml/kernels/histogram';
import type { Matrix } from '@maru-ml/tensor';
import type { Block } from './block.ts';

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
 * @param places which rows count; null, all. Categories count in all rows, so that none is unknown
 */
export function* findBins(
  { data, rows: n, columns: d }: Matrix,
  places: Int32Array | null,
  maxBins: number,
  categorical: Uint8Array,
  random: RandomStream,
  owner: string,
): Steps<Column[]> {
  const count = places?.length ?? n;
  const drawn = count > SAMPLE ? choose(random, count, SAMPLE) : null;
  const sample = drawn !== null && places !== null ? drawn.map((at) => places[at]!) : (drawn ?? places);
  const columns: Column[] = [];
  const room = new Float64Array(sample?.length ?? n);
  for (let j = 0; j < d; j++) {
    const looked = categorical[j] === 1 ? null : sample;
    const different = new Set<number>();
    let found = 0;
    for (let i = 0; i < (looked?.length ?? n); i++) {
      // Adding 0 makes -0 a plain zero.
      const value = data[(looked === null ? i : looked[i]!) * d + j]! + 0;
      if (!Number.isNaN(value)) {
        if (categorical[j] === 0) room[found++] = value;
        else if (different.size <= maxBins) different.add(value);
      }
      if (i % STRETCH === STRETCH - 1) yield;
    }
    columns.push(
      categorical[j] === 0
        ? { thresholds: thresholdsOf(yield* sortSteps(room.subarray(0, found)), maxBins), categories: null }
        : { thresholds: new Float64Array(0), categories: categoriesOf(different, j, maxBins, owner) },
    );
    yield;
  }
  return columns;
}

function categoriesOf(different: ReadonlySet<number>, j: number, maxBins: number, owner: string): Float64Array {
  if (different.size > maxBins) {
    throw new OptionError(
      `${owner}: categorical column ${j} has more than ${maxBins} categories, as many as maxBins; leave it out of categoricalFeatures`,
    );
  }
  const categories = Float64Array.from(different).sort();
  const bad = categories.find((value) => !Number.isInteger(value));
  if (bad !== undefined) {
    throw new DataError(
      `${owner}: categorical column ${j} must hold integers, got ${bad}; encode it (see OrdinalEncoder)`,
    );
  }
  return categories;
}

function thresholdsOf(sorted: Float64Array, maxBins: number): Float64Array {
  const values: number[] = [];
  for (let i = 0; i < sorted.length && values.length <= maxBins; i++) {
    if (sorted[i] !== values.at(-1)) values.push(sorted[i]!);
  }
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

/** Rows that are put into bins between two pauses, column by column: what is read stays in the nearest cache. */
const ROWS = 512;

/** The bins of a table's rows, written to `block`. O(n d). */
export function* toBins(
  { data, rows: n, columns: d }: Matrix,
  columns: readonly Column[],
  block: Block,
): Steps<Uint8Array> {
  const missing = new Uint8Array(d);
  // What bins are told by, infinite after the last one.
  const edges = columns.map(({ thresholds, categories }) => {
    const all = new Float64Array(BINS).fill(Number.POSITIVE_INFINITY);
    all.set(categories ?? thresholds);
    return all;
  });
  for (let from = 0; from < n; from += ROWS) {
    const size = Math.min(n - from, ROWS) * d;
    const bins = block.view(Uint8Array, size, from * d);
    for (let j = 0; j < d; j++) {
      const [own, { categories }] = [edges[j]!, columns[j]!];
      for (let i = j; i < size; i += d) {
        const value = data[from * d + i]!;
        let bin = binOf(own, value);
        if (categories === null ? Number.isNaN(value) : categories[bin] !== value) {
          bin = MISSING;
          missing[j] = 1;
        }
        bins[i] = bin;
      }
    }
    yield;
  }
  return missing;
}

/**
 * How many edges [256] are below a number. Without branches, since nobody can tell which way they would go, and written out, which
 * is twice as fast as a loop.
 */
function binOf(edges: Float64Array, value: number): number {
  let bin = Number(edges[127]! < value) << 7;
  bin += Number(edges[bin + 63]! < value) << 6;
  bin += Number(edges[bin + 31]! < value) << 5;
  bin += Number(edges[bin + 15]! < value) << 4;
  bin += Number(edges[bin + 7]! < value) << 3;
  bin += Number(edges[bin + 3]! < value) << 2;
  bin += Number(edges[bin + 1]! < value) << 1;
  return bin + Number(edges[bin]! < value);
}
