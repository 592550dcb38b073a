import { type Random, runSteps, type Steps } from '@maru-ml/base';
import { Absolute } from './absolute.ts';
import { TreeBuilder } from './builder.ts';
import type { TreeData } from './data.ts';
import { Entropy } from './entropy.ts';
import { Gini } from './gini.ts';
import { Heap } from './heap.ts';
import { Poisson } from './poisson.ts';
import type { Criterion } from './search.ts';
import { Splitter } from './splitter.ts';
import { Squares } from './squares.ts';
import type { Tree } from './tree.ts';

/** The criteria of classes; 'logLoss' is another name of 'entropy'. */
export const CLASS_CRITERIA = ['gini', 'entropy', 'logLoss'] as const;
/** The criteria of numbers. */
export const NUMBER_CRITERIA = ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'] as const;

export type ClassCriterion = (typeof CLASS_CRITERIA)[number];
export type NumberCriterion = (typeof NUMBER_CRITERIA)[number];

/** What a tree is to tell. */
export type TreeTarget =
  | {
      readonly kind: 'classes';
      /** The class of each row [n], from 0 to k - 1. */
      readonly codes: Int32Array;
      readonly k: number;
      readonly criterion: ClassCriterion;
    }
  | {
      readonly kind: 'numbers';
      /** [n]; ≥ 0 and not all 0 for 'poisson'. */
      readonly y: Float64Array;
      readonly criterion: NumberCriterion;
    };

/** How a tree is grown, in counts and weights. */
export interface GrowOptions {
  /** Try all thresholds, or one at random in each column; 'best'. */
  splitter?: 'best' | 'random';
  /** The most questions on a way to a leaf; ∞. */
  maxDepth?: number;
  /** The fewest rows of a node that is split; 2. */
  minSamplesSplit?: number;
  /** The fewest rows of a leaf; 1. */
  minSamplesLeaf?: number;
  /** The least weight of a leaf; 0. */
  minWeightLeaf?: number;
  /** How many columns are drawn for a node; all. */
  maxFeatures?: number;
  /** The most leaves: the nodes that gain most are split first; ∞, which grows depth first. */
  maxLeafNodes?: number;
  /** What a split must gain: the fall of the impurity times the share of the weight that the node has; 0. */
  minImpurityDecrease?: number;
}

/**
 * Grows a tree on the calling thread. Nothing is checked.
 *
 * @param weights [n], 0 for rows that are left out; null: 1 each
 * @param random columns and thresholds are drawn from it; nothing is drawn where all columns and thresholds are tried
 */
export function growTree(
  data: TreeData,
  target: TreeTarget,
  options: GrowOptions,
  weights: Float64Array | null,
  random: Random,
): Tree {
  return runSteps(growTreeSteps(data, target, options, weights, random));
}

/** `growTree` in steps, which pause after some milliseconds of work. */
export function growTreeSteps(
  data: TreeData,
  target: TreeTarget,
  options: GrowOptions,
  weights: Float64Array | null,
  random: Random,
): Steps<Tree> {
  const grower = new Grower(data, target, options, weights, random);
  return grower.maxLeafNodes === Number.POSITIVE_INFINITY ? grower.depthFirst() : grower.bestFirst();
}

class Grower {
  readonly maxLeafNodes: number;
  readonly #criterion: Criterion;
  readonly #splitter: Splitter;
  readonly #builder: TreeBuilder;
  readonly #maxDepth: number;
  readonly #minSamplesSplit: number;
  readonly #minSamplesLeaf: number;
  readonly #minWeightLeaf: number;
  readonly #minImpurityDecrease: number;
  readonly #friedman: boolean;
  readonly #classes: boolean;
  /** The weight of all rows, and an impurity that is 0 but for rounding. */
  #weight = 0;
  #noImpurity = EPSILON;

  constructor(data: TreeData, target: TreeTarget, options: GrowOptions, weights: Float64Array | null, random: Random) {
    const { splitter = 'best', minSamplesLeaf = 1, minWeightLeaf = 0, maxFeatures = data.columns } = options;
    this.maxLeafNodes = options.maxLeafNodes ?? Number.POSITIVE_INFINITY;
    this.#maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
    this.#minSamplesSplit = options.minSamplesSplit ?? 2;
    this.#minSamplesLeaf = minSamplesLeaf;
    this.#minWeightLeaf = minWeightLeaf;
    this.#minImpurityDecrease = options.minImpurityDecrease ?? 0;
    this.#friedman = target.criterion === 'friedmanMse';
    this.#classes = target.kind === 'classes';
    this.#criterion = criterionOf(target, weights);
    const limits = { splitter, minSamplesLeaf, minWeightLeaf, maxFeatures };
    this.#splitter = new Splitter(data, this.#criterion, limits, weights, random);
    this.#builder = new TreeBuilder(this.#criterion.width);
  }

