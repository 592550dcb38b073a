import type { Steps } from '@maru-ml/base';
import { TreeBuilder } from './builder.ts';
import type { Criterion } from './criterion.ts';
import { Heap } from './heap.ts';
import type { Question, SplitOptions, Splitter } from './splitter.ts';
import type { Tree } from './tree.ts';

/** How a tree is grown, in counts and weights. */
export interface GrowOptions extends SplitOptions {
  /** The most questions on a way to a leaf. */
  maxDepth: number;
  /** The fewest rows of a node that is split, at least twice those of a leaf. */
  minSamplesSplit: number;
  /** The most leaves: the nodes that gain most are split first; ∞, which grows depth first. */
  maxLeafNodes: number;
  /** What a split must gain: the fall of the impurity times the share of the weight that the node has. */
  minImpurityDecrease: number;
}

/** A node that is not yet made: where its rows start and end, its depth and its parent. */
interface Place {
  start: number;
  end: number;
  depth: number;
  parent: number;
  isLeft: boolean;
}

/** A node that may be split, with its question, by which its rows are parted already. */
interface Waiting {
  place: Place;
  node: number;
  question: Question;
  middle: number;
  gain: number;
}

/**
 * Grows a tree by a criterion that knows targets and weights, in steps that pause after some milliseconds of work: depth first, the left
 * side first, so that nodes are numbered in pre-order; or, where the number of leaves is limited, by splitting the node that gains
 * most, so that nodes are numbered as they come up.
 */
export function* growSteps(splitter: Splitter, criterion: Criterion, options: GrowOptions): Steps<Tree> {
  const { maxDepth, minSamplesSplit, minWeightLeaf, maxLeafNodes, minImpurityDecrease } = options;
  const depthFirst = maxLeafNodes === Number.POSITIVE_INFINITY;
  yield;
  const builder = new TreeBuilder();
  const questions: (Question | null)[] = [];
  // The weight of all rows, and an impurity that is 0 but for rounding.
  let total = 1;
  let noImpurity = EPSILON;
  /** Adds a node as a leaf; true if it may be split. */
  const add = ({ start, end, depth, parent, isLeft }: Place): boolean => {
    criterion.measure(splitter.rows, start, end);
    const { weight, impurity } = criterion;
    if (depth === 0) {
      if (criterion.isAveraged) total = weight;
      // Impurities of numbers have the scale of their squares.
      if (criterion.hasUnit) noImpurity *= impurity;
    }
    builder.add(parent, isLeft, end - start, weight, impurity);
    criterion.writeValue(builder.value);
    return !(
      depth >= maxDepth ||
      end - start < minSamplesSplit ||
      weight < 2 * minWeightLeaf ||
      impurity <= noImpurity
    );
  };
  const places: Place[] = [{ start: 0, end: splitter.count, depth: 0, parent: -1, isLeft: false }];
  const waiting = new Heap<Waiting>(before);
  let leaves = 1;
  for (let node = 0; places.length > 0; node++) {
    const place = places.pop()!;
    questions.push(null);
    if (add(place)) {
      splitter.begin(place.start, place.end);
      while (!splitter.find()) yield;
      const question = splitter.question();
      // A little more, which rounding may have taken.
      const gain = splitter.gain / total + noImpurity;
      if (question !== null && gain >= minImpurityDecrease) {
        while (!splitter.part()) yield;
        waiting.push({ place, node, question, middle: place.start + splitter.left, gain });
      }
    }
    if (!(depthFirst || places.length === 0) || waiting.size === 0 || leaves === maxLeafNodes) continue;
    const { place: split, node: parent, question, middle } = waiting.pop();
    const depth = split.depth + 1;
    builder.ask(parent, question);
    questions[parent] = question;
    leaves++;
    places.push({ start: middle, end: split.end, depth, parent, isLeft: false });
    places.push({ start: split.start, end: middle, depth, parent, isLeft: true });
  }
  return builder.finish(splitter.categories?.listsOf(questions) ?? null);
}

/** The gap between 1 and the next number, which scikit-learn takes for no impurity too. */
const EPSILON = 2 ** -52;

/** The node that gains most comes first; of equals, that of the lowest number. */
function before(a: Waiting, b: Waiting): boolean {
  return a.gain > b.gain || (a.gain === b.gain && a.node < b.node);
}
