import { DataError } from '@maru-ml/base';
import { decodeArray, encodeArray, type Matrix } from '@maru-ml/tensor';

/** The trees of a boosting model as flat arrays: nodes of all trees one after the other, a node's right child after its left one. */
export interface TreeArrays {
  /** The first node of each tree [trees]. */
  readonly roots: Int32Array;
  /** The column that a node asks for; -1 at leaves [nodes]. */
  readonly columns: Int32Array;
  /** Values up to here go left; at leaves what is predicted [nodes]. */
  readonly values: Float64Array;
  /** The left child; -1 at leaves [nodes]. */
  readonly lefts: Int32Array;
  /** `MISSING_LEFT` and `CATEGORICAL` [nodes]. */
  readonly flags: Uint8Array;
  /** Of a categorical node where its categories begin, how many go left, and how many right [nodes, 3]. */
  readonly places: Int32Array;
  /** Categories in ascending order: for each such node those that go left, then those that go right. */
  readonly categories: Float64Array;
}

/** Missing values and unknown categories go left. */
export const MISSING_LEFT = 1;
/** The node's column is categorical. */
export const CATEGORICAL = 2;

/** A node's question. */
export interface Question {
  column: number;
  threshold: number;
  missingLeft: boolean;
  /** The categories that go left and right; null for an ordered column. */
  categories: { left: Float64Array; right: Float64Array } | null;
}

/** Collects nodes while trees grow. */
export class TreeBuilder {
  readonly #roots: number[] = [];
  readonly #columns: number[] = [];
  readonly #values: number[] = [];
  readonly #lefts: number[] = [];
  readonly #flags: number[] = [];
  readonly #places: number[] = [];
  readonly #categories: number[] = [];

  /** Starts a tree and returns the place of its root. */
  root(): number {
    const place = this.#leaf();
    this.#roots.push(place);
    return place;
  }

  /** Splits a leaf and returns the place of its left child; the right one is next to it. */
  split(place: number, { column, threshold, missingLeft, categories }: Question): number {
    this.#columns[place] = column;
    this.#values[place] = threshold;
    this.#flags[place] = (missingLeft ? MISSING_LEFT : 0) | (categories === null ? 0 : CATEGORICAL);
    if (categories !== null) {
      this.#places[3 * place] = this.#categories.length;
      this.#places[3 * place + 1] = categories.left.length;
      this.#places[3 * place + 2] = categories.right.length;
      this.#categories.push(...categories.left, ...categories.right);
    }
    const child = this.#leaf();
    this.#leaf();
    this.#lefts[place] = child;
    return child;
  }

  /** Sets what a leaf predicts. */
  predicts(place: number, value: number): void {
    this.#values[place] = value;
  }

  /** The trees from `first` on. */
  arrays(first = 0): TreeArrays {
    const start = this.#roots[first] ?? this.#columns.length;
    return {
      roots: Int32Array.from(this.#roots.slice(first), (root) => root - start),
      columns: Int32Array.from(this.#columns.slice(start)),
      values: Float64Array.from(this.#values.slice(start)),
      lefts: Int32Array.from(this.#lefts.slice(start), (left) => (left < 0 ? left : left - start)),
      flags: Uint8Array.from(this.#flags.slice(start)),
      places: Int32Array.from(this.#places.slice(3 * start)),
      categories: Float64Array.from(this.#categories),
    };
  }

  #leaf(): number {
    this.#columns.push(-1);
    this.#values.push(0);
    this.#lefts.push(-1);
    this.#flags.push(0);
    this.#places.push(0, 0, 0);
    return this.#columns.length - 1;
  }
}

/** Rows that go through all trees before the next ones: their sums stay in the nearest cache. */
const ROWS = 256;

/**
 * Adds what the trees from `from` to `to` say of rows to `raw` [outputs, rows]; tree t is of output t mod `outputs`.
 * O(rows · trees · depth).
 * @param places which rows of the table these are; null, all
 */
export function addTrees(
  trees: TreeArrays,
  { data, rows, columns: d }: Matrix,
  raw: Float64Array,
  outputs: number,
  from = 0,
  to: number = trees.roots.length,
  places: Int32Array | null = null,
): void {
  for (let start = 0; start < rows; start += ROWS) {
    const stop = Math.min(rows, start + ROWS);
    for (let t = from; t < to; t++) {
      const root = trees.roots[t]!;
      const out = (t % outputs) * rows;
      for (let i = start; i < stop; i++) {
        const row = places === null ? i : places[i]!;
        raw[out + i]! += trees.values[leafOf(trees, root, data, row * d)]!;
      }
    }
  }
}

/** The leaf that the row at place `at` comes to. */
export function leafOf(trees: TreeArrays, root: number, x: ArrayLike<number>, at: number): number {
  const { columns, values, lefts, flags } = trees;
  let node = root;
  for (let j = columns[node]!; j >= 0; j = columns[node]!) {
    const value = x[at + j]!;
    if (flags[node]! < CATEGORICAL) {
      // NaN is never up to the threshold.
      const left = value <= values[node]! || (flags[node] === MISSING_LEFT && Number.isNaN(value));
      node = lefts[node]! + (left ? 0 : 1);
    } else node = lefts[node]! + (categoryGoesLeft(trees, node, value) ? 0 : 1);
  }
  return node;
}

function categoryGoesLeft({ places, categories, flags }: TreeArrays, node: number, value: number): boolean {
  const [start, left, right] = [places[3 * node]!, places[3 * node + 1]!, places[3 * node + 2]!];
  for (let i = start; i < start + left; i++) if (categories[i] === value) return true;
  for (let i = start + left; i < start + left + right; i++) if (categories[i] === value) return false;
  return (flags[node]! & MISSING_LEFT) !== 0;
}

/** The arrays for a model's JSON form. */
export function treesToJSON(trees: TreeArrays): object {
  return Object.fromEntries(Object.entries(trees).map(([name, array]) => [name, encodeArray(array)]));
}

/** The trees of a model's JSON form. @throws DataError for what are no trees */
export function savedTrees(owner: string, saved: unknown, nColumns: number): TreeArrays {
  const json = Object(saved) as Record<string, unknown>;
  const ints = (name: string) => decodeArray(owner, `trees.${name}`, json[name], { dtype: 'int32', shape: [-1] });
  const floats = (name: string) => decodeArray(owner, `trees.${name}`, json[name], { dtype: 'float64', shape: [-1] });
  const trees: TreeArrays = {
    roots: ints('roots'),
    columns: ints('columns'),
    values: floats('values'),
    lefts: ints('lefts'),
    flags: decodeArray(owner, 'trees.flags', json.flags, { dtype: 'uint8', shape: [-1] }),
    places: ints('places'),
    categories: floats('categories'),
  };
  const { roots, columns, values, lefts, flags, places, categories } = trees;
  const n = columns.length;
  let good = [values, lefts, flags].every(({ length }) => length === n) && places.length === 3 * n;
  good &&= roots.length > 0 && roots.every((root) => root >= 0 && root < n);
  for (let i = 0; good && i < n; i++) {
    good =
      columns[i]! < nColumns && (columns[i]! < 0 ? Number.isFinite(values[i]) : lefts[i]! > i && lefts[i]! + 1 < n);
    const [start, left, right] = [places[3 * i]!, places[3 * i + 1]!, places[3 * i + 2]!];
    good &&= start >= 0 && left >= 0 && right >= 0 && start + left + right <= categories.length;
  }
  if (!good) throw new DataError(`${owner}: trees must be whole, with children behind their parents`);
  return trees;
}