  /** Splits until nothing is left to split, the left side first, so that nodes are numbered in pre-order. */
  *depthFirst(): Steps<Tree> {
    const builder = this.#builder;
    // Of each node that waits: where its rows start and end, its depth, its parent, and whether it is the left child.
    const stack = [0, this.#splitter.count, 0, -1, 0];
    while (stack.length > 0) {
      const isLeft = stack.pop() === 1;
      const [parent, depth, end, start] = [stack.pop()!, stack.pop()!, stack.pop()!, stack.pop()!];
      const node = this.#add(start, end);
      if (parent >= 0) builder.connect(parent, isLeft, node);
      if (this.#mustBeLeaf(start, end, depth)) continue;
      if (!(yield* this.#splitter.find(start, end)) || this.#improvement() < this.#minImpurityDecrease) continue;
      this.#ask(node);
      const middle = this.#splitter.part(start, end);
      stack.push(middle, end, depth + 1, node, 0);
      stack.push(start, middle, depth + 1, node, 1);
    }
    return builder.finish();
  }

  /** Splits the node that gains most, until there are as many leaves as may be; nodes are numbered as they come up. */
  *bestFirst(): Steps<Tree> {
    const builder = this.#builder;
    const waiting = new Heap<Waiting>(before);
    const first = yield* this.#consider(0, this.#splitter.count, 0);
    if (first !== null) waiting.push(first);
    for (let leaves = 1; leaves < this.maxLeafNodes && waiting.size > 0; leaves++) {
      const { node, start, end, depth, split } = waiting.pop();
      builder.ask(node, split.feature, split.threshold, split.missingLeft);
      if (split.categories !== null) builder.askCategories(node, split.categories.values, split.categories.leftCount);
      for (const [from, to] of [
        [start, split.middle],
        [split.middle, end],
      ] as const) {
        builder.connect(node, from === start, builder.nodes);
        const child = yield* this.#consider(from, to, depth + 1);
        if (child !== null) waiting.push(child);
      }
    }
    return builder.finish();
  }

  /** Adds a node and finds its split, by which its rows are parted at once. */
  *#consider(start: number, end: number, depth: number): Steps<Waiting | null> {
    const node = this.#add(start, end);
    if (this.#mustBeLeaf(start, end, depth) || !(yield* this.#splitter.find(start, end))) return null;
    const splitter = this.#splitter;
    const gain = this.#improvement();
    if (gain < this.#minImpurityDecrease) return null;
    const { feature, threshold, missingLeft } = splitter;
    const categories = splitter.categories();
    const middle = splitter.part(start, end);
    return { node, start, end, depth, gain, split: { feature, threshold, missingLeft, categories, middle } };
  }

  #add(start: number, end: number): number {
    const criterion = this.#criterion;
    const builder = this.#builder;
    criterion.measure(this.#splitter.rows, start, end);
    if (builder.nodes === 0) {
      this.#weight = criterion.weight;
      // Impurities of numbers have the scale of their squares.
      if (!this.#classes) this.#noImpurity = EPSILON * criterion.impurity;
    }
    const node = builder.add(end - start, criterion.weight, criterion.impurity);
    criterion.writeValue(builder.value, node * criterion.width);
    return node;
  }

  #mustBeLeaf(start: number, end: number, depth: number): boolean {
    return (
      depth >= this.#maxDepth ||
      end - start < this.#minSamplesSplit ||
      end - start < 2 * this.#minSamplesLeaf ||
      this.#criterion.weight < 2 * this.#minWeightLeaf ||
      this.#criterion.impurity <= this.#noImpurity
    );
  }

  /** What the split gains, by the weight of all rows; a little more, which rounding may have taken. */
  #improvement(): number {
    // Friedman's is not divided by the weight in scikit-learn either.
    return this.#splitter.gain / (this.#friedman ? 1 : this.#weight) + this.#noImpurity;
  }

  #ask(node: number): void {
    const { feature, threshold, missingLeft } = this.#splitter;
    this.#builder.ask(node, feature, threshold, missingLeft);
    const categories = this.#splitter.categories();
    if (categories !== null) this.#builder.askCategories(node, categories.values, categories.leftCount);
  }
}

/** The gap between 1 and the next number, which scikit-learn takes for no impurity too. */
const EPSILON = 2 ** -52;

function criterionOf(target: TreeTarget, weights: Float64Array | null): Criterion {
  if (target.kind === 'classes') {
    if (target.criterion === 'gini') return new Gini(target.codes, target.k, weights);
    return new Entropy(target.codes, target.k, weights);
  }
  if (target.criterion === 'absoluteError') return new Absolute(target.y, weights);
  if (target.criterion === 'poisson') return new Poisson(target.y, weights);
  return new Squares(target.y, weights);
}

/** A node that may be split, with its split. */
interface Waiting {
  node: number;
  start: number;
  end: number;
  depth: number;
  gain: number;
  split: {
    feature: number;
    threshold: number;
    missingLeft: boolean;
    categories: { values: Float64Array; leftCount: number } | null;
    middle: number;
  };
}

/** The node that gains most comes first; of equals, that of the lowest number. */
function before(a: Waiting, b: Waiting): boolean {
  return a.gain > b.gain || (a.gain === b.gain && a.node < b.node);
}
