import type { RandomStream, Steps } from '@maru-ml/base';
import { addRows, BINS, histogramLength, partitionRows, subtractHistogram } from '@maru-ml/kernels/histogram';
import { type Column, MISSING } from './bin-mapper.ts';
import { Block } from './block.ts';
import { orderCategories } from './categories.ts';
import { chooseColumns, type Groups, type Interactions, interactionGroups } from './column-choice.ts';
import { LEAST_HESSIAN, type Split, type Splittable, scan } from './split.ts';
import { addChildren, CATEGORICAL } from './trees.ts';

/** What decides where a tree is split. */
export interface GrowOptions {
  readonly maxLeafNodes: number | null;
  readonly maxDepth: number | null;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
  readonly maxFeatures: number;
  readonly interactionCst: Interactions;
}

/** Writes the pairs of first and second derivatives of the rows `first` + `rows[i]` to `out`. */
export type Derive = (rows: Uint16Array, first: number, out: Float32Array) => void;

/** Rows whose places take two bytes each: a node has a part of each such stretch of rows. */
const STRETCH = 2 ** 16;

/** A node that is a leaf so far. */
export interface GrownNode extends Splittable {
  /** Its place in the tree. */
  place: number;
  /** Where its rows begin and end in each stretch. */
  starts: readonly number[];
  stops: readonly number[];
  depth: number;
  /** The groups of columns that it may ask about. */
  groups: Groups;
  histogram: Block | null;
  split: Split | null;
}

/**
 * Grows trees on binned rows, always splitting the leaf that gains most. A node's histogram is its parent's less its
 * sibling's, so that only the smaller of two children is added up. O(n d) for each level and 256 d for each node.
 */
export class Grower {
  readonly #n: number;
  /** 1 for each row that no tree is grown from [n]; null, none. */
  readonly #isHeld: Uint8Array | null;
  /** Rows as bins [n, d], and whether a column has missing values [d]. */
  readonly #bins: Block;
  readonly #missing: Uint8Array;
  readonly #columns: readonly Column[];
  readonly #constraints: Int8Array;
  /** All columns, and groups of those that may be asked about together. */
  readonly #every: readonly number[];
  readonly #groups: Groups;
  readonly #random: RandomStream;
  readonly #options: GrowOptions;
  /** Rows of each stretch by node [n], and room for parting them; which bins go left [256]. */
  readonly #rows: Block;
  readonly #work: Block;
  readonly #left: Block = new Block(BINS);
  /** Rows that are added up between two pauses, and their derivatives [most, 2]. */
  readonly #most: number;
  readonly #pairs: Block;
  readonly #histograms: Block[] = [];
  readonly #counted: boolean;
  /** The histograms that no node has. */
  #idle: Block[] = [];

  /** @param counted whether hessians differ, so that rows are counted apart */
  constructor(
    n: number,
    isHeld: Uint8Array | null,
    bins: Block,
    missing: Uint8Array,
    columns: readonly Column[],
    constraints: Int8Array,
    random: RandomStream,
    counted: boolean,
    options: GrowOptions,
  ) {
    this.#n = n;
    this.#isHeld = isHeld;
    this.#bins = bins;
    this.#missing = missing;
    this.#columns = columns;
    this.#constraints = constraints;
    this.#every = [...columns.keys()];
    this.#groups = interactionGroups(options.interactionCst, this.#every);
    this.#random = random;
    this.#options = options;
    this.#counted = counted;
    this.#rows = new Block(2 * n);
    this.#work = new Block(2 * Math.min(n, STRETCH) + 2);
    this.#most = Math.min(n, STRETCH, Math.ceil(2 ** 20 / columns.length));
    this.#pairs = new Block(8 * this.#most);
  }

  /** Grows a tree into `tree` and returns its leaves, whose values are not yet multiplied by the learning rate. */
  *grow(derive: Derive, tree: number[]): Steps<GrownNode[]> {
    const { maxLeafNodes, maxDepth, minSamplesLeaf } = this.#options;
    this.#idle = [...this.#histograms];
    const leaves: GrownNode[] = [];
    // Leaves that can be split, by gain; of equals the oldest first.
    const open: GrownNode[] = [];
    const close = (node: GrownNode) => {
      if (node.histogram !== null) this.#idle.push(node.histogram);
      node.histogram = null;
      leaves.push(node);
    };
    let parent: GrownNode | undefined;
    let added = [this.#root(tree)];
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
      added = this.#part(parent, tree);
    }
  }

