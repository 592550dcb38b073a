/**
 * Histograms of binned columns for gradient boosting: of each column 256 bins, of each bin Σ gradient and Σ hessian as a pair
 * of float64, and where hessians differ the number of rows. Rows of bins lie one after the other, so that a row's columns and
 * its two numbers come from the same lines of the cache.
 */

import { abs, exp } from './_lanes';

/** Bytes of a column's pairs and of its counts. */
const PAIRS: usize = 4096;
const COUNTS: usize = 1024;

/** Adds rows to the pairs [d, 256, 2] and, if wanted, to the counts [d, 256]. */
export function add(
  pairs: usize, counts: usize, bins: usize, gradients: usize, rows: usize, n: i32, d: i32, counted: i32,
): void {
  for (const end = rows + (n << 2); rows < end; rows += 4) {
    const row = load<i32>(rows);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)));
    let bin = bins + <usize>row * d;
    const last = bin + d;
    let at = pairs;
    if (counted) {
      let count = counts;
      for (const four = bin + (d & ~3); bin < four; bin += 4, at += 4 * PAIRS, count += 4 * COUNTS) {
        const b = <usize>load<u32>(bin);
        const b0 = b & 255, b1 = (b >> 8) & 255, b2 = (b >> 16) & 255, b3 = b >> 24;
        const p = at + (b0 << 4), q = at + (b1 << 4), r = at + (b2 << 4), s = at + (b3 << 4);
        v128.store(p, f64x2.add(v128.load(p), pair));
        v128.store(q, f64x2.add(v128.load(q, PAIRS), pair), PAIRS);
        v128.store(r, f64x2.add(v128.load(r, 2 * PAIRS), pair), 2 * PAIRS);
        v128.store(s, f64x2.add(v128.load(s, 3 * PAIRS), pair), 3 * PAIRS);
        const t = count + (b0 << 2), u = count + (b1 << 2), v = count + (b2 << 2), w = count + (b3 << 2);
        store<i32>(t, load<i32>(t) + 1);
        store<i32>(u, load<i32>(u, COUNTS) + 1, COUNTS);
        store<i32>(v, load<i32>(v, 2 * COUNTS) + 1, 2 * COUNTS);
        store<i32>(w, load<i32>(w, 3 * COUNTS) + 1, 3 * COUNTS);
      }
      for (; bin < last; bin++, at += PAIRS, count += COUNTS) {
        const b = <usize>load<u8>(bin);
        v128.store(at + (b << 4), f64x2.add(v128.load(at + (b << 4)), pair));
        store<i32>(count + (b << 2), load<i32>(count + (b << 2)) + 1);
      }
      continue;
    }
    for (const four = bin + (d & ~3); bin < four; bin += 4, at += 4 * PAIRS) {
      const b = <usize>load<u32>(bin);
      const p = at + ((b & 255) << 4), q = at + (((b >> 8) & 255) << 4);
      const r = at + (((b >> 16) & 255) << 4), s = at + ((b >> 24) << 4);
      v128.store(p, f64x2.add(v128.load(p), pair));
      v128.store(q, f64x2.add(v128.load(q, PAIRS), pair), PAIRS);
      v128.store(r, f64x2.add(v128.load(r, 2 * PAIRS), pair), 2 * PAIRS);
      v128.store(s, f64x2.add(v128.load(s, 3 * PAIRS), pair), 3 * PAIRS);
    }
    for (; bin < last; bin++, at += PAIRS) {
      const b = <usize>load<u8>(bin);
      v128.store(at + (b << 4), f64x2.add(v128.load(at + (b << 4)), pair));
    }
  }
}

/** Takes a child's sums from its parent's, which become those of the other child. */
export function subtract(pairs: usize, counts: usize, childPairs: usize, childCounts: usize, d: i32, counted: i32): void {
  for (const end = pairs + d * PAIRS; pairs < end; pairs += 16, childPairs += 16) {
    v128.store(pairs, f64x2.sub(v128.load(pairs), v128.load(childPairs)));
  }
  if (!counted) return;
  for (const end = counts + d * COUNTS; counts < end; counts += 16, childCounts += 16) {
    v128.store(counts, i32x4.sub(v128.load(counts), v128.load(childCounts)));
  }
}

/**
 * The best split of ordered columns.
 * @param out [8]: gain, column, bin, whether missing goes left, Σ gradient and Σ hessian to the left and their rest
 * @param columns [d, 3]: bins in use, whether there are missing values, constraint (-1, 0, 1; 2 skips the column)
 * @param node [8]: Σ gradient, Σ hessian, rows, value, lowest and highest value, l2, least Σ hessian of a child
 */
