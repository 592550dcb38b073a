/**
 * Histograms of binned columns for gradient boosting: of each column 256 bins, of each bin Σ gradient and Σ hessian as a pair
 * of float64; behind them, where hessians differ, the number of rows of each bin as int32. Rows of bins lie one after the
 * other, so that a row's columns come from the same lines of the cache.
 */

/** Bytes of a column's pairs and of its counts. */
const PAIRS: usize = 4096;
const COUNTS: usize = 1024;

/**
 * Adds rows to a histogram, the i-th with the i-th pair of `gradients`: two columns at a time. A loop of its own for rows that are
 * not counted would not be faster.
 */
export function add(histogram: usize, bins: usize, gradients: usize, rows: usize, n: i32, d: i32, counted: i32): void {
  const counts = histogram + d * PAIRS;
  for (const end = rows + (n << 1); rows < end; rows += 2, gradients += 8) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients));
    let bin = bins + <usize>load<u16>(rows) * d;
    const last = bin + d;
    let at = histogram, count = counts;
    for (const two = last - 1; bin < two; bin += 2, at += 2 * PAIRS) {
      const b = <usize>load<u16>(bin);
      const b0 = b & 255, b1 = b >> 8;
      const p = at + (b0 << 4), q = at + (b1 << 4);
      v128.store(p, f64x2.add(v128.load(p), pair));
      v128.store(q, f64x2.add(v128.load(q, PAIRS), pair), PAIRS);
      if (counted) {
        const t = count + (b0 << 2), u = count + (b1 << 2);
        store<i32>(t, load<i32>(t) + 1);
        store<i32>(u, load<i32>(u, COUNTS) + 1, COUNTS);
        count += 2 * COUNTS;
      }
    }
    if (bin < last) {
      const b = <usize>load<u8>(bin);
      const p = at + (b << 4);
      v128.store(p, f64x2.add(v128.load(p), pair));
      if (counted) {
        const t = count + (b << 2);
        store<i32>(t, load<i32>(t) + 1);
      }
    }
  }
}

/** Takes a child's histogram from its parent's, which becomes that of the other child. */
export function subtract(histogram: usize, child: usize, d: i32, counted: i32): void {
  const counts = histogram + d * PAIRS;
  for (; histogram < counts; histogram += 16, child += 16) {
    v128.store(histogram, f64x2.sub(v128.load(histogram), v128.load(child)));
  }
  if (!counted) return;
  for (const end = counts + d * COUNTS; histogram < end; histogram += 16, child += 16) {
    v128.store(histogram, i32x4.sub(v128.load(histogram), v128.load(child)));
  }
}

/** Puts the rows whose bin goes left before the others, in the order in which they are. Returns how many go left. */
export function partition(rows: usize, work: usize, bins: usize, left: usize, n: i32, d: i32, j: i32): i32 {
  let to = rows, rest = work;
  bins += j;
  for (let at = rows, end = rows + (n << 1); at < end; at += 2) {
    const row = load<u16>(at);
    const goes = load<u8>(left + <usize>load<u8>(bins + <usize>row * d));
    // Without a branch, since nobody can tell which way it would go.
    store<u16>(to, row);
    store<u16>(rest, row);
    to += (<usize>goes) << 1;
    rest += (<usize>(1 - goes)) << 1;
  }
  memory.copy(to, work, rest - work);
  return <i32>((to - rows) >> 1);
}
