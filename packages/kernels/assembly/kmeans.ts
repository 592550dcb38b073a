/**
 * k-means. A squared distance is a sum over the columns in order, in the numbers' own precision, wherever it is computed:
 * for one center in plain code, for all of them with a center in each lane.
 */

/** Bytes of two vectors: as many centers as they hold numbers are a group. */
const WIDTH = 32;

/**
 * Labels each row with its nearest center, of equals the first, and adds it to that center's sums. A row whose center is
 * proved to be still the nearest is not compared with the others: `lower` bounds its distance from them from below, less
 * what the centers have moved since, and `half` is half of the way from its center to the nearest other one.
 * @param result [2] float64: Σ w · distance; how many labels changed
 * @param lower [n] float64
 * @param mover the center that moved most, by `moverDrift`; the others moved by at most `drift`
 * @param slack what a squared distance is multiplied with before it is compared, so that rounding cannot mislead
 * @param shrink the same for a bound that is set
 * @param work the centers, packed, and the distances of a row: (d + 1) · WIDTH bytes for each group
 */
export function label(
  size: i32, result: usize, sums: usize, totals: usize, labels: usize, distances: usize, lower: usize,
  x: usize, centers: usize, half: usize, weights: usize, n: i32, k: i32, d: i32, weighted: i32,
  mover: i32, moverDrift: f64, drift: f64, slack: f64, shrink: f64, work: usize,
): void {
  if (size == 4) {
    labelRows<f32>(
      result, sums, totals, labels, distances, lower, x, centers, half, weights, n, k, d, weighted,
      mover, moverDrift, drift, slack, shrink, work,
    );
  } else {
    labelRows<f64>(
      result, sums, totals, labels, distances, lower, x, centers, half, weights, n, k, d, weighted,
      mover, moverDrift, drift, slack, shrink, work,
    );
  }
}

// @ts-ignore: decorator
@inline
function labelRows<T>(
  result: usize, sums: usize, totals: usize, labels: usize, distances: usize, lower: usize,
  x: usize, centers: usize, half: usize, weights: usize, n: i32, k: i32, d: i32, weighted: i32,
  mover: i32, moverDrift: f64, drift: f64, slack: f64, shrink: f64, work: usize,
): void {
  const row = d * sizeof<T>();
  const panel = work + groups<T>(k) * WIDTH;
  pack<T>(centers, k, d, panel);
  let inertia: f64 = 0;
  let changed = 0;
  for (let i = 0; i < n; i++) {
    let c = load<i32>(labels);
    let own = squaredDistance<T>(x, centers + c * row, row);
    let bound = load<f64>(lower);
    bound = bound - (c == mover ? moverDrift : drift) - bound * 8.881784197001252e-16;
    const safe = max(bound, load<f64>(half + (c << 3)));
    if (!(<f64>own * slack < safe * safe)) {
      scan<T>(x, row, k, panel, work);
      let best: T = <T>Infinity, second: T = <T>Infinity;
      let nearest = 0;
      for (let j = 0; j < k; j++) {
        const distance = load<T>(work + j * sizeof<T>());
        const less = distance < best;
        second = less ? best : distance < second ? distance : second;
        nearest = less ? j : nearest;
        best = less ? distance : best;
      }
      changed += i32(nearest != c);
      c = nearest;
      own = best;
      store<i32>(labels, c);
      bound = min(Math.sqrt(<f64>second) * shrink, f64.MAX_VALUE);
    }
    store<T>(distances, own);
    store<f64>(lower, bound);
    const weight = weighted ? load<f64>(weights) : 1;
    inertia += weight * <f64>own;
    store<f64>(totals + (c << 3), load<f64>(totals + (c << 3)) + weight);
    addRow<T>(sums + c * d * 8, x, d, weight);
    x += row, labels += 4, distances += sizeof<T>(), lower += 8, weights += 8;
  }
  store<f64>(result, inertia);
  store<f64>(result, <f64>changed, 8);
}

/**
 * By how much Σ w · closest would fall with each of k candidates for a center. Rows whose center is nearer than `near` of it
 * cannot be nearer to any candidate.
 * @param gains [k] float64, added to
 */
export function gain(
  size: i32, gains: usize, x: usize, candidates: usize, closest: usize, labels: usize, near: usize, weights: usize,
  n: i32, k: i32, d: i32, weighted: i32, work: usize,
): void {
  if (size == 4) gainOf<f32>(gains, x, candidates, closest, labels, near, weights, n, k, d, weighted, work);
  else gainOf<f64>(gains, x, candidates, closest, labels, near, weights, n, k, d, weighted, work);
}

