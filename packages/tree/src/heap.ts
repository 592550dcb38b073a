/** A binary heap: `pop` gives the element that comes before all others. */
export class Heap<T> {
  readonly #elements: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#elements.length;
  }

  push(one: T): void {
    const heap = this.#elements;
    let at = heap.length;
    heap.push(one);
    for (let up = (at - 1) >> 1; at > 0 && this.#before(one, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = one;
  }

  /** Takes out the first element; there must be one. */
  pop(): T {
    const heap = this.#elements;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && this.#before(heap[down + 1]!, heap[down]!)) down++;
      if (!this.#before(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}
