/**
 * A number as the unevaluated sum of two doubles, some 32 digits. Products and sums of doubles are taken without loss.
 *
 * T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
 */
export class DoubleDouble {
  high = 0;
  low = 0;

  set(high: number, low = 0): this {
    this.high = high;
    this.low = low;
    return this;
  }

  /** + high + low */
  add(high: number, low = 0): this {
    const sum = this.high + high;
    const part = sum - this.high;
    const lost = this.high - (sum - part) + (high - part);
    return this.#normalize(sum, lost + this.low + low);
  }

  /** + a b */
  addProduct(a: number, b: number): this {
    const product = a * b;
    return this.add(product, lostIn(product, a, b));
  }

  /** - (aHigh + aLow) (bHigh + bLow) */
  subtractProduct(aHigh: number, aLow: number, bHigh: number, bLow: number): this {
    const product = aHigh * bHigh;
    return this.add(-product, -(lostIn(product, aHigh, bHigh) + (aHigh * bLow + aLow * bHigh)));
  }

  /** ÷ (high + low) */
  divide(high: number, low: number): this {
    const first = this.high / high;
    const rest = this.subtractProduct(high, low, first, 0);
    return rest.#normalize(first, (rest.high + rest.low) / high);
  }

  /** The root, of a number > 0. */
  sqrt(): this {
    const root = Math.sqrt(this.high);
    const rest = this.subtractProduct(root, 0, root, 0);
    return rest.#normalize(root, (rest.high + rest.low) / (2 * root));
  }

  #normalize(high: number, low: number): this {
    this.high = high + low;
    this.low = low - (this.high - high);
    return this;
  }
}

/** What the rounded product a b is short of the exact one. */
function lostIn(product: number, a: number, b: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The first 26 of a double's 53 bits. */
function upperHalf(a: number): number {
  const split = 134217729 * a;
  return split - (split - a);
}
