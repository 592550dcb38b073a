/**
 * The k nearest rows seen so far: a heap whose top is the farthest of them, by rank and of equal ranks by place, so that the result does
 * not depend on the order in which rows are seen. Ranks come and go in arrays, since the engine may make an object of a number that is
 * handed to a function, or back.
 */
export class Nearest {
  readonly k: number;
  /** The rank of the row that is offered next. */
  readonly rank: Float64Array = new Float64Array(1);
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

  /** Whether a row of the rank at `ranks[at]` may be among the nearest. */
  reaches(ranks: Float64Array, at: number): boolean {
    return ranks[at]! <= (this.size < this.k ? Number.POSITIVE_INFINITY : this.ranks[0]!);
  }

  /** Takes a row in, whose rank is `rank[0]`, if it is among the nearest. */
  offer(place: number): void {
    if (!this.reaches(this.rank, 0)) return;
    if (this.size < this.k) {
      this.ranks[this.size] = this.rank[0]!;
      this.places[this.size] = place;
      this.#rise(this.size++);
    } else if (this.rank[0]! < this.ranks[0]! || place < this.places[0]!) {
      this.ranks[0] = this.rank[0]!;
      this.places[0] = place;
      this.#sink(this.k);
    }
  }

  /** Puts the nearest first; the heap is none any more, so `clear` it before the next row. */
  sort(): void {
    for (let end = this.size - 1; end > 0; end--) {
      this.#swap(0, end);
      this.#sink(end);
    }
  }

  #rise(at: number): void {
    let child = at;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#farther(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(end: number): void {
    let parent = 0;
    for (let child = 1; child < end; child = 2 * parent + 1) {
      if (child + 1 < end && this.#farther(child + 1, child)) child++;
      if (!this.#farther(child, parent)) break;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #farther(a: number, b: number): boolean {
    const { ranks, places } = this;
    return ranks[a]! > ranks[b]! || (ranks[a] === ranks[b] && places[a]! > places[b]!);
  }

  #swap(a: number, b: number): void {
    const { ranks, places } = this;
    const rank = ranks[a]!;
    ranks[a] = ranks[b]!;
    ranks[b] = rank;
    const place = places[a]!;
    places[a] = places[b]!;
    places[b] = place;
  }
}
