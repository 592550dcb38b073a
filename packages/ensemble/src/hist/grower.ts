import type { Steps } from '@maru-ml/base';
import {
  addRows,
  BINS,
  bestSplit,
  histogramLength,
  partitionRows,
  subtractHistogram,
} from '@maru-ml/kernels/histogram';
import { type Binned, type Column, MISSING } from './bin-mapper.ts';
import { Block } from './block.ts';
import { scanCategories } from './category-split.ts';
import type { ColumnChoice } from './column-choice.ts';
import type { TreeBuilder } from './trees.ts';

/** What decides where a tree is split. */
export interface GrowOptions {
  readonly maxLeafNodes: number | null;
  readonly maxDepth: number | null;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
}

/** Writes the pairs of first and second derivatives of the rows `first` + `rows[i]` to `out`. */
export type Derive = (rows: Uint16Array, first: number, out: Float32Array) => void;

/** What the kernel is told of a column that it is not to split. */
const SKIPPED = 2;
/** Least Σ hessian of a child. */
const LEAST_HESSIAN = 1e-3;
/** Rows whose places take two bytes each: a node has a part of each such stretch of rows. */
const STRETCH = 2 ** 16;
/** The best split of a node. */
interface Split {
  gain: number;
  column: number;
  /** The bins in the order in which they were scanned, of a categorical column; null, by number. */
  order: readonly number[] | null;
  /** The last place in this order that goes left. */
  last: number;
  /** Whether the right child was scanned, so that missing values go left. */
  fromRight: boolean;
  /** Σ gradient and Σ hessian of the child that was scanned. */
  g: number;
  h: number;
}

/** A node that is a leaf so far. */
export interface GrownNode {
  /** Its place in the tree. */
  place: number;
  /** Where its rows begin and end in each stretch. */
  starts: readonly number[];
  stops: readonly number[];
  size: number;
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
  readonly #n: number;
  /** The rows that trees are grown from, in ascending order; null, all. */
  readonly #train: Int32Array | null;
  readonly #binned: Binned;
  readonly #columns: readonly Column[];
  /** The places of the columns that hold numbers, and of those that hold categories. */
  readonly #ordered: readonly number[];
  readonly #categorical: readonly number[];
  readonly #constraints: Int8Array;
  readonly #choice: ColumnChoice;
  readonly #options: GrowOptions;
  /** Rows of each stretch by node [n], and room for parting them. */
  readonly #rows: Block;
  readonly #work: Block;
  /** Rows that are added up between two pauses, and their derivatives [most, 2]. */
  readonly #most: number;
  readonly #pairs: Block;
  /** What kernels are told of columns [d, 3] and of a node [9], which bins go left [256], and what they answer [6]. */
  readonly #told: Block;
  readonly #node = new Block(72);
  readonly #left = new Block(BINS);
  readonly #answer = new Block(48);
  readonly #histograms: Block[] = [];
  readonly #length: number;
  /** The histograms that no node has. */
  #idle: Block[] = [];

  /** @param counted whether hessians differ, so that rows are counted apart */
  constructor(
    n: number,
    train: Int32Array | null,
    binned: Binned,
    columns: readonly Column[],
    constraints: Int8Array,
    choice: ColumnChoice,
    counted: boolean,
    options: GrowOptions,
  ) {
    this.#n = n;
    this.#train = train;
    this.#binned = binned;
    this.#columns = columns;
    const places = [...columns.keys()];
    this.#ordered = places.filter((j) => columns[j]!.categories === null);
    this.#categorical = places.filter((j) => columns[j]!.categories !== null);
    this.#constraints = constraints;
    this.#choice = choice;
    this.#options = options;
    this.#length = histogramLength(columns.length, counted);
    this.#rows = new Block(2 * n);
    this.#work = new Block(2 * Math.min(n, STRETCH) + 2);
    this.#most = Math.min(n, STRETCH, Math.ceil(2 ** 20 / columns.length));
    this.#pairs = new Block(8 * this.#most);
    this.#told = new Block(12 * columns.length);
    const told = this.#told.int32(3 * columns.length);
    for (const [j, { thresholds, categories }] of columns.entries()) {
      told.set([thresholds.length + 1, binned.missing[j]!, categories === null ? constraints[j]! : SKIPPED], 3 * j);
    }
  }

