import { encodeArray } from '@maru-ml/tensor';
import { eachArray, type Typed } from './tree.ts';

/** The categories that a node knows, those that go left first, and how many these are. */
export interface NodeCategories {
  values: Float64Array;
  leftCount: number;
}

/** The categories of a tree's nodes that ask for one: those of node t are `values[start[t]...start[t + 1]]`. */
export class CategoryLists {
  /** [nodes + 1] */
  readonly start: Int32Array;
  /** How many of them, the first ones, go left; the others go right [nodes]. */
  readonly leftCount: Int32Array;
  /** Ascending on each side. */
  readonly values: Float64Array;

  constructor({ start, leftCount, values }: Pick<CategoryLists, 'start' | 'leftCount' | 'values'>) {
    this.start = start;
    this.leftCount = leftCount;
    this.values = values;
  }

  /** The categories that a node knows; null if it asks for a number. */
  of(node: number): NodeCategories | null {
    const { start, leftCount, values } = this;
    if (start[node] === start[node + 1]) return null;
    return { values: values.slice(start[node], start[node + 1]), leftCount: leftCount[node]! };
  }

  /** Whether a category goes left at a node; null where the node does not know it. */
  goesLeft(node: number, category: number): boolean | null {
    const { start, leftCount, values } = this;
    const middle = start[node]! + leftCount[node]!;
    if (holds(values, start[node]!, middle, category)) return true;
    return holds(values, middle, start[node + 1]!, category) ? false : null;
  }

  /** Those of some nodes, -1 for one that knows none; null if no one does. */
  at(nodes: readonly number[]): CategoryLists | null {
    return categoryLists(nodes.map((node) => (node < 0 ? null : this.of(node))));
  }

  /** Plain data for the JSON form of a tree. */
  encode(): Record<string, unknown> {
    return eachArray(LISTS, this, (list) => encodeArray(list as Float64Array, [list.length]));
  }
}

/** The lists of categories by name, with their classes. */
export const LISTS: Readonly<Record<'start' | 'leftCount' | 'values', Typed>> = {
  start: Int32Array,
  leftCount: Int32Array,
  values: Float64Array,
};

/** The lists of nodes, given the categories of each; null if no node knows one. */
export function categoryLists(nodes: readonly (NodeCategories | null)[]): CategoryLists | null {
  const [start, leftCount, values] = [[0], [] as number[], [] as number[]];
  for (const known of nodes) {
    for (const category of known?.values ?? []) values.push(category);
    leftCount.push(known?.leftCount ?? 0);
    start.push(values.length);
  }
  if (values.length === 0) return null;
  return new CategoryLists({
    start: Int32Array.from(start),
    leftCount: Int32Array.from(leftCount),
    values: Float64Array.from(values),
  });
}

/** Whether ascending numbers hold a value. */
function holds(values: Float64Array, from: number, to: number, value: number): boolean {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low < to && values[low] === value;
}
