/**
 * k-means, in float64 also for rows of float32. A squared distance is a sum over the columns in order, whether one center is
 * looked at or four at once with a center in each lane.
 */

/** Bytes of a group of centers: two vectors, a center in each lane. */
const WIDTH = 32;

/** What a squared distance is multiplied with before it is compared: more than rounding can do, up to millions of columns. */
const SLACK: f64 = 1.00000001;

/**
 * Labels each row with its nearest center, of equals the first, and adds it to that center's sums. A row whose center is
 * proved to be still the nearest is not compared with the others: `lower` bounds its distance from them from below, less
 * `drift`, how far a center has moved since, and `half` is half of the way from its center to the nearest other one.
 * @param size bytes of a number of x
 * @param result [2]: Σ w · distance; how many labels changed
 * @param work the centers, packed: d · WIDTH bytes for each group; a row: d + 1 numbers; the distances: WIDTH for each group
 */
export function label(
  size: i32, result: usize, distances: usize, sums: usize, totals: usize, labels: usize, lower: usize,
  x: usize, centers: usize, half: usize, weights: usize, n: i32, k: i32, d: i32, weighted: i32, drift: f64,
  work: usize,
): void {
  const row = pack(centers, k, d, work);
  const out = row + ((d + 1) << 3);
  let inertia: f64 = 0;
  let changed = 0;
  for (let i = 0; i < n; i++) {
    const at = float64(size, x, d, row);
    let c = load<i32>(labels);
    let own = squaredDistance(at, centers + c * (d << 3), d << 3);
    let bound = load<f64>(lower);
    bound = bound - drift - bound * 8.881784197001252e-16;
    const safe = max(bound, load<f64>(half + (c << 3)));
    if (!(own * SLACK < safe * safe)) {
      scan(at, d, k, work, out);
      const nearest = twoSmallest(out, k);
      own = load<f64>(out);
      bound = min(Math.sqrt(load<f64>(out, 8)) / SLACK, f64.MAX_VALUE);
      changed += i32(nearest != c);
      c = nearest;
      store<i32>(labels, c);
    }
    store<f64>(distances, own);
    store<f64>(lower, bound);
    const weight = weighted ? load<f64>(weights) : 1;
    inertia += weight * own;
    store<f64>(totals + (c << 3), load<f64>(totals + (c << 3)) + weight);
    addRow(sums + c * (d << 3), at, d, weight);
    x += d * size, labels += 4, distances += 8, lower += 8, weights += 8;
  }
  store<f64>(result, inertia);
  store<f64>(result, <f64>changed, 8);
}

/**
 * The squared distances of each row from k candidates for a center, and by how much each would lower Σ w · closest. Two
 * rows go with four candidates at a time.
 * @param gains [k], added to
 * @param tried [n, k], with k made a multiple of 4: the squared distances
 * @param work the candidates, packed: d · WIDTH bytes for each group; two rows: 2 · (d + 1) numbers; the falls: WIDTH for
 *   each group; the distances of two rows: 2 · WIDTH
 */
export function attempt(
  size: i32, gains: usize, tried: usize, x: usize, candidates: usize, closest: usize, weights: usize,
  n: i32, k: i32, d: i32, weighted: i32, work: usize,
): void {
  const rows = pack(candidates, k, d, work);
  const falls = rows + ((d + 1) << 4);
  const tile = falls + ((k + 3) >> 2) * WIDTH;
  for (let at = falls; at < tile; at += 16) v128.store(at, f64x2.splat(0));
  for (let i = 0; i < n; i += 2) {
    const row = float64(size, x, d, rows);
    x += d * size;
    // An odd last row goes with itself, and counts once.
    const row2 = i + 1 < n ? float64(size, x, d, rows + ((d + 1) << 3)) : row;
    x += d * size;
    let panel = work;
    for (let fall = falls; fall < tile; fall += WIDTH) {
      let a = f64x2.splat(0), b = a, a2 = a, b2 = a;
      for (let at: usize = 0, end: usize = d << 3; at < end; at += 8, panel += WIDTH) {
        const p = v128.load(panel), q = v128.load(panel, 16);
        let value = v128.load64_splat(row + at), u = f64x2.sub(value, p), v = f64x2.sub(value, q);
        a = f64x2.add(a, f64x2.mul(u, u)), b = f64x2.add(b, f64x2.mul(v, v));
        value = v128.load64_splat(row2 + at), u = f64x2.sub(value, p), v = f64x2.sub(value, q);
        a2 = f64x2.add(a2, f64x2.mul(u, u)), b2 = f64x2.add(b2, f64x2.mul(v, v));
      }
      v128.store(tile, a), v128.store(tile, b, 16), v128.store(tile, a2, 32), v128.store(tile, b2, 48);
      for (let r = i, found = tile; r < min(i + 2, n); r++) {
        const distance = v128.load64_splat(closest + (r << 3));
        const weight = weighted ? v128.load64_splat(weights + (r << 3)) : f64x2.splat(1);
        const out = tried + (r << 3) * ((k + 3) & ~3) + fall - falls;
        for (let j = 0; j < WIDTH; j += 16, found += 16) {
          const square = v128.load(found);
          v128.store(out + j, square);
          // Without a branch, since nobody can tell which way it would go.
          const lower = f64x2.pmax(f64x2.sub(distance, square), f64x2.splat(0));
          v128.store(fall + j, f64x2.add(v128.load(fall + j), f64x2.mul(weight, lower)));
        }
      }
    }
  }
  for (let j = 0; j < k; j++) store<f64>(gains + (j << 3), load<f64>(gains + (j << 3)) + load<f64>(falls + (j << 3)));
}