  /** Grows a tree into `builder` and returns its leaves, whose values are not yet multiplied by the learning rate. */
  *grow(derive: Derive, builder: TreeBuilder): Steps<GrownNode[]> {
    const { maxLeafNodes, maxDepth, minSamplesLeaf } = this.#options;
    this.#idle = [...this.#histograms];
    const leaves: GrownNode[] = [];
    // Leaves that can be split, by gain; of equals the oldest first.
    const open: GrownNode[] = [];
    const close = (node: GrownNode) => {
      this.#giveBack(node);
      leaves.push(node);
    };
    let parent: GrownNode | undefined;
    let added = [this.#root(builder)];
    for (;;) {
      const splits = (maxLeafNodes ?? this.#n) - leaves.length - open.length - added.length;
      const may = ({ depth, size, h }: GrownNode) =>
        splits > 0 && depth !== maxDepth && size >= 2 * minSamplesLeaf && h >= LEAST_HESSIAN;
      if (parent === undefined) yield* this.#addUp(derive, added[0]!);
      else if (added.some(may)) yield* this.#ofChildren(derive, parent, added);
      for (const node of added) {
        node.split = may(node) ? this.#best(node) : null;
        if (node.split === null) close(node);
        else open.push(node);
      }
      open.sort((a, b) => b.split!.gain - a.split!.gain);
      // Of more leaves than there are splits left those that gain least are never split: their histograms are not needed.
      while (open.length > splits) close(open.pop()!);
      parent = open.shift();
      if (parent === undefined) return leaves;
      yield;
      added = this.#part(parent, builder);
    }
  }

  /** The rows of a node: of each stretch the number of its first row and places behind it. */
  rowsOf({ starts, stops }: GrownNode): [number, Uint16Array][] {
    return starts.map((start, i) => [i * STRETCH, this.#rows.uint16(stops[i]! - start, 2 * start)]);
  }

  free(): void {
    const told = [this.#told, this.#node, this.#left, this.#answer];
    for (const block of [this.#rows, this.#work, this.#pairs, ...told, ...this.#histograms]) block.free();
  }

  #root(builder: TreeBuilder): GrownNode {
    const n = this.#n;
    const train = this.#train;
    const rows = this.#rows.uint16(n);
    const size = train?.length ?? n;
    const starts = Array.from({ length: Math.ceil(n / STRETCH) }, (_, i) => i * STRETCH);
    const stops = [...starts];
    for (let i = 0; i < size; i++) {
      const row = train === null ? i : train[i]!;
      // Two bytes keep its place in the stretch.
      rows[stops[row >> 16]!++] = row;
    }
    return {
      place: builder.root(),
      starts,
      stops,
      size,
      depth: 0,
      g: 0,
      h: 0,
      value: 0,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      groups: this.#choice.atRoot(),
      histogram: null,
      split: null,
    };
  }

  /** Adds up a node's histogram, and of the root the derivatives too. */
  *#addUp(derive: Derive, node: GrownNode): Steps<void> {
    const d = this.#columns.length;
    node.histogram = this.#idle.pop() ?? this.#newHistogram();
    this.#histogramOf(node).fill(0);
    for (const [i, stop] of node.stops.entries()) {
      for (let from = node.starts[i]!; from < stop; from += this.#most) {
        const rows = this.#rows.uint16(Math.min(this.#most, stop - from), 2 * from);
        const pairs = this.#pairs.float32(2 * rows.length);
        derive(rows, i * STRETCH, pairs);
        if (node.depth === 0) addDerivatives(node, pairs);
        addRows(this.#histogramOf(node), this.#binsOf(i * STRETCH), pairs, rows, d);
        yield;
      }
    }
  }

  /** The histograms of two children: the smaller one is added up, the other is what is left of their parent's. */
  *#ofChildren(derive: Derive, parent: GrownNode, [left, right]: GrownNode[]): Steps<void> {
    const [small, large] = left!.size < right!.size ? [left!, right!] : [right!, left!];
    yield* this.#addUp(derive, small);
    large.histogram = parent.histogram;
    parent.histogram = null;
    subtractHistogram(this.#histogramOf(large), this.#histogramOf(small), this.#columns.length);
  }

  #best(node: GrownNode): Split | null {
    const { minSamplesLeaf, l2Regularization } = this.#options;
    const histogram = this.#histogramOf(node);
    const [out, about, told] = [
      this.#answer.float64(6),
      this.#node.float64(9),
      this.#told.int32(3 * this.#columns.length),
    ];
    about.set([node.g, node.h, node.size, node.value, node.low, node.high, l2Regularization]);
    about.set([LEAST_HESSIAN, minSamplesLeaf], 7);
    const chosen = this.#choice.isFree ? null : this.#choice.draw(node.groups);
    if (chosen !== null)
      for (const j of this.#ordered) told[3 * j + 2] = chosen.has(j) ? this.#constraints[j]! : SKIPPED;
    bestSplit(histogram, told, about, out);
    let best = splitOf(out, out[1]!, null);
    for (const j of this.#categorical) {
      if (chosen?.has(j) === false) continue;
      const bins = [...this.#columns[j]!.categories!.keys(), ...(this.#binned.missing[j] === 1 ? [MISSING] : [])];
      const order = scanCategories(histogram, this.#columns.length, j, bins, about, out);
      const found = splitOf(out, j, order);
      if (found === null) continue;
      if (best === null || found.gain > best.gain || (found.gain === best.gain && j < best.column)) best = found;
    }
    return best;
  }

  /** Parts a node's rows and makes its children. */
  #part(node: GrownNode, builder: TreeBuilder): GrownNode[] {
    const { column: j, order, last, fromRight, g, h } = node.split!;
    const { thresholds, categories } = this.#columns[j]!;
    const goes = this.#left.uint8(BINS).fill(0);
    for (let place = 0; place <= last; place++) goes[order === null ? place : order[place]!] = 1;
    if (fromRight) goes[MISSING] = 1;
    let size = 0;
    const middles = this.rowsOf(node).map(([first, rows], i) => {
      const work = this.#work.uint16(rows.length + 1);
      const count = partitionRows(rows, work, this.#binsOf(first), goes, this.#columns.length, j);
      size += count;
      return node.starts[i]! + count;
    });
    const question = {
      column: j,
      threshold: thresholds[last] ?? Number.POSITIVE_INFINITY,
      // Missing values that the fit has not seen go where most rows go.
      missingLeft: this.#binned.missing[j] === 1 ? goes[MISSING] === 1 : size > node.size - size,
      categories: categories && {
        left: categories.filter((_, bin) => goes[bin] === 1),
        right: categories.filter((_, bin) => goes[bin] === 0),
      },
    };
    const place = builder.split(node.place, question);
    const [restG, restH] = [node.g - g, node.h - h];
    const left = this.#child(node, place, fromRight ? restG : g, fromRight ? restH : h);
    left.stops = middles;
    left.size = size;
    const right = this.#child(node, place + 1, fromRight ? g : restG, fromRight ? h : restH);
    right.starts = middles;
    right.size -= size;
    const constraint = this.#constraints[j]!;
    if (constraint !== 0) {
      const [lower, upper] = constraint > 0 ? [left, right] : [right, left];
      lower.high = (left.value + right.value) / 2;
      upper.low = lower.high;
    }
    return [left, right];
  }

  /** A child that so far has all rows of its parent. */
  #child(parent: GrownNode, place: number, g: number, h: number): GrownNode {
    const { starts, stops, size, depth, low, high } = parent;
    const groups = this.#choice.below(parent.groups, parent.split!.column);
    const step = -g / (h + this.#options.l2Regularization + 1e-15);
    const value = Math.min(high, Math.max(low, step));
    return {
      place,
      starts,
      stops,
      size,
      depth: depth + 1,
      g,
      h,
      value,
      low,
      high,
      groups,
      histogram: null,
      split: null,
    };
  }

  /** The bins of a stretch, which begins with row `first`, and of what follows. */
  #binsOf(first: number): Uint8Array {
    const d = this.#columns.length;
    return this.#binned.block.uint8((this.#n - first) * d, first * d);
  }

  #histogramOf(node: GrownNode): Float64Array {
    return node.histogram!.float64(this.#length);
  }

  #newHistogram(): Block {
    const block = new Block(8 * this.#length);
    this.#histograms.push(block);
    return block;
  }

  #giveBack(node: GrownNode): void {
    if (node.histogram !== null) this.#idle.push(node.histogram);
    node.histogram = null;
  }
}

function addDerivatives(node: GrownNode, pairs: Float32Array): void {
  let { g, h } = node;
  for (let i = 0; i < pairs.length; i += 2) {
    g += pairs[i]!;
    h += pairs[i + 1]!;
  }
  node.g = g;
  node.h = h;
}

/** What a scan has found; null for nothing. */
function splitOf(
  [gain, , last, side, g, h]: Float64Array,
  column: number,
  order: readonly number[] | null,
): Split | null {
  return gain! > 0 ? { gain: gain!, column, order, last: last!, fromRight: side === 1, g: g!, h: h! } : null;
}
