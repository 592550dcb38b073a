/**
 * Turns each row of `rows` [k, d] so that its element of the largest size (of equals the first) is positive: singular vectors
 * are only found up to their sign, and this makes them the same on every machine and for every method. It is what
 * scikit-learn's `svd_flip` does with `u_based_decision=False`.
 */
export function turnRows(rows: Float64Array, k: number, d: number): void {
  for (let c = 0; c < k; c++) {
    let largest = 0;
    for (let j = 0; j < d; j++) {
      const value = rows[c * d + j]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest < 0) for (let j = 0; j < d; j++) rows[c * d + j] = -rows[c * d + j]!;
  }
}
