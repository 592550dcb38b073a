/**
 * Rows that were found to be near, in arrays that grow as need be and are used again. As in `Nearest`, ranks come in an array.
 */
export class Found {
  /** The rank of the row that is added next. */
  readonly rank: Float64Array = new Float64Array(1);
  ranks: Float64Array = new Float64Array(256);
  places: Int32Array = new Int32Array(256);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  /** Adds a row, whose rank is `rank[0]`. */
  add(place: number): void {
    if (this.size === this.places.length) this.#grow();
    this.ranks[this.size] = this.rank[0]!;
    this.places[this.size++] = place;
  }

  /** Leaves out rows of ranks above `most[0]`, and sorts the others by their places. */
  settle(most: Float64Array): void {
    const { ranks, places, size } = this;
    this.size = 0;
    for (let i = 0; i < size; i++) {
      if (!(ranks[i]! <= most[0]!)) continue;
      ranks[this.size] = ranks[i]!;
      places[this.size++] = places[i]!;
    }
    // By a heap, in place.
    for (let root = (this.size >> 1) - 1; root >= 0; root--) this.#sink(root, this.size);
    for (let end = this.size - 1; end > 0; end--) {
      this.#swap(0, end);
      this.#sink(0, end);
    }
  }

  #sink(root: number, end: number): void {
    const { places } = this;
    let parent = root;
    for (let child = 2 * parent + 1; child < end; child = 2 * parent + 1) {
      if (child + 1 < end && places[child + 1]! > places[child]!) child++;
      if (places[child]! < places[parent]!) break;
      this.#swap(child, parent);
      parent = child;
    }
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

  #grow(): void {
    const [ranks, places] = [new Float64Array(2 * this.size), new Int32Array(2 * this.size)];
    ranks.set(this.ranks);
    places.set(this.places);
    [this.ranks, this.places] = [ranks, places];
  }
}