/** Packs k rows in groups of four, column by column; those that do not exist are infinitely far away. Returns the end. */
function pack(rows: usize, k: i32, d: i32, panel: usize): usize {
  for (let g = 0; g < k; g += 4) {
    for (let l = 0; l < d; l++) {
      for (let j = g; j < g + 4; j++, panel += 8) {
        store<f64>(panel, j < k ? load<f64>(rows + ((j * d + l) << 3)) : Infinity);
      }
    }
  }
  return panel;
}

/** Where the row lies as float64: at x itself, or at `row`, to which it is converted. */
// @ts-ignore: decorator
@inline
function float64(size: i32, x: usize, d: i32, row: usize): usize {
  if (size == 8) return x;
  for (let l = 0; l < d; l++) store<f64>(row + (l << 3), <f64>load<f32>(x + (l << 2)));
  return row;
}

/** The squared distances of a row from k packed ones, to `out`. */
// @ts-ignore: decorator
@inline
function scan(x: usize, d: i32, k: i32, panel: usize, out: usize): void {
  const end = x + (d << 3);
  for (let g = 0; g < k; g += 4, out += WIDTH) {
    let a = f64x2.splat(0), b = a;
    for (let at = x; at < end; at += 8, panel += WIDTH) {
      const value = v128.load64_splat(at);
      const p = f64x2.sub(value, v128.load(panel)), q = f64x2.sub(value, v128.load(panel, 16));
      a = f64x2.add(a, f64x2.mul(p, p)), b = f64x2.add(b, f64x2.mul(q, q));
    }
    v128.store(out, a), v128.store(out, b, 16);
  }
}

/** The place of the smallest of k distances, of equals the first. Puts it and the next to the front of them. */
// @ts-ignore: decorator
@inline
function twoSmallest(distances: usize, k: i32): i32 {
  // In each lane the smallest of every other distance, the next one, and the place of the first, as a number.
  let best = f64x2.splat(Infinity), next = best, place = f64x2.splat(0), here = f64x2(0, 1);
  for (let at = distances, end = distances + (k << 3); at < end; at += 16) {
    const found = v128.load(at);
    const less = f64x2.lt(found, best);
    next = f64x2.pmin(next, v128.bitselect(best, found, less));
    place = v128.bitselect(here, place, less);
    best = f64x2.pmin(best, found);
    here = f64x2.add(here, f64x2.splat(2));
  }
  const first = f64x2.extract_lane(best, 0), second = f64x2.extract_lane(best, 1);
  const p = f64x2.extract_lane(place, 0), q = f64x2.extract_lane(place, 1);
  const other = second < first || (second == first && q < p);
  store<f64>(distances, min(first, second));
  store<f64>(distances, min(max(first, second), min(f64x2.extract_lane(next, 0), f64x2.extract_lane(next, 1))), 8);
  return <i32>(other ? q : p);
}

// @ts-ignore: decorator
@inline
function squaredDistance(x: usize, y: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (const end = x + bytes; x < end; x += 8, y += 8) {
    const difference = load<f64>(x) - load<f64>(y);
    sum += difference * difference;
  }
  return sum;
}

/** Adds a row, times its weight, to d sums. */
// @ts-ignore: decorator
@inline
function addRow(sums: usize, x: usize, d: i32, weight: f64): void {
  const weights = f64x2.splat(weight);
  const end = sums + ((d & ~1) << 3);
  while (sums < end) {
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(weights, v128.load(x))));
    sums += 16, x += 16;
  }
  if (d & 1) store<f64>(sums, load<f64>(sums) + weight * load<f64>(x));
}
