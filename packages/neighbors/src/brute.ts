import { matmul } from '@maru-ml/kernels/blas';
import { allocate, float32View, release } from '@maru-ml/kernels/memory';
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
    offerAll(rows, queries, i, measure, nearest);
    put(nearest, i, places, ranks);
  }
}

/** Offers all rows to a query's nearest. */
function offerAll(rows: Rows, queries: Rows, i: number, measure: Measure, nearest: Nearest): void {
  const { data, n, d } = rows;
  for (let j = 0; j < n; j++) {
    const rank = measure.rank(queries.data, i * d, data, j * d, d);
    if (rank <= nearest.worst) nearest.offer(rank, j);
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

  /** False if there is no memory, or queries are too far away for float32. */
  search(queries: Rows, k: number, measure: Measure, places: Int32Array, ranks: Float64Array): boolean {
    const { n, d } = this.#rows;
    const m = Math.max(1, Math.min(queries.n, Math.floor(HELD / n)));
    const bytes = 4 * (n * d + m * d + m * n);
    const address = allocate(bytes);
    const make = (offset: number, length: number) =>
      address === 0 ? new Float32Array(length) : float32View(address + 4 * offset, length);
    try {
      const x = make(0, n * d);
      const lengths = this.#fill(this.#rows, 0, n, x);
      const farthest = Math.sqrt(lengths.reduce((most, length) => Math.max(most, length), 0));
      const nearest = new Nearest(k);
      for (let from = 0; from < queries.n; from += m) {
        const count = Math.min(m, queries.n - from);
        const q = make(n * d, count * d);
        const own = this.#fill(queries, from, count, q);
        if (own.some((length) => !(length < 2 ** 100))) return false;
        const products = make(n * d + m * d, count * n);
        matmul(q, x, products, { m: count, n, k: d, transB: true });
        for (let i = 0; i < count; i++) {
          const size = Math.sqrt(own[i]!) + farthest;
          // What float32 can be wrong by: in its numbers, the products, and their sums.
          const slack = 4 * (d + 8) * UNIT * size * size;
          this.#nearestOf(queries, from + i, products, i, lengths, slack, measure, nearest);
          put(nearest, from + i, places, ranks);
        }
      }
      return true;
    } finally {
      release(address, bytes);
    }
  }

  /** Centered and scaled rows to `out`; returns their squared lengths. */
  #fill({ data, d }: Rows, from: number, count: number, out: Float32Array): Float64Array {
    const lengths = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < d; j++) {
        const value = Math.fround((data[(from + i) * d + j]! - this.#center[j]!) * this.#scale);
        out[i * d + j] = value;
        lengths[i]! += value * value;
      }
    }
    return lengths;
  }

  /** Exact distances of all rows that may be among the nearest of a query. */
  #nearestOf(
    queries: Rows,
    query: number,
    products: Float32Array,
    row: number,
    lengths: Float64Array,
    slack: number,
    measure: Measure,
    nearest: Nearest,
  ): void {
    const { data, n, d } = this.#rows;
    const at = row * n;
    nearest.clear();
    for (let j = 0; j < n; j++) {
      const rough = lengths[j]! - 2 * products[at + j]!;
      if (rough < nearest.worst) nearest.offer(rough, j);
    }
    const bound = nearest.worst + slack;
    nearest.clear();
    for (let j = 0; j < n; j++) {
      if (lengths[j]! - 2 * products[at + j]! > bound) continue;
      nearest.offer(measure.rank(queries.data, query * d, data, j * d, d), j);
    }
  }
}
