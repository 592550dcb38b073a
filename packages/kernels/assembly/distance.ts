/**
 * Squared distances Σ_l (x_l - y_l)² between rows of length d: tiles of two vectors of rows of the one kind, which lie
 * packed so that a vector holds the same coordinate of several rows, by four rows of the other kind.
 * Every sum runs over l in order, in its own precision.
 */

/** Bytes of two vectors. */
const WIDTH = 32;
/** Where in `work` the packed rows lie, after a tile of four rows. */
const PANEL = 4 * WIDTH;
/** Rows of x for which a panel of rows of y is used before the next one is packed. */
const BLOCK = 256;

/**
 * out[i, j] = ‖x_i - y_j‖², for rows of n, m and out's m columns.
 * @param size bytes of a number
 * @param work PANEL + WIDTH · d bytes
 */
export function distances(size: i32, x: usize, y: usize, n: i32, m: i32, d: i32, out: usize, work: usize): void {
  const width = WIDTH / size;
  for (let block = 0; block < n; block += BLOCK) {
    const end = min(block + BLOCK, n);
    for (let j = 0; j < m; j += width) {
      const valid = min(width, m - j);
      pack(size, y + j * d * size, valid, d, work + PANEL);
      for (let i = block; i < end; i += 4) {
        tile(size, x + i * d * size, min(end - i, 4), d, work);
        for (let r = 0; r < min(end - i, 4); r++) {
          move(work + r * WIDTH, out + ((i + r) * m + j) * size, valid * size);
        }
      }
    }
  }
}

/** For each row of x the nearest of k centers, of equals the first, and its squared distance. */
export function nearest(
  size: i32, x: usize, centers: usize, n: i32, k: i32, d: i32, labels: usize, out: usize, work: usize,
): void {
  const width = WIDTH / size;
  for (let i = 0; i < n; i += width) {
    const valid = min(width, n - i);
    pack(size, x + i * d * size, valid, d, work + PANEL);
    if (size == 4) nearestOfPanel<f32>(centers, valid, k, d, labels + (i << 2), out + i * size, work);
    else nearestOfPanel<f64>(centers, valid, k, d, labels + (i << 2), out + i * size, work);
  }
}

function nearestOfPanel<T>(centers: usize, valid: i32, k: i32, d: i32, labels: usize, out: usize, work: usize): void {
  let best0 = v128.splat<T>(<T>Infinity), best1 = best0;
  // Labels are as wide as numbers, to be chosen by the same masks.
  let label0 = i32x4.splat(0), label1 = label0;
  for (let c = 0; c < k; c += 4) {
    const rows = min(k - c, 4);
    tile(4 == sizeof<T>() ? 4 : 8, centers + c * d * sizeof<T>(), rows, d, work);
    for (let r = 0; r < rows; r++) {
      const a = v128.load(work + r * WIDTH), b = v128.load(work + r * WIDTH, 16);
      const label = sizeof<T>() == 4 ? i32x4.splat(c + r) : i64x2.splat(c + r);
      const less0 = v128.lt<T>(a, best0), less1 = v128.lt<T>(b, best1);
      best0 = v128.bitselect(a, best0, less0), label0 = v128.bitselect(label, label0, less0);
      best1 = v128.bitselect(b, best1, less1), label1 = v128.bitselect(label, label1, less1);
    }
  }
  v128.store(work, best0), v128.store(work, best1, 16);
  move(work, out, valid * sizeof<T>());
  if (sizeof<T>() == 8) label0 = v128.shuffle<i32>(label0, label1, 0, 2, 4, 6);
  v128.store(work, label0), v128.store(work, label1, 16);
  move(work, labels, valid << 2);
}

