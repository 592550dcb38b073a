/**
 * Histograms of binned columns for gradient boosting: of each column 256 bins, of each bin Σ gradient and Σ hessian as a pair
 * of float64; behind them, where hessians differ, the number of rows of each bin as int32. Rows of bins lie one after the
 * other, so that a row's columns come from the same lines of the cache.
 */

/** Bytes of a column's pairs and of its counts. */
const PAIRS: usize = 4096;
const COUNTS: usize = 1024;

/** Adds rows to a histogram, the i-th with the i-th pair of `gradients`. */
export function add(histogram: usize, bins: usize, gradients: usize, rows: usize, n: i32, d: i32, counted: i32): void {
  const end = rows + (n << 1);
  if (counted) addAll(histogram, bins, gradients, rows, end, d, true);
  else addAll(histogram, bins, gradients, rows, end, d, false);
}

/** The loop, compiled once with counts and once without. */
// @ts-ignore: decorator
@inline
function addAll(histogram: usize, bins: usize, gradients: usize, rows: usize, end: usize, d: i32, counted: bool): void {
  const counts = histogram + d * PAIRS;
  for (; rows < end; rows += 2, gradients += 8) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients));
    let bin = bins + <usize>load<u16>(rows) * d;
    const last = bin + d;
    let at = histogram;
    let count = counts;
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

/**
 * The best split of columns whose bins are in order.
 * @param out [6]: gain, column, bin, whether it was scanned from the right, Σ gradient and Σ hessian of what was scanned
 * @param columns [d, 3]: bins in use, whether there are missing values, constraint (-1, 0, 1; 2 skips the column)
 * @param node [9]: Σ gradient, Σ hessian, rows, value, lowest and highest value, l2, least Σ hessian and least rows of a child
 */
export function split(out: usize, histogram: usize, columns: usize, node: usize, d: i32, counted: i32): void {
  const g = load<f64>(node), h = load<f64>(node, 8), n = load<f64>(node, 16);
  const loss = g * load<f64>(node, 24);
  const low = v128.load64_splat(node, 32), high = v128.load64_splat(node, 40), penalty = v128.load64_splat(node, 48);
  const tiny = f64x2.splat(1e-15);
  const leastHessian = load<f64>(node, 56), leastRows = load<f64>(node, 64);
  let counts = histogram + d * PAIRS;
  let best: f64 = 0;
  store<f64>(out, 0);
  for (let j = 0; j < d; j++, columns += 12, histogram += PAIRS, counts += COUNTS) {
    const used = load<i32>(columns), missing = load<i32>(columns, 4), constraint = load<i32>(columns, 8);
    if (constraint == 2) continue;
    // From the left, where missing values are to the right; then, if there are some, from the right.
    for (let side = 0; side <= missing; side++) {
      const steps = side ? used - 1 : used - 1 + missing;
      let sumG: f64 = 0, sumH: f64 = 0, rows: f64 = 0;
      for (let i = 0; i < steps; i++) {
        const bin = side ? used - 1 - i : i;
        const pair = histogram + (bin << 4);
        const hessian = load<f64>(pair, 8);
        rows += counted ? <f64>load<i32>(counts + (bin << 2)) : hessian;
        sumG += load<f64>(pair);
        sumH += hessian;
        if (rows < leastRows) continue;
        if (n - rows < leastRows) break;
        const restH = h - sumH;
        if (sumH < leastHessian) continue;
        if (restH < leastHessian) break;
        const sums = f64x2(sumG, g - sumG);
        let values = f64x2.div(f64x2.neg(sums), f64x2.add(f64x2.add(f64x2(sumH, restH), penalty), tiny));
        values = f64x2.pmin(f64x2.pmax(values, low), high);
        if (constraint) {
          const rise = f64x2.extract_lane(values, 1) - f64x2.extract_lane(values, 0);
          if ((side ? -rise : rise) * <f64>constraint < 0) continue;
        }
        const losses = f64x2.mul(values, sums);
        // The left side comes first, whichever side was scanned.
        const gain = side
          ? loss - f64x2.extract_lane(losses, 1) - f64x2.extract_lane(losses, 0)
          : loss - f64x2.extract_lane(losses, 0) - f64x2.extract_lane(losses, 1);
        if (gain > best) {
          best = gain;
          store<f64>(out, gain);
          store<f64>(out, <f64>j, 8);
          store<f64>(out, <f64>(bin - side), 16);
          store<f64>(out, <f64>side, 24);
          store<f64>(out, sumG, 32);
          store<f64>(out, sumH, 40);
        }
      }
    }
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

/**
 * The bins of rows: how many edges of its column are below a number, 255 for NaN.
 * @param edges [d, 256]: in ascending order, infinite after the last one
 */
export function bin(bins: usize, x: usize, edges: usize, n: i32, d: i32): void {
  for (let j = 0; j < d; j++, edges += 2048) {
    let from = x + (j << 3);
    for (let to = bins + j, end = bins + n * d; to < end; to += d, from += d << 3) {
      const value = load<f64>(from);
      // A search without branches, since nobody can tell which way they would go.
      let at = edges;
      for (let half: usize = 1024; half > 4; half >>= 1) at += select<usize>(half, 0, load<f64>(at + half - 8) < value);
      store<u8>(to, value == value ? <u8>((at - edges) >> 3) : 255);
    }
  }
}
