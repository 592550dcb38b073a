/** The limits that a split must keep. */
export interface Limits {
  /** The fewest rows of a child. */
  minSamplesLeaf: number;
  /** The least weight of a child. */
  minWeightLeaf: number;
}

/** The best split of a node so far. It is overwritten as the search goes on, so that nothing is allocated. */
export class Search {
  readonly minSamplesLeaf: number;
  readonly minWeightLeaf: number;
  /** What the split gains: the node's weighted impurity less those of its children. */
  gain: number = Number.NEGATIVE_INFINITY;
  /** How much more another split must gain to be better: what is closer is equal but for rounding, and the first one stays. */
  margin = 0;
  /** How many rows of the order that was scanned go left, missing ones aside. */
  position = 0;
  missingLeft = false;
  /** Whether all keys of the column are known to be different, so that they need not be read. */
  allDiffer = false;

  constructor({ minSamplesLeaf, minWeightLeaf }: Limits) {
    this.minSamplesLeaf = minSamplesLeaf;
    this.minWeightLeaf = minWeightLeaf;
  }

  /** Forgets the last node. */
  start(margin: number): void {
    this.gain = Number.NEGATIVE_INFINITY;
    this.margin = margin;
  }
}

/**
 * How good nodes and splits are. A criterion is told of a node by `measure`; `scan` then tries all splits of it between rows of
 * different keys.
 */
export interface Criterion {
  /** How many numbers the value of a node is: the shares of the classes, or one. */
  readonly width: number;
  /** Whether impurities have the unit of the targets or its square. */
  readonly hasUnit: boolean;
  /** Whether the decrease of impurity is what a split gains divided by the weight of all rows. */
  readonly isAveraged: boolean;
  /** The weight of the measured node. */
  weight: number;
  /** Its impurity. */
  impurity: number;
  /** How close gains may be that are equal but for rounding. */
  margin: number;
  /** Takes the node of the rows `rows[start...end]`. */
  measure(rows: Int32Array, start: number, end: number): void;
  /** Writes the value of the measured node. */
  writeValue(out: Float64Array, at: number): void;
  /**
   * Tries the splits of the rows `rows[start...end]`, whose keys `keys[base + row]` ascend from `start` to `stop`; those from
   * `stop` on are missing and go left or right as `missingLeft` says. If they go right, all that are not missing may go left.
   *
   * @returns whether a split is better than all before, which `search` then holds
   */
  scan(
    search: Search,
    rows: Int32Array,
    start: number,
    stop: number,
    end: number,
    keys: Int32Array,
    base: number,
    missingLeft: boolean,
  ): boolean;
  /** How many orders of categories are to be tried. */
  readonly categoryOrders: number;
  /**
   * Σ wᵢ tᵢ / Σ wᵢ of the rows `rows[start...end]`, by which categories are put in order; t is the target, or whether the class
   * is that of the order.
   */
  meanTarget(rows: Int32Array, start: number, end: number, which: number): number;
}

/** A criterion that the general scan can use: what stays left is told row by row. */
export interface IncrementalCriterion extends Criterion {
  /** The weight that is left. */
  leftWeight: number;
  /** Puts all rows right. */
  reset(): void;
  /** Moves a row to the left. */
  move(row: number): void;
  /** What the split gains between what is left and what is right. */
  gain(): number;
}

/** `scan` for criteria that move a row at a time. */
export function scanRows(
  criterion: IncrementalCriterion,
  search: Search,
  rows: Int32Array,
  start: number,
  stop: number,
  end: number,
  keys: Int32Array,
  base: number,
  missingLeft: boolean,
): boolean {
  const { minSamplesLeaf, minWeightLeaf, margin } = search;
  const { weight } = criterion;
  criterion.reset();
  if (missingLeft) for (let i = stop; i < end; i++) criterion.move(rows[i]!);
  const already = missingLeft ? end - stop : 0;
  // Only missing ones on one side are a split too.
  const last = missingLeft || stop === end ? stop - 1 : stop;
  let best = search.gain;
  let position = -1;
  for (let p = start + 1; p <= last; p++) {
    const row = rows[p - 1]!;
    criterion.move(row);
    if (p < stop && keys[base + row] === keys[base + rows[p]!]) continue;
    const left = p - start + already;
    if (left < minSamplesLeaf) continue;
    if (end - start - left < minSamplesLeaf) break;
    if (criterion.leftWeight < minWeightLeaf || weight - criterion.leftWeight < minWeightLeaf) continue;
    const gain = criterion.gain();
    if (gain > best + margin) {
      best = gain;
      position = p - start;
    }
  }
  if (position < 0) return false;
  search.gain = best;
  search.position = position;
  search.missingLeft = missingLeft;
  return true;
}
