import type { Steps } from '@maru-ml/base';
import { squaredDistances } from '@maru-ml/kernels/distance';
import type { Matrix } from '@maru-ml/tensor';
import { sortedPlaces } from './sorted-places.ts';

/** How distances are measured: √Σ(x - y)², Σ|x - y|, max |x - y|, or as they are given. */
export type VicinityMetric = 'euclidean' | 'manhattan' | 'chebyshev' | 'precomputed';

/** Finds the pairs of rows that are at most a distance apart. */
export interface Vicinity {
  /** Calls `found(i, j)` for each row i that is wanted and each row j near it, which i itself is too. */
  pairs(wanted: (i: number) => boolean, found: (i: number, j: number) => void): Steps<void>;
}

/** Columns whose cells are told apart, cells along each of them at most, and rows that are compared at once. */
const AXES = 3;
const CELLS = 2 ** 17;
const ROWS = 64;
const OTHERS = 1024;

/** Differences of numbers up to which pairs are compared without a kernel, whose call costs more. */
const SMALL = 2000;

/** Reads the pairs from a matrix of distances [n, n]. */
export function vicinityOfDistances({ data, rows: n }: Matrix, radius: number): Vicinity {
  return {
    *pairs(wanted, found) {
      for (let i = 0; i < n; i++) {
        if (!wanted(i)) continue;
        for (let j = 0; j < n; j++) if (j === i || data[i * n + j]! <= radius) found(i, j);
        yield;
      }
    },
  };
}

/**
 * Sorts the rows into the cells of a grid over their (at most three) widest columns, no narrower than the radius, so that
 * what is near a row lies in its own cell or one beside it. In few columns that leaves out almost all pairs; in many the
 * cells hold much, and the rows in them are compared by kernels.
 */
export function* gridVicinity(x: Matrix<Float64Array>, radius: number, metric: VicinityMetric): Steps<Vicinity> {
  const { rows: n, columns: d } = x;
  const grid = gridOf(x, radius);
  const order = yield* sortedPlaces(grid.keys);
  const sorted = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    sorted.set(x.data.subarray(order[i]! * d, (order[i]! + 1) * d), i * d);
    if (i % 65536 === 65535) yield;
  }
  // The cells that have rows: their keys, and where their rows start.
  const starts: number[] = [];
  for (let i = 0; i < n; i++) if (i === 0 || grid.keys[order[i]!] !== grid.keys[order[i - 1]!]) starts.push(i);
  const cells = Float64Array.from(starts, (start) => grid.keys[order[start]!]!);
  starts.push(n);

  const out = new Float64Array(ROWS * OTHERS);
  const limit = metric === 'euclidean' ? radius * radius : radius;
  return {
    *pairs(wanted, found) {
      let work = 0;
      // Where the runs of cells beside a cell begin and end, for each offset; they only rise from cell to cell.
      const firsts = new Int32Array(grid.offsets.length);
      const lasts = new Int32Array(grid.offsets.length);
      for (let cell = 0; cell < cells.length; cell++) {
        for (let from = starts[cell]!; from < starts[cell + 1]!; from += ROWS) {
          const to = Math.min(from + ROWS, starts[cell + 1]!);
          let any = false;
          for (let i = from; i < to && !any; i++) any = wanted(order[i]!);
          if (!any) continue;
          for (let place = 0; place < grid.offsets.length; place++) {
            // Cells beside each other along the last axis have keys one apart, so their rows lie together.
            const key = cells[cell]! + grid.offsets[place]!;
            firsts[place] = firstFrom(cells, key - grid.reach, firsts[place]!);
            lasts[place] = firstFrom(cells, key + grid.reach + 1, lasts[place]!);
            const last = starts[lasts[place]!]!;
            for (let other = starts[firsts[place]!]!; other < last; other += OTHERS) {
              const end = Math.min(other + OTHERS, last);
              const differences = (to - from) * (end - other) * d;
              if (metric === 'euclidean' && differences <= SMALL) {
                nearPairs(sorted, from, to, other, end, d, limit, order, wanted, found);
              } else {
                measure(metric, sorted, from, to, other, end, d, out);
                for (let i = from; i < to; i++) {
                  const row = order[i]!;
                  if (!wanted(row)) continue;
                  const at = (i - from) * (end - other) - other;
                  for (let j = other; j < end; j++) if (out[at + j]! <= limit) found(row, order[j]!);
                }
              }
              work += differences + 500;
              if (work < 2 ** 20) continue;
              work = 0;
              yield;
            }
          }
        }
      }
    },
  };
}

