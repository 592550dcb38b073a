/**
 * The transforms of the Winograd convolution F(2×2, 3×3) in float32: a tile of 2×2 outputs comes from 16 products of
 * transformed numbers instead of 36 (A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", CVPR 2016).
 * Four tiles side by side are taken at once.
 *
 * Transformed numbers lie by element e of the 4×4 square, `step` bytes from one e to the next.
 */

/**
 * The filters: U = G g Gᵀ, with G = [1 0 0; ½ ½ ½; ½ -½ ½; 0 0 1], written as [e, rows, columns].
 * @param row, column bytes from one filter of `from` to the next in each direction
 * @param flip whether to turn each filter by 180 degrees
 */
export function filters(
  from: usize, rows: i32, row: usize, columns: i32, column: usize, flip: bool, to: usize, step: usize,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      filter(from + r * row + c * column, flip, to, step);
      to += 4;
    }
  }
}

function filter(from: usize, flip: bool, to: usize, step: usize): void {
  const first: usize = flip ? 32 : 0, next: usize = flip ? -4 : 4;
  let g = from + first;
  // G g, column by column of g, then the same along the rows.
  const a0 = load<f32>(g), a1 = load<f32>(g + 3 * next), a2 = load<f32>(g + 6 * next);
  g += next;
  const b0 = load<f32>(g), b1 = load<f32>(g + 3 * next), b2 = load<f32>(g + 6 * next);
  g += next;
  const c0 = load<f32>(g), c1 = load<f32>(g + 3 * next), c2 = load<f32>(g + 6 * next);
  const half: f32 = 0.5;
  filterRow(a0, b0, c0, to, step);
  filterRow(half * (a0 + a2 + a1), half * (b0 + b2 + b1), half * (c0 + c2 + c1), to + 4 * step, step);
  filterRow(half * (a0 + a2 - a1), half * (b0 + b2 - b1), half * (c0 + c2 - c1), to + 8 * step, step);
  filterRow(a2, b2, c2, to + 12 * step, step);
}

function filterRow(a: f32, b: f32, c: f32, to: usize, step: usize): void {
  const half: f32 = 0.5;
  store<f32>(to, a);
  store<f32>(to + step, half * (a + c + b));
  store<f32>(to + 2 * step, half * (a + c - b));
  store<f32>(to + 3 * step, c);
}

/**
 * The inputs: V = Bᵀ d B, with Bᵀ = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], of the rows of tiles from `first` to `last`
 * counted through all images, written as [e, channels, tiles].
 * @param from padded images [n, channels, height, width], of `image`, `plane` and `line` bytes
 * @param high, wide tiles of an image; `wide` is at least 4
 */
export function inputs(
  from: usize, channels: i32, image: usize, plane: usize, line: usize,
  first: i32, last: i32, high: i32, wide: i32, to: usize, step: usize,
): void {
  const tiles = (last - first) * wide;
  for (let r = first; r < last; r++) {
    const top = from + (r / high) * image + (r % high) * 2 * line;
    for (let c = 0; c < channels; c++) {
      const source = top + c * plane;
      const target = to + (c * tiles + (r - first) * wide << 2);
      // The last four may overlap the four before them.
      for (let i = 0; i < wide; i += 4) {
        const x = min(i, wide - 4);
        input(source + (x << 3), line, target + (x << 2), step);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function even(at: usize): v128 {
  return v128.shuffle<f32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function odd(at: usize): v128 {
  return v128.shuffle<f32>(v128.load(at), v128.load(at, 16), 1, 3, 5, 7);
}

function input(from: usize, line: usize, to: usize, step: usize): void {
  for (let e = 0; e < 4; e++) {
    // Row e of Bᵀ d is a difference or a sum of two rows of d.
    const p = from + (e == 0 ? 0 : e == 2 ? 2 : 1) * line, q = from + (e == 2 ? 1 : e == 3 ? 3 : 2) * line;
    let d0: v128, d1: v128, d2: v128, d3: v128;
    if (e == 1) {
      d0 = f32x4.add(even(p), even(q)), d1 = f32x4.add(odd(p), odd(q));
      d2 = f32x4.add(even(p + 8), even(q + 8)), d3 = f32x4.add(odd(p + 8), odd(q + 8));
    } else {
      d0 = f32x4.sub(even(p), even(q)), d1 = f32x4.sub(odd(p), odd(q));
      d2 = f32x4.sub(even(p + 8), even(q + 8)), d3 = f32x4.sub(odd(p + 8), odd(q + 8));
    }
    v128.store(to, f32x4.sub(d0, d2));
    v128.store(to + step, f32x4.add(d1, d2));
    v128.store(to + 2 * step, f32x4.sub(d2, d1));
    v128.store(to + 3 * step, f32x4.sub(d1, d3));
    to += 4 * step;
  }
}

/**
 * The outputs: Y = Aᵀ M A, with Aᵀ = [1 1 1 0; 0 1 -1 -1].
 * @param from [e, channels, tiles]
 * @param to images [n, channels, 2 · high, 2 · wide], without gaps
 */
export function outputs(
  from: usize, step: usize, channels: i32, first: i32, last: i32, high: i32, wide: i32, to: usize,
): void {
  const tiles = (last - first) * wide;
  const line: usize = wide << 3;
  for (let r = first; r < last; r++) {
    for (let c = 0; c < channels; c++) {
      const source = from + (c * tiles + (r - first) * wide << 2);
      const target = to + (((r / high) * channels + c) * high + r % high) * 2 * line;
      for (let i = 0; i < wide; i += 4) {
        const x = min(i, wide - 4);
        output(source + (x << 2), step, target + (x << 3), line);
      }
    }
  }
}

function output(from: usize, step: usize, to: usize, line: usize): void {
  const row = 4 * step;
  let upper0 = i32x4.splat(0), lower0 = upper0, upper1 = upper0, lower1 = upper0;
  for (let e = 0; e < 4; e++) {
    // Column e of Aᵀ M.
    const m0 = v128.load(from), m1 = v128.load(from + row), m2 = v128.load(from + 2 * row), m3 = v128.load(from + 3 * row);
    const upper = f32x4.add(f32x4.add(m0, m1), m2), lower = f32x4.sub(f32x4.sub(m1, m2), m3);
    if (e == 0) {
      upper0 = upper, lower0 = lower;
    } else if (e == 1) {
      upper0 = f32x4.add(upper0, upper), lower0 = f32x4.add(lower0, lower);
      upper1 = upper, lower1 = lower;
    } else if (e == 2) {
      upper0 = f32x4.add(upper0, upper), lower0 = f32x4.add(lower0, lower);
      upper1 = f32x4.sub(upper1, upper), lower1 = f32x4.sub(lower1, lower);
    } else {
      upper1 = f32x4.sub(upper1, upper), lower1 = f32x4.sub(lower1, lower);
    }
    from += step;
  }
  v128.store(to, v128.shuffle<f32>(upper0, upper1, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(upper0, upper1, 2, 6, 3, 7), 16);
  to += line;
  v128.store(to, v128.shuffle<f32>(lower0, lower1, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(lower0, lower1, 2, 6, 3, 7), 16);
}
