import type { Random, Steps } from '@maru-ml/base';
import { TreeBuilder } from './builder.ts';
import type { TreeData } from './data.ts';
import { Heap } from './heap.ts';
import type { Criterion } from './search.ts';
import { type Split, Splitter } from './splitter.ts';
import type { Tree } from './tree.ts';

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

/** Grows a tree by a criterion that knows targets and weights, in steps that pause after some milliseconds of work. */
export function growSteps(
  data: TreeData,
  criterion: Criterion,
  options: GrowOptions,
  weights: Float64Array | null,
  random: Random,
): Steps<Tree> {
  const grower = new Grower(data, criterion, options, weights, random);
  return grower.maxLeafNodes === Number.POSITIVE_INFINITY ? grower.depthFirst() : grower.bestFirst();
}

/** A node with its split, by which its rows are parted already. */
interface Waiting {
  node: number;
  start: number;
  end: number;
  depth: number;
  gain: number;
  split: Split;
}

class Grower {
  readonly maxLeafNodes: number;
  readonly #criterion: Criterion;
  readonly #splitter: Splitter;
  readonly #builder: TreeBuilder;
  readonly #options: Required<GrowOptions>;
  /** The weight of all rows, and an impurity that is 0 but for rounding. */
  #weight = 0;
  #noImpurity = EPSILON;

  constructor(
    data: TreeData,
    criterion: Criterion,
    options: GrowOptions,
    weights: Float64Array | null,
    random: Random,
  ) {
    const all = { ...DEFAULTS, maxFeatures: data.columns, ...options };
    this.maxLeafNodes = all.maxLeafNodes;
    this.#options = all;
    this.#criterion = criterion;
    this.#splitter = new Splitter(data, criterion, all, weights, random);
    this.#builder = new TreeBuilder(criterion.width);
  }

  /** Splits until nothing is left to split, the left side first, so that nodes are numbered in pre-order. */
  *depthFirst(): Steps<Tree> {
    // Of each node that waits: where its rows start and end, its depth, its parent, and whether it is the left child.
    const stack = [0, this.#splitter.count, 0, -1, 0];
    while (stack.length > 0) {
      const isLeft = stack.pop() === 1;
      const [parent, depth, end, start] = [stack.pop()!, stack.pop()!, stack.pop()!, stack.pop()!];
      if (parent >= 0) this.#builder.connect(parent, isLeft, this.#builder.nodes);
      const grown = yield* this.#add(start, end, depth);
      if (grown === null) continue;
      this.#builder.ask(grown.node, grown.split);
      stack.push(grown.split.middle, end, depth + 1, grown.node, 0);
      stack.push(start, grown.split.middle, depth + 1, grown.node, 1);
    }
    return this.#builder.finish();
  }

  /** Splits the node that gains most, until there are as many leaves as may be; nodes are numbered as they come up. */
  *bestFirst(): Steps<Tree> {
    const builder = this.#builder;
    const waiting = new Heap<Waiting>(before);
    const first = yield* this.#add(0, this.#splitter.count, 0);
    if (first !== null) waiting.push(first);
    for (let leaves = 1; leaves < this.maxLeafNodes && waiting.size > 0; leaves++) {
      const { node, start, end, depth, split } = waiting.pop();
      builder.ask(node, split);
      for (const isLeft of [true, false]) {
        builder.connect(node, isLeft, builder.nodes);
        const child = yield* this.#add(isLeft ? start : split.middle, isLeft ? split.middle : end, depth + 1);
        if (child !== null) waiting.push(child);
      }
    }
    return builder.finish();
  }

  /** Adds a node as a leaf; if it may be split, finds its split and parts its rows. */
  *#add(start: number, end: number, depth: number): Steps<Waiting | null> {
    const [criterion, builder, splitter] = [this.#criterion, this.#builder, this.#splitter];
    criterion.measure(splitter.rows, start, end);
    if (builder.nodes === 0) {
      this.#weight = criterion.weight;
      // Impurities of numbers have the scale of their squares.
      if (criterion.hasUnit) this.#noImpurity = EPSILON * criterion.impurity;
    }
    const node = builder.add(end - start, criterion.weight, criterion.impurity);
    criterion.writeValue(builder.value, node * criterion.width);
    if (this.#mustBeLeaf(start, end, depth) || !(yield* splitter.find(start, end))) return null;
    // A little more, which rounding may have taken.
    const gain = splitter.gain / (criterion.isAveraged ? this.#weight : 1) + this.#noImpurity;
    if (gain < this.#options.minImpurityDecrease) return null;
    return { node, start, end, depth, gain, split: yield* splitter.part(start, end) };
  }

  #mustBeLeaf(start: number, end: number, depth: number): boolean {
    const { maxDepth, minSamplesSplit, minSamplesLeaf, minWeightLeaf } = this.#options;
    return (
      depth >= maxDepth ||
      end - start < minSamplesSplit ||
      end - start < 2 * minSamplesLeaf ||
      this.#criterion.weight < 2 * minWeightLeaf ||
      this.#criterion.impurity <= this.#noImpurity
    );
  }
}

const DEFAULTS = {
  splitter: 'best' as 'best' | 'random',
  maxDepth: Number.POSITIVE_INFINITY,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  minWeightLeaf: 0,
  maxLeafNodes: Number.POSITIVE_INFINITY,
  minImpurityDecrease: 0,
};

/** The gap between 1 and the next number, which scikit-learn takes for no impurity too. */
const EPSILON = 2 ** -52;

/** The node that gains most comes first; of equals, that of the lowest number. */
function before(a: Waiting, b: Waiting): boolean {
  return a.gain > b.gain || (a.gain === b.gain && a.node < b.node);
}
