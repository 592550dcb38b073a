/**
 * Sums of products in double-double arithmetic, as if in twice the digits and then rounded: what is lost by each product
 * and sum is known exactly and added up beside it.
 * T. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971);
 * T. Ogita, S. Rump and S. Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005).
 */
export class ExactSum {
  high = 0;
  low = 0;

  /** Starts over from a number. */
  start(value: number): void {
    this.high = value;
    this.low = 0;
  }

  /** Adds a · b. Products must stay under 10³⁰⁰, and what they lose above 10⁻³⁰⁸. */
  addProduct(a: number, b: number): void {
    const product = a * b;
    // 2²⁷ + 1 splits 53 digits into halves whose products are exact.
    const splitA = 134217729 * a;
    const splitB = 134217729 * b;
    const aHigh = splitA - (splitA - a);
    const bHigh = splitB - (splitB - b);
    const aLow = a - aHigh;
    const bLow = b - bHigh;
    const lost = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    this.add(product);
    this.low += lost;
  }

  add(value: number): void {
    const sum = this.high + value;
    const part = sum - this.high;
    this.low += this.high - (sum - part) + (value - part);
    this.high = sum;
  }

  get value(): number {
    return this.high + this.low;
  }
}
