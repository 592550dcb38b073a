/** An Int32Array that grows as numbers are put in. */
export class GrowingInts {
  #data = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#data.length) {
      const wider = new Int32Array(2 * this.length);
      wider.set(this.#data);
      this.#data = wider;
    }
    this.#data[this.length++] = value;
  }

  at(i: number): number {
    return this.#data[i]!;
  }

  add(i: number, value: number): void {
    this.#data[i]! += value;
  }

  /** The numbers so far, which share memory. */
  view(): Int32Array {
    return this.#data.subarray(0, this.length);
  }
}