  /** The rows of a node: of each stretch the number of its first row and places behind it. */
  rowsOf({ starts, stops }: GrownNode): [number, Uint16Array][] {
    return starts.map((start, i) => [i * STRETCH, this.#rows.view(Uint16Array, stops[i]! - start, 2 * start)]);
  }

  free(): void {
    for (const block of [this.#rows, this.#work, this.#left, this.#pairs, ...this.#histograms]) block.free();
  }

  #root(tree: number[]): GrownNode {
    const n = this.#n;
    const rows = this.#rows.view(Uint16Array, n);
    let size = 0;
    const starts = Array.from({ length: Math.ceil(n / STRETCH) }, (_, i) => i * STRETCH);
    const stops = [...starts];
    for (let row = 0; row < n; row++) {
      if (this.#isHeld?.[row] === 1) continue;
      // Two bytes keep its place in the stretch.
      rows[stops[row >> 16]!++] = row;
      size++;
    }
    tree.push(-1, 0, 0, 0);
    return {
      place: 0,
      starts,
      stops,
      size,
      depth: 0,
      g: 0,
      h: 0,
      value: 0,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      groups: this.#groups,
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
        const rows = this.#rows.view(Uint16Array, Math.min(this.#most, stop - from), 2 * from);
        const pairs = this.#pairs.view(Float32Array, 2 * rows.length);
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
    subtractHistogram(this.#histogramOf(large), this.#histogramOf(small), this.#columns.length);
  }

  #best(node: GrownNode): Split | null {
    const sums = this.#histogramOf(node);
    // Behind the sums, if rows are counted apart.
    const size = BINS * this.#columns.length;
    const counts = this.#counted ? node.histogram!.view(Int32Array, size, 16 * size) : sums;
    const best: Split = { gain: 0, column: 0, order: null, last: 0, fromRight: 0, g: 0, h: 0 };
    for (const j of chooseColumns(this.#every, node.groups, this.#options.maxFeatures, this.#random)) {
      const { thresholds, categories } = this.#columns[j]!;
      const missing = this.#missing[j]!;
      const constraint = this.#constraints[j]!;
      if (categories === null) {
        // From the left, where missing values are to the right; then, if there are some, from the right.
        const steps = thresholds.length;
        scan(node, this.#options, sums, counts, j, null, steps + missing, 0, constraint, best);
        if (missing === 1) scan(node, this.#options, sums, counts, j, null, steps, 1, constraint, best);
      } else {
        // From both ends to the middle.
        const bins = [...categories.keys(), ...(missing === 1 ? [MISSING] : [])];
        const order = orderCategories(node, sums, j, bins);
        const half = order.length > 1 ? (order.length + 1) >> 1 : 0;
        scan(node, this.#options, sums, counts, j, order, half, 0, 0, best);
        scan(node, this.#options, sums, counts, j, order.slice().reverse(), half - 1, 0, 0, best);
      }
    }
    return best.gain > 0 ? best : null;
  }

  /** Parts a node's rows and makes its children. */
  #part(node: GrownNode, tree: number[]): GrownNode[] {
    const { column: j, order, last, fromRight, g, h } = node.split!;
    const { thresholds, categories } = this.#columns[j]!;
    const goes = this.#left.view(Uint8Array, BINS).fill(fromRight);
    for (let i = 0; i <= last; i++) {
      goes[order?.[i] ?? (fromRight === 1 ? thresholds.length - i : i)] = 1 - fromRight;
    }
    let size = 0;
    const middles = this.rowsOf(node).map(([first, rows], i) => {
      const work = this.#work.view(Uint16Array, rows.length + 1);
      const count = partitionRows(rows, work, this.#binsOf(first), goes, this.#columns.length, j);
      size += count;
      return node.starts[i]! + count;
    });
    // Missing values that the fit has not seen go where most rows go.
    if (this.#missing[j] === 0) goes[MISSING] = Number(size > node.size - size);
    let limit = thresholds[fromRight === 1 ? thresholds.length - 1 - last : last] ?? Number.POSITIVE_INFINITY;
    if (categories !== null) {
      limit = tree.length;
      for (let bin = 0; bin < BINS; bin += 32) {
        tree.push(goes.subarray(bin, bin + 32).reduceRight((set, left) => 2 * set + left, 0));
      }
    }
    const first = addChildren(tree, node.place, j, limit, categories === null ? goes[MISSING]! : CATEGORICAL);
    const [restG, restH] = [node.g - g, node.h - h];
    const left = this.#child(node, first, fromRight ? restG : g, fromRight ? restH : h);
    left.stops = middles;
    left.size = size;
    const right = this.#child(node, first + 4, fromRight ? g : restG, fromRight ? h : restH);
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
    const depth = parent.depth + 1;
    const step = -g / (h + this.#options.l2Regularization + 1e-15);
    const value = Math.min(parent.high, Math.max(parent.low, step));
    const groups = parent.groups?.filter((group) => group.includes(parent.split!.column)) ?? null;
    const { starts, stops, size, low, high } = parent;
    return { place, starts, stops, size, depth, g, h, value, low, high, groups, histogram: null, split: null };
  }

  /** The bins of a stretch, which begins with row `first`, and of what follows. */
  #binsOf(first: number): Uint8Array {
    const d = this.#columns.length;
    return this.#bins.view(Uint8Array, (this.#n - first) * d, first * d);
  }

  #histogramOf(node: GrownNode): Float64Array {
    return node.histogram!.view(Float64Array, histogramLength(this.#columns.length, this.#counted));
  }

  #newHistogram(): Block {
    const block = new Block(8 * histogramLength(this.#columns.length, this.#counted));
    this.#histograms.push(block);
    return block;
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
