import type { Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { exp } from '@maru-ml/kernels/scalar';
import { pairSquares } from '@maru-ml/kernels/squares';
import type { Matrix } from '@maru-ml/tensor';
import { rowsAtOnce } from './points.ts';
import type { SquareMatrix } from './square-matrix.ts';

/** A symmetric matrix without its diagonal, as rows that are scaled by its degrees: D^-1/2 A D^-1/2. */
export interface Graph {
  n: number;
  /** √ of the sum of each row of A [n]; 1 for rows without neighbors. */
  roots: Float64Array;
  /** How many rows have no neighbors. */
  isolated: number;
  /** out [b, n] = v [b, n] times the scaled matrix. */
  multiply(v: Float64Array, b: number, out: Float64Array): Steps<void>;
}

/** Fills `out` with e^(-γ ‖x - y‖²) of all pairs of rows. */
export function* rbfAffinity(
  { data: x, rows: n, columns: d }: Matrix<Float64Array>,
  gamma: number,
  out: SquareMatrix,
): Steps<void> {
  const most = Math.min(64, rowsAtOnce(n * (d + 24)));
  const block = new Float64Array(most * n);
  for (let from = 0; from < n; from += most) {
    const [rows, width] = [Math.min(most, n - from), n - from];
    pairSquares(
      x.subarray(from * d, (from + rows) * d),
      x.subarray(from * d),
      rows,
      width,
      d,
      block.subarray(0, rows * width),
    );
    const all = out.rows(0, n);
    for (let i = 0; i < rows; i++) mirror(block, i, width, gamma, all, from, n);
    yield;
  }
}

/** The affinities of row from + i to itself and those after it, in both halves of the matrix. */
function mirror(
  block: Float64Array,
  i: number,
  width: number,
  gamma: number,
  all: Float64Array,
  from: number,
  n: number,
): void {
  const row = from + i;
  for (let j = i; j < width; j++) {
    const affinity = exp(-gamma * block[i * width + j]!);
    all[row * n + from + j] = affinity;
    all[(from + j) * n + row] = affinity;
  }
}

/** Fills `out` with a matrix [n, n], scaled so that sums of its numbers are of usual size. */
export function givenAffinity({ data, rows: n }: Matrix<Float64Array>, out: SquareMatrix): void {
  const largest = data.reduce((most, value) => Math.max(most, value), 0);
  const scale = largest > 2 ** 400 || (largest < 2 ** -400 && largest > 0) ? largest : 1;
  const all = out.rows(0, n);
  for (let at = 0; at < all.length; at++) all[at] = data[at]! / scale;
}

/** The graph of a full matrix, which is overwritten. */
export function* denseGraph(matrix: SquareMatrix): Steps<Graph> {
  const { n } = matrix;
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) sums[i] = sumBeside(matrix.rows(i, i + 1), i);
  yield;
  const { roots, isolated } = rootsOf(sums);
  const most = rowsAtOnce(n);
  for (let i = 0; i < n; i++) {
    scale(matrix.rows(i, i + 1), roots, roots[i]!);
    if (i % most === most - 1) yield;
  }
  return {
    n,
    roots,
    isolated,
    *multiply(v, b, out) {
      out.fill(0);
      const strip = Math.max(1, Math.floor(2 ** 23 / (n * (b + 16))));
      for (let from = 0; from < n; from += strip) {
        const k = Math.min(strip, n - from);
        matmul(v.subarray(from), matrix.rows(from, from + k), out, { m: b, n, k, ldA: n, accumulate: true });
        yield;
      }
    },
  };
}

/** Empties place i of a row and sums up the others. */
function sumBeside(row: Float64Array, i: number): number {
  row[i] = 0;
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += row[j]!;
  return sum;
}

function scale(row: Float64Array, roots: Float64Array, root: number): void {
  for (let j = 0; j < row.length; j++) row[j] = row[j]! / (root * roots[j]!);
}

/** The graph that joins each row with the nearest others, by 1 if both are near each other, by 1/2 if one is. */
export function* neighborGraph(
  { data: x, rows: n, columns: d }: Matrix<Float64Array>,
  nNeighbors: number,
): Steps<Graph> {
  // A row counts as its own nearest neighbor, as in scikit-learn.
  const k = Math.min(nNeighbors, n) - 1;
  // The nearest rows of each row, ascending, and their distances [n, k].
  const [places, distances] = [new Int32Array(n * k), new Float64Array(n * k).fill(Number.POSITIVE_INFINITY)];
  const most = Math.min(64, rowsAtOnce(n * (d + 16)));
  const block = new Float64Array(most * n);
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    pairSquares(x.subarray(from * d, to * d), x, to - from, to, d, block);
    for (let i = from; i < to; i++)
      offer(block.subarray((i - from) * to, (i - from) * to + i), i, k, places, distances);
    yield;
  }
  const near: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  for (let at = 0; at < places.length; at++) {
    const [i, j] = [Math.floor(at / k), places[at]!];
    near[i]!.set(j, (near[i]!.get(j) ?? 0) + 0.5);
    near[j]!.set(i, (near[j]!.get(i) ?? 0) + 0.5);
  }
  const { roots, isolated } = rootsOf(Float64Array.from(near, (row) => [...row.values()].reduce((s, v) => s + v, 0)));
  const starts = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) starts[i + 1] = starts[i]! + near[i]!.size;
  const columns = new Int32Array(starts[n]!);
  const values = new Float64Array(starts[n]!);
  for (let i = 0, at = 0; i < n; i++) {
    for (const [j, value] of near[i]!) {
      columns[at] = j;
      values[at++] = value / (roots[i]! * roots[j]!);
    }
  }
  return {
    n,
    roots,
    isolated,
    *multiply(v, b, out) {
      for (let c = 0; c < b; c++) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let at = starts[i]!; at < starts[i + 1]!; at++) sum += values[at]! * v[c * n + columns[at]!]!;
          out[c * n + i] = sum;
        }
        yield;
      }
    },
  };
}

/** Takes row i and those before it, at these squared distances, among each other's nearest rows if they are; of equals the first. */
function offer(squares: Float64Array, i: number, k: number, places: Int32Array, distances: Float64Array): void {
  for (let j = 0; j < i; j++) {
    insert(squares[j]!, j, i * k, (i + 1) * k - 1, places, distances);
    insert(squares[j]!, i, j * k, (j + 1) * k - 1, places, distances);
  }
}

/** Inserts a row into a list that ascends from `first` to `last`, unless it is too far away. */
function insert(
  square: number,
  row: number,
  first: number,
  last: number,
  places: Int32Array,
  distances: Float64Array,
): void {
  if (last < first || square >= distances[last]!) return;
  let at = last;
  for (; at > first && distances[at - 1]! > square; at--) {
    distances[at] = distances[at - 1]!;
    places[at] = places[at - 1]!;
  }
  distances[at] = square;
  places[at] = row;
}

function rootsOf(sums: Float64Array): { roots: Float64Array; isolated: number } {
  let isolated = 0;
  for (const sum of sums) if (sum === 0) isolated++;
  return { roots: sums.map((sum) => (sum === 0 ? 1 : Math.sqrt(sum))), isolated };
}