export function split(
  out: usize, pairs: usize, counts: usize, columns: usize, node: usize, d: i32, counted: i32, leastRows: i32,
): void {
  const g = load<f64>(node), h = load<f64>(node, 8), n = load<f64>(node, 16);
  const loss = g * load<f64>(node, 24);
  const low = f64x2.splat(load<f64>(node, 32)), high = f64x2.splat(load<f64>(node, 40));
  const penalty = f64x2.splat(load<f64>(node, 48));
  const tiny = f64x2.splat(1e-15);
  const leastHessian = load<f64>(node, 56);
  const least = <f64>leastRows;
  let best: f64 = 0;
  store<f64>(out, 0);
  for (let j = 0; j < d; j++, columns += 12, pairs += PAIRS, counts += COUNTS) {
    const used = load<i32>(columns), missing = load<i32>(columns, 4), constraint = load<i32>(columns, 8);
    if (constraint == 2) continue;
    // From the left, where missing values are to the right; then, if there are some, from the right.
    for (let side = 0; side <= missing; side++) {
      const steps = side ? used - 1 : used - 1 + missing;
      let sumG: f64 = 0, sumH: f64 = 0, rows: f64 = 0;
      for (let i = 0; i < steps; i++) {
        const bin = side ? used - 1 - i : i;
        const count = counted ? <f64>load<i32>(counts + (bin << 2)) : load<f64>(pairs + (bin << 4), 8);
        rows += count;
        sumG += load<f64>(pairs + (bin << 4));
        sumH += load<f64>(pairs + (bin << 4), 8);
        if (rows < least) continue;
        if (n - rows < least) break;
        const restH = h - sumH;
        if (sumH < leastHessian) continue;
        if (restH < leastHessian) break;
        const restG = g - sumG;
        const sums = f64x2(sumG, restG);
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
          store<f64>(out, <f64>(side ? bin - 1 : bin), 16);
          store<f64>(out, <f64>side, 24);
          store<f64>(out, side ? restG : sumG, 32);
          store<f64>(out, side ? restH : sumH, 40);
          store<f64>(out, side ? sumG : restG, 48);
          store<f64>(out, side ? sumH : restH, 56);
        }
      }
    }
  }
}

/** Puts the rows whose bin goes left before the others, in the order in which they are. Returns how many go left. */
export function partition(rows: usize, bins: usize, left: usize, n: i32, d: i32, j: i32, work: usize): i32 {
  let to = rows, rest = work;
  bins += j;
  for (let at = rows, end = rows + (n << 2); at < end; at += 4) {
    const row = load<i32>(at);
    const goes = load<u8>(left + <usize>load<u8>(bins + <usize>row * d));
    // Without a branch, since nobody can tell which way it would go.
    store<i32>(to, row);
    store<i32>(rest, row);
    to += (<usize>goes) << 2;
    rest += (<usize>(1 - goes)) << 2;
  }
  memory.copy(to, work, rest - work);
  return <i32>((to - rows) >> 2);
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
      at += (<usize>(load<f64>(at, 127 << 3) < value)) << 10;
      at += (<usize>(load<f64>(at, 63 << 3) < value)) << 9;
      at += (<usize>(load<f64>(at, 31 << 3) < value)) << 8;
      at += (<usize>(load<f64>(at, 15 << 3) < value)) << 7;
      at += (<usize>(load<f64>(at, 7 << 3) < value)) << 6;
      at += (<usize>(load<f64>(at, 3 << 3) < value)) << 5;
      at += (<usize>(load<f64>(at, 1 << 3) < value)) << 4;
      at += (<usize>(load<f64>(at) < value)) << 3;
      store<u8>(to, value == value ? <u8>((at - edges) >> 3) : 255);
    }
  }
}

/** First and second derivatives of log(1 + e^f) - y f by f, times the weights, as pairs of float32. */
export function logistic(out: usize, raw: usize, y: usize, weights: usize, n: i32, weighted: i32): void {
  for (let i = 0; i < n; i += 2) {
    // An odd last one goes with itself.
    const next: usize = i + 1 < n ? 8 : 0;
    const f = f64x2.replace_lane(v128.load64_splat(raw), 1, load<f64>(raw + next));
    const target = f64x2.replace_lane(v128.load64_splat(y), 1, load<f64>(y + next));
    const e = exp(f64x2.neg(abs(f)), false);
    const s = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), e));
    const es = f64x2.mul(e, s);
    // From the side on which no digits are lost: the probability, or it less 1.
    const up = f64x2.ge(f, f64x2.splat(0));
    const one = f64x2.eq(target, f64x2.splat(1));
    let g = v128.bitselect(v128.bitselect(f64x2.neg(es), f64x2.neg(s), up), v128.bitselect(s, es, up), one);
    let h = f64x2.mul(es, s);
    if (weighted) {
      const w = f64x2.replace_lane(v128.load64_splat(weights), 1, load<f64>(weights + next));
      g = f64x2.mul(g, w), h = f64x2.mul(h, w);
    }
    const a = f32x4.demote_f64x2_zero(g), b = f32x4.demote_f64x2_zero(h);
    const pairs = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
    if (next) v128.store(out, pairs);
    else v128.store64_lane(out, pairs, 0);
    out += 16, raw += 16, y += 16, weights += 16;
  }
}
