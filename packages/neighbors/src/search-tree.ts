import type { Steps } from '@maru-ml/base';
import type { Rows } from './rows-searched.ts';

/** What tells how near the rows of a node can be. */
export interface Bounds {
  /** What `least` found [nodes]. */
  readonly ranks: Float64Array;
  /** The least rank that a row of the node can have to a query, to `ranks[node]`. */
  least(query: ArrayLike<number>, at: number, node: number): void;
}

/**
 * Rows in a binary tree: each node splits its rows at the median of the column in which they are widest, down to leaves. A search goes to
 * the nearer child first and leaves out nodes that cannot hold a nearer row than those found. Building costs O(n log n · d).
 */
export class SearchTree {
  readonly rows: Rows;
  /** The rows' places in the order of the tree. */
  readonly order: Int32Array;
  /** The first and the last but one place in `order` of each node; the children of node i are 2i + 1 and 2i + 2. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly levels: number;

  constructor(rows: Rows, levels: number, order: Int32Array, starts: Int32Array, ends: Int32Array) {
    this.rows = rows;
    this.levels = levels;
    this.order = order;
    this.starts = starts;
    this.ends = ends;
  }

  isLeaf(node: number): boolean {
    return node >= 2 ** (this.levels - 1) - 1;
  }
}

/** Splits rows into a tree whose leaves hold about `leafSize` of them. */
export function* buildTree(rows: Rows, leafSize: number): Steps<SearchTree> {
  const { n } = rows;
  const levels = Math.max(1, 1 + Math.floor(Math.log2(Math.max(1, (n - 1) / leafSize))));
  const nodes = 2 ** levels - 1;
  const [starts, ends] = [new Int32Array(nodes), new Int32Array(nodes)];
  const order = Int32Array.from({ length: n }, (_, i) => i);
  ends[0] = n;
  let work = 0;
  for (let node = 0; node < 2 ** (levels - 1) - 1; node++) {
    const [start, end] = [starts[node]!, ends[node]!];
    const middle = (start + end) >> 1;
    if (end - start > 1) splitAt(rows, order, start, end, middle, widest(rows, order, start, end));
    starts[2 * node + 1] = start;
    ends[2 * node + 1] = middle;
    starts[2 * node + 2] = middle;
    ends[2 * node + 2] = end;
    work += (end - start) * rows.d;
    if (work < 2 ** 19) continue;
    work = 0;
    yield;
  }
  return new SearchTree(rows, levels, order, starts, ends);
}

/** The column in which rows differ most. */
function widest({ data, d }: Rows, order: Int32Array, start: number, end: number): number {
  let [best, column] = [-1, 0];
  for (let j = 0; j < d; j++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = start; i < end; i++) {
      const value = data[order[i]! * d + j]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > best) [best, column] = [high - low, j];
  }
  return column;
}

/** Puts the rows from `middle` on above those before it, in a column (Hoare's selection; of equal numbers the lower places first). */
function splitAt(
  { data, d }: Rows,
  order: Int32Array,
  start: number,
  end: number,
  middle: number,
  column: number,
): void {
  const below = (a: number, value: number, place: number) => {
    const own = data[a * d + column]!;
    return own < value || (own === value && a < place);
  };
  let [low, high] = [start, end - 1];
  while (low < high) {
    const pivot = order[(low + high) >> 1]!;
    const value = data[pivot * d + column]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (below(order[i]!, value, pivot)) i++;
      while (order[j] !== pivot && !below(order[j]!, value, pivot)) j--;
      if (i > j) break;
      const swapped = order[i]!;
      order[i++] = order[j]!;
      order[j--] = swapped;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
