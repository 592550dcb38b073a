/**
 * How good nodes and splits are. A criterion is told of a node by `measure`; `scan` then says what its splits gain.
 */
export interface Criterion {
  /** How many numbers the value of a node is: the shares of the classes, or one. */
  readonly width: number;
  /** Whether impurities have the unit of the targets or its square. */
  readonly hasUnit: boolean;
  /** Whether the decrease of impurity is what a split gains divided by the weight of all rows. */
  readonly isAveraged: boolean;
  /** How many orders of categories are to be tried. */
  readonly categoryOrders: number;
  /** The weight of the measured node. */
  weight: number;
  /** Its impurity. */
  impurity: number;
  /** How close gains may be that are equal but for rounding. */
  margin: number;
  /** Takes the node of the rows `rows[start...end]`. */
  measure(rows: Int32Array, start: number, end: number): void;
  /** Appends the value of the measured node. */
  writeValue(out: number[]): void;
  /**
   * Lets the first `most` of the rows from `rows[from]` on go left one after the other, and writes for p of them their weight to
   * `leftWeights[p]` and to `gains[p]` what the split gains: the node's weighted impurity less those of its children.
   */
  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void;
  /**
   * Σ wᵢ tᵢ / Σ wᵢ of the rows `rows[start...end]`, by which categories are put in order; t is the target, or whether the class
   * is that of the order.
   */
  meanTarget(rows: Int32Array, start: number, end: number, which: number): number;
}
