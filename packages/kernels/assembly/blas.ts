/**
 * Matrix products of operands that lie anywhere: c[i, j] (+)= Σ_l a[i, l] · b[l, j], where the address of an element is a
 * base plus an offset of its row plus an offset of its column, in bytes, from tables. So one function serves products with
 * any transposition and, with tables of positions and taps, convolutions.
 *
 * Both operands are packed, in slices, into panels that stay in the nearest caches; a tile of 5 (or 4) rows by two vectors
 * is kept in registers while l runs (K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication",
 * ACM Transactions on Mathematical Software 34, 2008). Every element sums over l in order, in its own precision.
 */

/** The most terms l that are packed at once: a panel of b takes 25 KiB then. */
const SLICE = 800;
/** The most rows of a that are packed at once: with fewer, panels of b are packed more often. */
const BLOCK = 400;

/** Bytes of a panel's row and of a tile's: two vectors. */
const WIDTH = 32;
/** Where in `work` things lie: a tile for the edges of c with its table of rows, a panel of b, a block of a. */
const TILE_ROWS = 160, PANEL = 192, PANELS = PANEL + SLICE * WIDTH;

/** Writes i · si + j · sj + l · sl to `table`, for each i < ni, j < nj and l < nl, the last running fastest. */
export function lattice(table: usize, ni: i32, si: i32, nj: i32, sj: i32, nl: i32, sl: i32): void {
  for (let i = 0; i < ni; i++) {
    for (let j = 0; j < nj; j++) {
      for (let l = 0; l < nl; l++) {
        store<i32>(table, i * si + j * sj + l * sl);
        table += 4;
      }
    }
  }
}

/**
 * @param size bytes of a number: 4 for float32, 8 for float64
 * @param cCol offsets that only rise
 * @param accumulate whether the sums start from what c holds, or from 0
 * @param work PANELS + (rows of a block, at most m + 3) · (terms of a slice) · size bytes
 */
export function gemm(
  size: i32, m: i32, n: i32, k: i32, a: usize, aRow: usize, aCol: usize, b: usize, bRow: usize, bCol: usize,
  c: usize, cRow: usize, cCol: usize, accumulate: bool, work: usize,
): void {
  const columns = WIDTH / size;
  const blocks = (m + BLOCK - 1) / BLOCK;
  const block = ((m + blocks - 1) / blocks + 4) / 5 * 5;
  const slices = max((k + SLICE - 1) / SLICE, 1);
  const slice = max((k + slices - 1) / slices, 1);
  lattice(work + TILE_ROWS, 1, 0, 1, 0, 5, WIDTH);
  for (let l = 0; l == 0 || l < k; l += slice) {
    const depth = min(slice, k - l);
    const fresh = !accumulate && l == 0;
    for (let i = 0; i < m; i += block) {
      const rows = min(block, m - i);
      const fives = countFives(rows);
      // A panel that a single tile uses is not worth packing, if its rows can be reached in equal steps.
      const even = rows <= 5 ? evenStep(bRow + (l << 2), depth) : 0;
      let panel = work + PANELS;
      for (let r = 0, p = 0; r < rows; p++) {
        const height = p < fives ? 5 : 4;
        pack(size, a, aCol + (l << 2), aRow + (i + r << 2), depth, min(height, rows - r), height, panel);
        panel += depth * height * size;
        r += height;
      }
      for (let j = 0; j < n; j += columns) {
        const valid = min(columns, n - j);
        const bCols = bCol + (j << 2), cCols = cCol + (j << 2);
        let panelB = work + PANEL, step: usize = WIDTH;
        if (even != 0 && valid == columns && at(bCols, columns - 1) - at(bCols, 0) == WIDTH - size) {
          panelB = b + at(bRow, l) + at(bCols, 0);
          step = even;
        } else {
          pack(size, b, bRow + (l << 2), bCols, depth, valid, columns, panelB);
        }
        const direct = valid == columns && at(cCols, columns - 1) - at(cCols, 0) == WIDTH - size;
        panel = work + PANELS;
        for (let r = 0, p = 0; r < rows; p++) {
          const height = p < fives ? 5 : 4;
          const end = panel + depth * height * size;
          const cRows = cRow + (i + r << 2);
          if (direct && r + height <= rows) {
            multiply(size, height, end, panelB + depth * step, step, depth, c + at(cCols, 0), cRows, fresh);
          } else {
            if (!fresh) move(size, work, c, cRows, cCols, min(height, rows - r), valid, false);
            multiply(size, height, end, panelB + depth * step, step, depth, work, work + TILE_ROWS, fresh);
            move(size, work, c, cRows, cCols, min(height, rows - r), valid, true);
          }
          panel = end;
          r += height;
        }
      }
    }
  }
}