// @ts-ignore: decorator
@inline
function gainOf<T>(
  gains: usize, x: usize, candidates: usize, closest: usize, labels: usize, near: usize, weights: usize,
  n: i32, k: i32, d: i32, weighted: i32, work: usize,
): void {
  const row = d * sizeof<T>();
  const panel = work + groups<T>(k) * WIDTH;
  pack<T>(candidates, k, d, panel);
  for (let i = 0; i < n; i++, x += row, closest += sizeof<T>(), labels += 4, weights += 8) {
    const distance = <f64>load<T>(closest);
    if (distance <= load<f64>(near + (load<i32>(labels) << 3))) continue;
    const weight = weighted ? load<f64>(weights) : 1;
    scan<T>(x, row, k, panel, work);
    for (let j = 0; j < k; j++) {
      const fall = distance - <f64>load<T>(work + j * sizeof<T>());
      if (fall > 0) store<f64>(gains + (j << 3), load<f64>(gains + (j << 3)) + weight * fall);
    }
  }
}

/** Takes `center` in as number `c`: the rows that are nearer to it than to their own are labeled with it. `near` as in `gain`. */
export function adopt(
  size: i32, labels: usize, closest: usize, x: usize, center: usize, near: usize, n: i32, d: i32, c: i32,
): void {
  if (size == 4) adoptOf<f32>(labels, closest, x, center, near, n, d, c);
  else adoptOf<f64>(labels, closest, x, center, near, n, d, c);
}

// @ts-ignore: decorator
@inline
function adoptOf<T>(
  labels: usize, closest: usize, x: usize, center: usize, near: usize, n: i32, d: i32, c: i32,
): void {
  const row = d * sizeof<T>();
  for (let i = 0; i < n; i++, x += row, closest += sizeof<T>(), labels += 4) {
    if (<f64>load<T>(closest) <= load<f64>(near + (load<i32>(labels) << 3))) continue;
    const distance = squaredDistance<T>(x, center, row);
    if (distance < load<T>(closest)) {
      store<T>(closest, distance);
      store<i32>(labels, c);
    }
  }
}

// @ts-ignore: decorator
@inline
function groups<T>(k: i32): i32 {
  return (k * sizeof<T>() + WIDTH - 1) / WIDTH;
}

/** Packs k rows in groups, column by column; rows that do not exist are infinitely far away. */
// @ts-ignore: decorator
@inline
function pack<T>(rows: usize, k: i32, d: i32, panel: usize): void {
  const width = WIDTH / sizeof<T>();
  for (let g = 0; g < k; g += width) {
    for (let l = 0; l < d; l++) {
      for (let j = g; j < g + width; j++) {
        const value = j < k ? load<T>(rows + (j * d + l) * sizeof<T>()) : <T>Infinity;
        store<T>(panel, value);
        panel += sizeof<T>();
      }
    }
  }
}

/** The squared distances of a row from k packed ones, to `out`. */
// @ts-ignore: decorator
@inline
function scan<T>(x: usize, row: usize, k: i32, panel: usize, out: usize): void {
  const end = x + row;
  for (let g = 0; g < k; g += WIDTH / sizeof<T>(), out += WIDTH) {
    let a = v128.splat<T>(0), b = a;
    for (let at = x; at < end; at += sizeof<T>(), panel += WIDTH) {
      const value = v128.load_splat<T>(at);
      const p = v128.sub<T>(value, v128.load(panel)), q = v128.sub<T>(value, v128.load(panel, 16));
      a = v128.add<T>(a, v128.mul<T>(p, p)), b = v128.add<T>(b, v128.mul<T>(q, q));
    }
    v128.store(out, a), v128.store(out, b, 16);
  }
}

// @ts-ignore: decorator
@inline
function squaredDistance<T>(x: usize, y: usize, row: usize): T {
  let sum: T = <T>0;
  for (let at: usize = 0; at < row; at += sizeof<T>()) {
    const difference: T = load<T>(x + at) - load<T>(y + at);
    sum += difference * difference;
  }
  return sum;
}

/** Adds a row, times its weight, to d sums of float64. */
// @ts-ignore: decorator
@inline
function addRow<T>(sums: usize, x: usize, d: i32, weight: f64): void {
  const weights = f64x2.splat(weight);
  const end = sums + (d & ~1) * 8;
  while (sums < end) {
    const pair = sizeof<T>() == 8 ? v128.load(x) : f64x2.promote_low_f32x4(v128.load64_zero(x));
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(weights, pair)));
    sums += 16, x += 2 * sizeof<T>();
  }
  if (d & 1) store<f64>(sums, load<f64>(sums) + weight * <f64>load<T>(x));
}
