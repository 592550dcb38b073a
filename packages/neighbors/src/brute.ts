import { matmul } from '@maru-ml/kernels/blas';
import { allocate, float32View, release } from '@maru-ml/kernels/memory';
import { Found } from './found.ts';
import type { Measure } from './metrics.ts';
import { Nearest } from './nearest.ts';
import type { Rows } from './rows-searched.ts';

/** Numbers of distances held at once. */
const HELD = 2 ** 20;
/** Half the distance between 1 and the next float32. */
const UNIT = 2 ** -24;

/**
 * The k nearest rows of each query by comparing with all, nearest first: places to `places` [m, k] and ranks to `ranks` [m, k].
 *
 * Euclidean distances of many rows are taken in float32 first, as ‖q‖² + ‖x‖² - 2 q·x of centered rows by a product of matrices; those that
 * rounding may have kept from being among the nearest are taken once more, exactly. O(m n d).
 */
export function bruteForce(
  rows: Rows,
  queries: Rows,
  k: number,
  measure: Measure,
  places: Int32Array,
  ranks: Float64Array,
): void {
  if (measure.metric === 'euclidean' && rows.n * rows.d >= 2 ** 14 && queries.n >= 8) {
    if (new Screen(rows).search(queries, k, measure, places, ranks)) return;
  }
  const nearest = new Nearest(k);
  for (let i = 0; i < queries.n; i++) {
    nearest.clear();
    offerAll(rows, queries.data, i * queries.d, measure, nearest);
    put(nearest, i, places, ranks);
  }
}

/** Offers all rows to the nearest of the query that begins at `at`. */
export function offerAll(rows: Rows, query: ArrayLike<number>, at: number, measure: Measure, nearest: Nearest): void {
  const { data, n, d } = rows;
  for (let j = 0; j < n; j++) {
    measure.rank(query, at, data, j * d, d, nearest.rank, 0);
    nearest.offer(j);
  }
}

/** Writes what was found for query i. */
export function put(nearest: Nearest, i: number, places: Int32Array, ranks: Float64Array): void {
  nearest.sort();
  places.set(nearest.places, i * nearest.k);
  ranks.set(nearest.ranks, i * nearest.k);
}

/** Centered rows in float32, with their squared lengths. */
class Screen {
  readonly #rows: Rows;
  readonly #center: Float64Array;
  readonly #scale: number;

  constructor(rows: Rows) {
    const { data, n, d } = rows;
    this.#rows = rows;
    this.#center = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) this.#center[j]! += data[i * d + j]! / n;
    let most = 0;
    for (let at = 0; at < data.length; at++) most = Math.max(most, Math.abs(data[at]! - this.#center[at % d]!));
    // Rows of a size about 1 neither overflow nor vanish in float32; a power of 2 changes no digit.
    this.#scale = most > 0 && most < Number.POSITIVE_INFINITY ? 2 ** -Math.round(Math.log2(most)) : 1;
  }

  /** False if queries are too far away for float32. */
  search(queries: Rows, k: number, measure: Measure, places: Int32Array, ranks: Float64Array): boolean {
    const { n, d } = this.#rows;
    const width = d + 1;
    const m = Math.max(1, Math.min(queries.n, Math.floor(HELD / n)));
    const bytes = 4 * (n * width + m * width + m * n);
    const address = allocate(bytes);
    const heap = address === 0 ? new ArrayBuffer(bytes) : null;
    const make = (offset: number, length: number) =>
      heap === null ? float32View(address + 4 * offset, length) : new Float32Array(heap, 4 * offset, length);
    try {
      // [x, ‖x‖²] times [-2 q, 1] is ‖q - x‖² but for ‖q‖², which is the same for all rows.
      const x = make(0, n * width);
      const farthest = Math.sqrt(
        this.#fill(this.#rows, 0, n, x, 1).reduce((most, length) => Math.max(most, length), 0),
      );
      const nearest = new Nearest(k);
      const candidates = new Found();
      for (let from = 0; from < queries.n; from += m) {
        const count = Math.min(m, queries.n - from);
        const q = make(n * width, count * width);
        const lengths = this.#fill(queries, from, count, q, -2);
        if (lengths.some((length) => !(length < 2 ** 100))) return false;
        const rough = make(n * width + m * width, count * n);
        matmul(q, x, rough, { m: count, n, k: width, transB: true });
        for (let i = 0; i < count; i++) {
          const size = Math.sqrt(lengths[i]!) + farthest;
          // What float32 can be wrong by: in its numbers, the products, and their sums.
          const slack = 4 * (d + 8) * UNIT * size * size;
          this.#nearestOf(queries, from + i, rough, i * n, slack, measure, nearest, candidates);
          put(nearest, from + i, places, ranks);
        }
      }
      return true;
    } finally {
      release(address, bytes);
    }
  }

  /** Centered and scaled rows, `factor` times, to `out`, with what belongs beside them; returns their squared lengths. */
  #fill({ data, d }: Rows, from: number, count: number, out: Float32Array, factor: 1 | -2): Float64Array {
    const lengths = new Float64Array(count);
    const width = d + 1;
    for (let i = 0; i < count; i++) {
      let length = 0;
      for (let j = 0; j < d; j++) {
        const value = Math.fround((data[(from + i) * d + j]! - this.#center[j]!) * this.#scale);
        out[i * width + j] = factor * value;
        length += value * value;
      }
      out[i * width + d] = factor === 1 ? length : 1;
      lengths[i] = length;
    }
    return lengths;
  }

  /** Exact distances of all rows that may be among the nearest of a query. */
  #nearestOf(
    queries: Rows,
    query: number,
    rough: Float32Array,
    at: number,
    slack: number,
    measure: Measure,
    nearest: Nearest,
    candidates: Found,
  ): void {
    const { data, n, d } = this.#rows;
    nearest.clear();
    candidates.clear();
    let limit = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      const rank = rough[at + j]!;
      if (rank > limit) continue;
      candidates.rank[0] = rank;
      candidates.add(j);
      nearest.rank[0] = rank;
      nearest.offer(j);
      if (nearest.size === nearest.k) limit = nearest.ranks[0]! + slack;
    }
    nearest.clear();
    for (let c = 0; c < candidates.size; c++) {
      if (candidates.ranks[c]! > limit) continue;
      const j = candidates.places[c]!;
      measure.rank(queries.data, query * d, data, j * d, d, nearest.rank, 0);
      nearest.offer(j);
    }
  }
}