/** How many tiles of 5 rows to take before those of 4, so that both fill all rows; where none can, the last 4 are part empty. */
function countFives(rows: i32): i32 {
  const fours = (5 - rows % 5) % 5;
  return fours * 4 <= rows ? (rows - fours * 4) / 5 : 0;
}

/** The step from each row to the next if it is the same everywhere, else 0. */
function evenStep(rows: usize, depth: i32): usize {
  const step = depth > 1 ? at(rows, 1) - at(rows, 0) : WIDTH;
  for (let l = 2; l < depth; l++) if (at(rows, l) - at(rows, l - 1) != step) return 0;
  return step;
}

// @ts-ignore: decorator
@inline
function at(table: usize, i: i32): usize {
  return load<u32>(table + (i << 2));
}

/** Packs `depth` rows of `width` columns, of which the first `valid` exist and the rest become zeros, without gaps. */
function pack(size: i32, from: usize, rows: usize, columns: usize, depth: i32, valid: i32, width: i32, panel: usize): void {
  const lanes = 16 / size;
  const stride = width * size;
  const end = rows + (depth << 2);
  let j = 0;
  if (valid == 2 * lanes && at(columns, valid - 1) - at(columns, 0) == WIDTH - size) {
    // All columns lie side by side.
    const x = from + at(columns, 0);
    for (let row = rows; row < end; row += 4) {
      const here = x + load<u32>(row);
      v128.store(panel, v128.load(here));
      v128.store(panel, v128.load(here, 16), 16);
      panel += WIDTH;
    }
    return;
  }
  for (; j + lanes <= valid; j += lanes) {
    let to = panel + j * size;
    const cols = columns + (j << 2);
    const x = from + at(cols, 0), y = from + at(cols, 1), z = from + at(cols, lanes - 2), w = from + at(cols, lanes - 1);
    if (w - x == 16 - size) {
      // Four columns, or two, lie side by side.
      for (let row = rows; row < end; row += 4) {
        v128.store(to, v128.load(x + load<u32>(row)));
        to += stride;
      }
      continue;
    }
    for (let row = rows; row < end; row += 4) {
      const r = load<u32>(row);
      if (size == 8) {
        store<u64>(to, load<u64>(x + r));
        store<u64>(to, load<u64>(y + r), 8);
      } else if (row + 12 < end && load<u32>(row, 4) == r + 4 && load<u32>(row, 8) == r + 8 && load<u32>(row, 12) == r + 12) {
        // Four rows side by side: transpose a square.
        const p = v128.load(x + r), q = v128.load(y + r), s = v128.load(z + r), t = v128.load(w + r);
        const pq = v128.shuffle<i32>(p, q, 0, 4, 1, 5), st = v128.shuffle<i32>(s, t, 0, 4, 1, 5);
        v128.store(to, v128.shuffle<i64>(pq, st, 0, 2));
        to += stride;
        v128.store(to, v128.shuffle<i64>(pq, st, 1, 3));
        to += stride;
        const pq2 = v128.shuffle<i32>(p, q, 2, 6, 3, 7), st2 = v128.shuffle<i32>(s, t, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(pq2, st2, 0, 2));
        to += stride;
        v128.store(to, v128.shuffle<i64>(pq2, st2, 1, 3));
        row += 12;
      } else {
        store<u32>(to, load<u32>(x + r));
        store<u32>(to, load<u32>(y + r), 4);
        store<u32>(to, load<u32>(z + r), 8);
        store<u32>(to, load<u32>(w + r), 12);
      }
      to += stride;
    }
  }
  for (; j < width; j++) {
    let to = panel + j * size;
    const x = from + (j < valid ? at(columns, j) : 0);
    for (let row = rows; row < end; row += 4) {
      if (size == 8) store<u64>(to, j < valid ? load<u64>(x + load<u32>(row)) : 0);
      else store<u32>(to, j < valid ? load<u32>(x + load<u32>(row)) : 0);
      to += stride;
    }
  }
}

// @ts-ignore: decorator
@inline
function multiply(size: i32, height: i32, end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  if (size == 4) {
    if (height == 5) tile5x8(end, bEnd, step, depth, c, rows, fresh);
    else tile4x8(end, bEnd, step, depth, c, rows, fresh);
  } else {
    if (height == 5) tile5x4(end, bEnd, step, depth, c, rows, fresh);
    else tile4x4(end, bEnd, step, depth, c, rows, fresh);
  }
}