/** Tells of the pairs of rows `from` to `to` and `other` to `end` whose squared distance is at most `limit`. */
function nearPairs(
  x: Float64Array,
  from: number,
  to: number,
  other: number,
  end: number,
  d: number,
  limit: number,
  order: Int32Array,
  wanted: (i: number) => boolean,
  found: (i: number, j: number) => void,
): void {
  for (let i = from; i < to; i++) {
    const row = order[i]!;
    if (!wanted(row)) continue;
    for (let j = other, at = other * d; j < end; j++) {
      let squares = 0;
      for (let own = i * d; own < (i + 1) * d; own++, at++) {
        const apart = x[own]! - x[at]!;
        squares += apart * apart;
      }
      if (squares <= limit) found(row, order[j]!);
    }
  }
}

interface Grid {
  /** The cell of each row [n]. */
  keys: Float64Array;
  /** What leads from a cell's key to the middles of the runs of cells beside it. */
  offsets: number[];
  /** How many cells a run has on both sides of its middle. */
  reach: number;
}

function gridOf({ data, rows: n, columns: d }: Matrix<Float64Array>, radius: number): Grid {
  const least = data.slice(0, d);
  const most = data.slice(0, d);
  for (let at = 0; at < data.length; at++) {
    const j = at % d;
    if (data[at]! < least[j]!) least[j] = data[at]!;
    else if (data[at]! > most[j]!) most[j] = data[at]!;
  }
  const range = (j: number) => most[j]! / 2 - least[j]! / 2; // half of it, which cannot overflow
  const axes = [...least.keys()].filter((j) => range(j) > radius / 2);
  axes.sort((a, b) => range(b) - range(a)).splice(AXES);

  const keys = new Float64Array(n);
  let offsets = [0];
  const stride = CELLS + 4;
  for (const [place, j] of axes.entries()) {
    // A little wider than the radius, so that rounding cannot put a neighbor two cells away.
    const side = Math.max(radius * 1.000001, (2 * range(j)) / CELLS);
    for (let i = 0; i < n; i++) {
      const cell = Math.floor((data[i * d + j]! / 2 - least[j]! / 2) / (side / 2));
      keys[i] = keys[i]! * stride + cell + 1;
    }
    const steps = place === axes.length - 1 ? [0] : [-1, 0, 1];
    offsets = offsets.flatMap((offset) => steps.map((step) => offset * stride + step));
  }
  return { keys, offsets, reach: axes.length === 0 ? 0 : 1 };
}

/** The distances of rows `from` to `to` from rows `other` to `end`, squared if they are Euclidean. */
function measure(
  metric: VicinityMetric,
  x: Float64Array,
  from: number,
  to: number,
  other: number,
  end: number,
  d: number,
  out: Float64Array,
): void {
  const [n, m] = [to - from, end - other];
  if (metric === 'euclidean') {
    squaredDistances(x.subarray(from * d, to * d), x.subarray(other * d, end * d), n, m, d, out.subarray(0, n * m));
    return;
  }
  const sums = metric === 'manhattan';
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let distance = 0;
      for (let l = 0; l < d; l++) {
        const part = Math.abs(x[(from + i) * d + l]! - x[(other + j) * d + l]!);
        distance = sums ? distance + part : Math.max(distance, part);
      }
      out[i * m + j] = distance;
    }
  }
}

/** The first place whose number is at least `value`, not before `start`. */
function firstFrom(ascending: Float64Array, value: number, start: number): number {
  let place = start;
  while (place < ascending.length && ascending[place]! < value) place++;
  return place;
}