/** Copies at most two vectors. */
// @ts-ignore: decorator
@inline
function move(from: usize, to: usize, bytes: i32): void {
  if (bytes == 32) v128.store(to, v128.load(from)), v128.store(to, v128.load(from, 16), 16);
  else for (let i = 0; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}

/** Packs rows of d numbers coordinate by coordinate; in place of rows that do not exist the last one is repeated. */
function pack(size: i32, from: usize, valid: i32, d: i32, panel: usize): void {
  const lanes = 16 / size;
  const row = d * size;
  for (let g = 0; g < 2; g++) {
    const first = g * lanes;
    let a = from + min(first, valid - 1) * row, b = from + min(first + 1, valid - 1) * row;
    let c = from + min(first + 2, valid - 1) * row, e = from + min(first + 3, valid - 1) * row;
    let to = panel + g * 16;
    let l = 0;
    if (size == 4) {
      for (; l + 4 <= d; l += 4) {
        const p = v128.load(a), q = v128.load(b), s = v128.load(c), t = v128.load(e);
        const pq = v128.shuffle<i32>(p, q, 0, 4, 1, 5), st = v128.shuffle<i32>(s, t, 0, 4, 1, 5);
        const pq2 = v128.shuffle<i32>(p, q, 2, 6, 3, 7), st2 = v128.shuffle<i32>(s, t, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(pq, st, 0, 2));
        v128.store(to, v128.shuffle<i64>(pq, st, 1, 3), WIDTH);
        v128.store(to, v128.shuffle<i64>(pq2, st2, 0, 2), 2 * WIDTH);
        v128.store(to, v128.shuffle<i64>(pq2, st2, 1, 3), 3 * WIDTH);
        a += 16, b += 16, c += 16, e += 16, to += 4 * WIDTH;
      }
      for (; l < d; l++) {
        store<u32>(to, load<u32>(a)), store<u32>(to, load<u32>(b), 4);
        store<u32>(to, load<u32>(c), 8), store<u32>(to, load<u32>(e), 12);
        a += 4, b += 4, c += 4, e += 4, to += WIDTH;
      }
    } else {
      for (; l < d; l++) {
        store<u64>(to, load<u64>(a)), store<u64>(to, load<u64>(b), 8);
        a += 8, b += 8, to += WIDTH;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function tile(size: i32, rows: usize, valid: i32, d: i32, work: usize): void {
  if (size == 4) tile32(rows, valid, d, work);
  else tile64(rows, valid, d, work);
}

function tile32(rows: usize, valid: i32, d: i32, work: usize): void {
  tileOf<f32>(rows, valid, d, work);
}

function tile64(rows: usize, valid: i32, d: i32, work: usize): void {
  tileOf<f64>(rows, valid, d, work);
}

/** The squared distances of up to four rows to those of the panel. */
// @ts-ignore: decorator
@inline
function tileOf<T>(rows: usize, valid: i32, d: i32, work: usize): void {
  const row = d * sizeof<T>();
  let a = rows, b = rows + min(1, valid - 1) * row, c = rows + min(2, valid - 1) * row, e = rows + min(3, valid - 1) * row;
  let x0 = v128.splat<T>(0), x1 = x0, x2 = x0, x3 = x0, y0 = x0, y1 = x0, y2 = x0, y3 = x0;
  const end = a + row;
  let panel = work + PANEL;
  while (a < end) {
    const x = v128.load(panel), y = v128.load(panel, 16);
    let s = v128.load_splat<T>(a), p = v128.sub<T>(x, s), q = v128.sub<T>(y, s);
    x0 = v128.add<T>(x0, v128.mul<T>(p, p)), y0 = v128.add<T>(y0, v128.mul<T>(q, q));
    s = v128.load_splat<T>(b), p = v128.sub<T>(x, s), q = v128.sub<T>(y, s);
    x1 = v128.add<T>(x1, v128.mul<T>(p, p)), y1 = v128.add<T>(y1, v128.mul<T>(q, q));
    s = v128.load_splat<T>(c), p = v128.sub<T>(x, s), q = v128.sub<T>(y, s);
    x2 = v128.add<T>(x2, v128.mul<T>(p, p)), y2 = v128.add<T>(y2, v128.mul<T>(q, q));
    s = v128.load_splat<T>(e), p = v128.sub<T>(x, s), q = v128.sub<T>(y, s);
    x3 = v128.add<T>(x3, v128.mul<T>(p, p)), y3 = v128.add<T>(y3, v128.mul<T>(q, q));
    a += sizeof<T>(), b += sizeof<T>(), c += sizeof<T>(), e += sizeof<T>(), panel += WIDTH;
  }
  v128.store(work, x0), v128.store(work, y0, 16);
  v128.store(work, x1, 32), v128.store(work, y1, 48);
  v128.store(work, x2, 64), v128.store(work, y2, 80);
  v128.store(work, x3, 96), v128.store(work, y3, 112);
}