function tile5x8(end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  tile<f32>(5, end, bEnd, step, depth, c, rows, fresh);
}

function tile4x8(end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  tile<f32>(4, end, bEnd, step, depth, c, rows, fresh);
}

function tile5x4(end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  tile<f64>(5, end, bEnd, step, depth, c, rows, fresh);
}

function tile4x4(end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  tile<f64>(4, end, bEnd, step, depth, c, rows, fresh);
}

/**
 * c (+)= the product of two panels, held in registers. The loop is written for what compilers of WebAssembly make of it, and
 * is a fifth slower in other forms: panels are given by their ends, since V8 extends an address to 64 bits each time
 * round unless it was computed here; and reading the first column of a before the loop makes it keep the addresses of
 * that column's numbers in registers.
 */
// @ts-ignore: decorator
@inline
function tile<T>(height: i32, end: usize, bEnd: usize, step: usize, depth: i32, c: usize, rows: usize, fresh: bool): void {
  const c0 = c + at(rows, 0), c1 = c + at(rows, 1), c2 = c + at(rows, 2), c3 = c + at(rows, 3);
  const c4 = height == 5 ? c + at(rows, 4) : 0;
  let a = end - depth * height * sizeof<T>(), b = bEnd - depth * step;
  const zero = v128.splat<T>(0);
  let x0 = v128.and(zero, v128.load_splat<T>(a)), y0 = zero;
  let x1 = v128.and(zero, v128.load_splat<T>(a, sizeof<T>())), y1 = zero;
  let x2 = v128.and(zero, v128.load_splat<T>(a, 2 * sizeof<T>())), y2 = zero;
  let x3 = v128.and(zero, v128.load_splat<T>(a, 3 * sizeof<T>())), y3 = zero;
  let x4 = height == 5 ? v128.and(zero, v128.load_splat<T>(a, 4 * sizeof<T>())) : zero, y4 = zero;
  if (!fresh) {
    x0 = v128.load(c0), y0 = v128.load(c0, 16);
    x1 = v128.load(c1), y1 = v128.load(c1, 16);
    x2 = v128.load(c2), y2 = v128.load(c2, 16);
    x3 = v128.load(c3), y3 = v128.load(c3, 16);
    if (height == 5) x4 = v128.load(c4), y4 = v128.load(c4, 16);
  }
  while (a < end) {
    const x = v128.load(b), y = v128.load(b, 16);
    let s = v128.load_splat<T>(a);
    x0 = v128.add<T>(x0, v128.mul<T>(s, x)), y0 = v128.add<T>(y0, v128.mul<T>(s, y));
    s = v128.load_splat<T>(a, sizeof<T>());
    x1 = v128.add<T>(x1, v128.mul<T>(s, x)), y1 = v128.add<T>(y1, v128.mul<T>(s, y));
    s = v128.load_splat<T>(a, 2 * sizeof<T>());
    x2 = v128.add<T>(x2, v128.mul<T>(s, x)), y2 = v128.add<T>(y2, v128.mul<T>(s, y));
    s = v128.load_splat<T>(a, 3 * sizeof<T>());
    x3 = v128.add<T>(x3, v128.mul<T>(s, x)), y3 = v128.add<T>(y3, v128.mul<T>(s, y));
    if (height == 5) {
      s = v128.load_splat<T>(a, 4 * sizeof<T>());
      x4 = v128.add<T>(x4, v128.mul<T>(s, x)), y4 = v128.add<T>(y4, v128.mul<T>(s, y));
    }
    a += height * sizeof<T>();
    b += step;
  }
  v128.store(c0, x0), v128.store(c0, y0, 16);
  v128.store(c1, x1), v128.store(c1, y1, 16);
  v128.store(c2, x2), v128.store(c2, y2, 16);
  v128.store(c3, x3), v128.store(c3, y3, 16);
  if (height == 5) v128.store(c4, x4), v128.store(c4, y4, 16);
}

/** Moves the first m rows and n columns of the tile at `tile` into c or, other way round, from there. */
function move(size: i32, tile: usize, c: usize, rows: usize, columns: usize, m: i32, n: i32, into: bool): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const here = tile + i * WIDTH + j * size, there = c + at(rows, i) + at(columns, j);
      const from = into ? here : there, to = into ? there : here;
      if (size == 8) store<u64>(to, load<u64>(from));
      else store<u32>(to, load<u32>(from));
    }
  }
}
