import type { Steps } from '@maru-ml/base';
import { addRows, BINS, bestSplit, partitionRows, subtractHistogram } from '@maru-ml/kernels/histogram';
import { type Binned, type Column, MISSING } from './bin-mapper.ts';
import { Block } from './block.ts';
import { categorySplit } from './category-split.ts';
import type { ColumnChoice } from './column-choice.ts';
import type { TreeBuilder } from './trees.ts';

/** What decides where a tree is split. */
export interface GrowOptions {
  readonly maxLeafNodes: number | null;
  readonly maxDepth: number | null;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
  readonly learningRate: number;
}

/** What the kernel is told of a column that it is not to split. */
const SKIPPED = 2;
/** Least Σ hessian of a child. */
const LEAST_HESSIAN = 1e-3;

/** The best split of a node. */
export interface Split {
  gain: number;
  column: number;
  /** The last bin that goes left. */
  bin: number;
  missingLeft: boolean;
  leftG: number;
  leftH: number;
  rightG: number;
  rightH: number;
  /** The bins that go left, where the column is categorical. */
  categories: Uint8Array | null;
}

/** A node that is a leaf so far: its rows lie together from `start` to `stop`. */
export interface GrownNode {
  /** Its place in the tree. */
  place: number;
  start: number;
  stop: number;
  depth: number;
  g: number;
  h: number;
  value: number;
  /** Bounds of the values below, from constraints. */
  low: number;
  high: number;
  /** The groups of columns that it may ask about. */
  groups: readonly number[];
  histogram: Block | null;
  split: Split | null;
}

/**
 * Grows trees on binned rows, always splitting the leaf that gains most. A node's histogram is its parent's less its
 * sibling's, so that only the smaller of two children is added up. O(n d) for each level and 256 d for each node.
 */
export class Grower {
  readonly n: number;
  readonly d: number;
  readonly #bins: Block;
  readonly #columns: readonly Column[];
  readonly #hasMissing: Uint8Array;
  readonly #constraints: Int8Array;
  readonly #choice: ColumnChoice;
  readonly #options: GrowOptions;
  /** Rows by node, and room for parting them. */
  readonly #rows: Block;
  readonly #work: Block;
  /** What kernels are told of columns and of a node, and what they answer. */
  readonly #small: Block;
  readonly #pool: Block[] = [];
  readonly #counted: boolean;

  /** @param counted whether hessians differ, so that rows are counted apart */
  constructor(
    n: number,
    { block, missing }: Binned,
    columns: readonly Column[],
    constraints: Int8Array,
    choice: ColumnChoice,
    counted: boolean,
    options: GrowOptions,
  ) {
    const d = columns.length;
    this.n = n;
    this.d = d;
    this.#bins = block;
    this.#hasMissing = missing;
    this.#columns = columns;
    this.#constraints = constraints;
    this.#choice = choice;
    this.#counted = counted;
    this.#options = options;
    this.#rows = new Block(4 * n);
    this.#work = new Block(4 * n + 4);
    this.#small = new Block(8 * 16 + 12 * d + BINS);
    const info = this.#small.int32(3 * d, 8 * 16);
    for (const [j, { thresholds, categories }] of columns.entries()) {
      info[3 * j] = thresholds.length + 1;
      info[3 * j + 1] = this.#hasMissing[j]!;
      info[3 * j + 2] = categories === null ? constraints[j]! : SKIPPED;
    }
  }

