/** The weights of the classes in a node. */
export class ClassCounts {
  /** The weight of each class [k]. */
  readonly total: Float64Array;
  readonly #codes: Int32Array;
  readonly #weights: Float64Array | null;
  #weight = 0;

  constructor(codes: Int32Array, k: number, weights: Float64Array | null) {
    this.total = new Float64Array(k);
    this.#codes = codes;
    this.#weights = weights;
  }

  /** Counts the rows `rows[start...end]` and returns their weight. */
  count(rows: Int32Array, start: number, end: number): number {
    const { total } = this;
    const codes = this.#codes;
    const weights = this.#weights;
    total.fill(0);
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      total[codes[row]!]! += weights === null ? 1 : weights[row]!;
    }
    let weight = 0;
    for (let c = 0; c < total.length; c++) weight += total[c]!;
    this.#weight = weight;
    return weight;
  }

  /** Writes the shares of the classes. */
  writeShares(out: Float64Array, at: number): void {
    for (let c = 0; c < this.total.length; c++) out[at + c] = this.total[c]! / this.#weight;
  }

  /** The share of a class among some rows; of two classes that of the second. */
  shareOf(rows: Int32Array, start: number, end: number, which: number): number {
    const wanted = this.total.length <= 2 ? 1 : which;
    let [share, weight] = [0, 0];
    for (let i = start; i < end; i++) {
      const w = this.#weights === null ? 1 : this.#weights[rows[i]!]!;
      weight += w;
      if (this.#codes[rows[i]!] === wanted) share += w;
    }
    return share / weight;
  }
}
