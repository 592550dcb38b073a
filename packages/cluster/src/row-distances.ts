/**
 * Lowers `nearest` [count] to the squared distances of row i of x from its rows `others` [count], where these are less. Sums
 * run over the columns in order, those of four rows side by side, so that additions need not wait for each other.
 */
export function lowerSquares(
  x: Float64Array,
  d: number,
  i: number,
  others: Int32Array,
  count: number,
  nearest: Float64Array,
): void {
  const start = i * d;
  for (let at = 0; at < count; at += 4) {
    // In place of rows that do not exist the last one is measured again. Arrays that are made here would cost more than sums.
    const at1 = Math.min(at + 1, count - 1);
    const at2 = Math.min(at + 2, count - 1);
    const at3 = Math.min(at + 3, count - 1);
    let row = others[at]! * d;
    let row1 = others[at1]! * d;
    let row2 = others[at2]! * d;
    let row3 = others[at3]! * d;
    let sum = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let from = start; from < start + d; from++) {
      const value = x[from]!;
      const apart = x[row++]! - value;
      const apart1 = x[row1++]! - value;
      const apart2 = x[row2++]! - value;
      const apart3 = x[row3++]! - value;
      sum += apart * apart;
      sum1 += apart1 * apart1;
      sum2 += apart2 * apart2;
      sum3 += apart3 * apart3;
    }
    if (sum < nearest[at]!) nearest[at] = sum;
    if (sum1 < nearest[at1]!) nearest[at1] = sum1;
    if (sum2 < nearest[at2]!) nearest[at2] = sum2;
    if (sum3 < nearest[at3]!) nearest[at3] = sum3;
  }
}

/** The same with Manhattan distances. */
export function lowerSums(
  x: Float64Array,
  d: number,
  i: number,
  others: Int32Array,
  count: number,
  nearest: Float64Array,
): void {
  const start = i * d;
  for (let at = 0; at < count; at += 4) {
    const at1 = Math.min(at + 1, count - 1);
    const at2 = Math.min(at + 2, count - 1);
    const at3 = Math.min(at + 3, count - 1);
    let row = others[at]! * d;
    let row1 = others[at1]! * d;
    let row2 = others[at2]! * d;
    let row3 = others[at3]! * d;
    let sum = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let from = start; from < start + d; from++) {
      const value = x[from]!;
      sum += Math.abs(x[row++]! - value);
      sum1 += Math.abs(x[row1++]! - value);
      sum2 += Math.abs(x[row2++]! - value);
      sum3 += Math.abs(x[row3++]! - value);
    }
    if (sum < nearest[at]!) nearest[at] = sum;
    if (sum1 < nearest[at1]!) nearest[at1] = sum1;
    if (sum2 < nearest[at2]!) nearest[at2] = sum2;
    if (sum3 < nearest[at3]!) nearest[at3] = sum3;
  }
}