  /**
   * Grows a tree into `builder` and returns its leaves, whose values are not yet multiplied by the learning rate.
   * @param gradients where the pairs of first and second derivatives [n, 2] lie now
   */
  *grow(gradients: () => Float32Array, builder: TreeBuilder): Steps<GrownNode[]> {
    const { maxLeafNodes, maxDepth, minSamplesLeaf } = this.#options;
    const leaves: GrownNode[] = [];
    const open: GrownNode[] = [];
    const root = this.#root(gradients(), builder);
    if (this.n < 2 * minSamplesLeaf || root.h < LEAST_HESSIAN) return [root];
    root.histogram = yield* this.#added(gradients, 0, this.n);
    this.#keepOrClose(root, open, leaves);
    try {
      while (open.length > 0) {
        const node = takeBest(open);
        const [left, right] = this.#part(node, builder);
        const atEnd = maxLeafNodes !== null && leaves.length + open.length + 2 === maxLeafNodes;
        const toSplit = [left, right].filter(
          (child) => !atEnd && child.depth !== maxDepth && child.stop - child.start >= 2 * minSamplesLeaf,
        );
        for (const child of [left, right]) if (!toSplit.includes(child)) leaves.push(child);
        if (toSplit.length > 0) {
          yield;
          yield* this.#histograms(gradients, node, left, right);
          for (const child of [left, right]) {
            if (toSplit.includes(child)) this.#keepOrClose(child, open, leaves);
            else this.#giveBack(child);
          }
        }
        this.#giveBack(node);
        if (atEnd) {
          for (const rest of open.splice(0)) {
            this.#giveBack(rest);
            leaves.push(rest);
          }
        }
        yield;
      }
    } finally {
      for (const rest of open) this.#giveBack(rest);
    }
    return leaves;
  }

  /** The rows of a leaf. */
  rowsOf({ start, stop }: GrownNode): Int32Array {
    return this.#rows.int32(stop - start, 4 * start);
  }

  free(): void {
    for (const block of [this.#rows, this.#work, this.#small, ...this.#pool]) block.free();
  }

  #root(gradients: Float32Array, builder: TreeBuilder): GrownNode {
    const { n } = this;
    const rows = this.#rows.int32(n);
    let [g, h] = [0, 0];
    for (let i = 0; i < n; i++) {
      rows[i] = i;
      g += gradients[2 * i]!;
      h += gradients[2 * i + 1]!;
    }
    const bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    return {
      place: builder.root(),
      start: 0,
      stop: n,
      depth: 0,
      g,
      h,
      value: 0,
      ...bounds,
      groups: this.#choice.atRoot(),
      histogram: null,
      split: null,
    };
  }

  /** A histogram of the rows from `start` to `stop`. */
  *#added(gradients: () => Float32Array, start: number, stop: number): Steps<Block> {
    const { n, d } = this;
    const block = this.#pool.pop() ?? new Block(d * BINS * (this.#counted ? 20 : 16));
    block.uint8(block.bytes).fill(0);
    const most = Math.max(1, Math.floor(2 ** 20 / d));
    for (let from = start; from < stop; from += most) {
      const to = Math.min(stop, from + most);
      const rows = this.#rows.int32(to - from, 4 * from);
      addRows(this.#pairs(block), this.#counts(block), this.#bins.uint8(n * d), gradients(), rows, d);
      if (to < stop) yield;
    }
    return block;
  }

  /** The histograms of two children: the smaller one is added up, the other is what is left of their parent's. */
  *#histograms(gradients: () => Float32Array, node: GrownNode, left: GrownNode, right: GrownNode): Steps<void> {
    const leftIsSmaller = left.stop - left.start < right.stop - right.start;
    const [small, large] = leftIsSmaller ? [left, right] : [right, left];
    small.histogram = yield* this.#added(gradients, small.start, small.stop);
    const [whole, part] = [node.histogram!, small.histogram];
    subtractHistogram(this.#pairs(whole), this.#counts(whole), this.#pairs(part), this.#counts(part), this.d);
    large.histogram = whole;
    node.histogram = null;
  }

  /** Finds a node's best split; without one it is a leaf. */
  #keepOrClose(node: GrownNode, open: GrownNode[], leaves: GrownNode[]): void {
    node.split = this.#best(node);
    if (node.split !== null) open.push(node);
    else {
      this.#giveBack(node);
      leaves.push(node);
    }
  }

