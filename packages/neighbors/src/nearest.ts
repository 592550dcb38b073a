/**
 * The k nearest rows seen so far: a heap whose top is the farthest of them, by rank and of equal ranks by place, so that the result does
 * not depend on the order in which rows are seen.
 */
export class Nearest {
  readonly k: number;
  readonly ranks: Float64Array;
  readonly places: Int32Array;
  size = 0;

  constructor(k: number) {
    this.k = k;
    this.ranks = new Float64Array(k);
    this.places = new Int32Array(k);
  }

  clear(): void {
    this.size = 0;
  }

  /** Rows with a larger rank need not be offered. */
  get worst(): number {
    return this.size < this.k ? Number.POSITIVE_INFINITY : this.ranks[0]!;
  }

  offer(rank: number, place: number): void {
    if (this.size < this.k) {
      this.#rise(this.size++, rank, place);
    } else if (rank < this.ranks[0]! || (rank === this.ranks[0]! && place < this.places[0]!)) {
      this.#sink(0, this.k, rank, place);
    }
  }

  /** Puts the nearest first; the heap is none any more, so `clear` it before the next row. */
  sort(): void {
    for (let end = this.size - 1; end > 0; end--) {
      const [rank, place] = [this.ranks[end]!, this.places[end]!];
      this.ranks[end] = this.ranks[0]!;
      this.places[end] = this.places[0]!;
      this.#sink(0, end, rank, place);
    }
  }

  #rise(at: number, rank: number, place: number): void {
    let child = at;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#farther(rank, place, parent)) break;
      this.ranks[child] = this.ranks[parent]!;
      this.places[child] = this.places[parent]!;
      child = parent;
    }
    this.ranks[child] = rank;
    this.places[child] = place;
  }

  #sink(at: number, end: number, rank: number, place: number): void {
    let parent = at;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= end) break;
      if (child + 1 < end && this.#farther(this.ranks[child + 1]!, this.places[child + 1]!, child)) child++;
      if (!this.#farther(this.ranks[child]!, this.places[child]!, -1, rank, place)) break;
      this.ranks[parent] = this.ranks[child]!;
      this.places[parent] = this.places[child]!;
      parent = child;
    }
    this.ranks[parent] = rank;
    this.places[parent] = place;
  }

  /** Whether (rank, place) is farther than the entry at `at`, or than the second pair. */
  #farther(
    rank: number,
    place: number,
    at: number,
    otherRank = this.ranks[at]!,
    otherPlace = this.places[at]!,
  ): boolean {
    return rank > otherRank || (rank === otherRank && place > otherPlace);
  }
}
