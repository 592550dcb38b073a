import type { NumberArray } from './memory.ts';

// Sums of contiguous numbers in float64, as assembly/_reduce.ts takes them: the numbers of whole eights go to eight lanes,
// which are joined in one order, and the rest follow one by one. `lanes` is room for eight numbers.

/** Σ x[start + i], i < n. */
export function sumOf(x: NumberArray, start: number, n: number, lanes: Float64Array): number {
  const whole = start + n - (n % 8);
  const end = start + n;
  let i = start;
  let sum = 0;
  if (whole > start) {
    lanes.fill(0);
    for (; i < whole; i++) lanes[(i - start) & 7]! += x[i]!;
    sum = joined(lanes);
  }
  for (; i < end; i++) sum += x[i]!;
  return sum;
}

/** Σ x[start + i] y[start + i], i < n. */
export function productsOf(x: NumberArray, y: NumberArray, start: number, n: number, lanes: Float64Array): number {
  const whole = start + n - (n % 8);
  const end = start + n;
  let i = start;
  let sum = 0;
  if (whole > start) {
    lanes.fill(0);
    for (; i < whole; i++) lanes[(i - start) & 7]! += x[i]! * y[i]!;
    sum = joined(lanes);
  }
  for (; i < end; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** Σ (x[start + i] - mean)², i < n. */
export function squaresOf(x: NumberArray, mean: number, start: number, n: number, lanes: Float64Array): number {
  const whole = start + n - (n % 8);
  const end = start + n;
  let i = start;
  let sum = 0;
  if (whole > start) {
    lanes.fill(0);
    for (; i < whole; i++) lanes[(i - start) & 7]! += (x[i]! - mean) * (x[i]! - mean);
    sum = joined(lanes);
  }
  for (; i < end; i++) sum += (x[i]! - mean) * (x[i]! - mean);
  return sum;
}

/** Σ over `n` rows of `inner` numbers into `sums`, row by row. */
export function columnSums(x: NumberArray, start: number, n: number, inner: number, sums: Float64Array): void {
  sums.fill(0);
  for (let i = 0; i < n; i++) {
    const row = start + i * inner;
    for (let j = 0; j < inner; j++) sums[j]! += x[row + j]!;
  }
}

function joined(l: Float64Array): number {
  return l[0]! + l[4]! + (l[2]! + l[6]!) + (l[1]! + l[5]! + (l[3]! + l[7]!));
}