  #best(node: GrownNode): Split | null {
    const { d } = this;
    const { minSamplesLeaf, l2Regularization } = this.#options;
    const histogram = node.histogram!;
    const out = this.#small.float64(8);
    const told = this.#small.float64(8, 64);
    const bounds = [node.low, node.high, l2Regularization, LEAST_HESSIAN];
    told.set([node.g, node.h, node.stop - node.start, node.value, ...bounds]);
    const [pairs, counts] = [this.#pairs(histogram), this.#counts(histogram)];
    const info = this.#small.int32(3 * d, 8 * 16);
    const chosen = this.#choice.isFree ? null : this.#choice.draw(node.groups);
    for (const [j, { categories }] of this.#columns.entries()) {
      if (categories === null) info[3 * j + 2] = chosen?.has(j) === false ? SKIPPED : this.#constraints[j]!;
    }
    bestSplit(pairs, counts, info, told, minSamplesLeaf, out);
    let best: Split | null = null;
    if (out[0]! > 0) {
      const [gain, column, bin, missingLeft, leftG, leftH, rightG, rightH] = Array.from(out) as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      best = { gain, column, bin, missingLeft: missingLeft === 1, leftG, leftH, rightG, rightH, categories: null };
    }
    for (const [j, { categories }] of this.#columns.entries()) {
      if (categories === null || chosen?.has(j) === false) continue;
      const missing = this.#hasMissing[j] === 1;
      const found = categorySplit(pairs, counts, j, categories.length, missing, told, minSamplesLeaf);
      if (found === null) continue;
      if (best === null || found.gain > best.gain || (found.gain === best.gain && j < best.column)) best = found;
    }
    return best;
  }

  /** Parts a node's rows and makes its children. */
  #part(node: GrownNode, builder: TreeBuilder): [GrownNode, GrownNode] {
    const { n, d } = this;
    const split = node.split!;
    const j = split.column;
    const column = this.#columns[j]!;
    const goesLeft = this.#small.uint8(BINS, 8 * 16 + 12 * d);
    if (split.categories === null) {
      goesLeft.fill(0).fill(1, 0, split.bin + 1);
      goesLeft[MISSING] = split.missingLeft ? 1 : 0;
    } else goesLeft.set(split.categories);
    const rows = this.rowsOf(node);
    const size = partitionRows(rows, this.#bins.uint8(n * d), goesLeft, d, j, this.#work.int32(rows.length + 1));
    // Missing values that the fit has not seen go where most rows go.
    const missingLeft = this.#hasMissing[j] === 1 ? split.missingLeft : size > rows.length - size;
    const last = column.thresholds.length;
    const threshold = split.bin < last ? column.thresholds[split.bin]! : Number.POSITIVE_INFINITY;
    const { categories: goes } = split;
    const categories =
      goes === null || column.categories === null
        ? null
        : {
            left: column.categories.filter((_, bin) => goes[bin] === 1),
            right: column.categories.filter((_, bin) => goes[bin] === 0),
          };
    const place = builder.split(node.place, { column: j, threshold, missingLeft, categories });
    const middle = node.start + size;
    const left = this.#child(node, place, node.start, middle, split.leftG, split.leftH);
    const right = this.#child(node, place + 1, middle, node.stop, split.rightG, split.rightH);
    const constraint = this.#constraints[j]!;
    if (constraint !== 0) {
      const between = (left.value + right.value) / 2;
      const [lower, upper] = constraint > 0 ? [left, right] : [right, left];
      lower.high = between;
      upper.low = between;
    }
    return [left, right];
  }

  #child(parent: GrownNode, place: number, start: number, stop: number, g: number, h: number): GrownNode {
    const { depth, low, high } = parent;
    const groups = this.#choice.below(parent.groups, parent.split!.column);
    const step = -g / (h + this.#options.l2Regularization + 1e-15);
    const value = Math.min(high, Math.max(low, step));
    return { place, start, stop, depth: depth + 1, g, h, value, low, high, groups, histogram: null, split: null };
  }

  #pairs(block: Block): Float64Array {
    return block.float64(this.d * BINS * 2);
  }

  #counts(block: Block): Int32Array | null {
    return this.#counted ? block.int32(this.d * BINS, this.d * BINS * 16) : null;
  }

  #giveBack(node: GrownNode): void {
    if (node.histogram !== null) this.#pool.push(node.histogram);
    node.histogram = null;
  }
}

/** Takes out the node that gains most, of equals the first. */
function takeBest(open: GrownNode[]): GrownNode {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i]!.split!.gain > open[best]!.split!.gain) best = i;
  return open.splice(best, 1)[0]!;
}
