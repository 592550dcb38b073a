/**
 * The transforms of the Winograd convolutions F(2×2, 3×3) and F(2×2, 5×5) in float32: a tile of 2×2 outputs comes from
 * `alpha`² = 16 or 36 products of transformed numbers instead of 36 or 100 (A. Lavin and S. Gray, "Fast algorithms for
 * convolutional neural networks", CVPR 2016). They interpolate at 0, 1, -1, for 5×5 also at 1/2 and -2, which keeps rounding
 * errors smallest (B. Barabasz et al., "Error analysis and improving the accuracy of Winograd convolution for deep neural
 * networks", ACM Transactions on Mathematical Software 46, 2020), and at infinity.
 *
 * Transformed numbers lie by element of the alpha×alpha square, `step` bytes from one element to the next. Four tiles side
 * by side are taken at once.
 */

/**
 * The filters: U = G g Gᵀ, in float64 and rounded once, written as [element, rows, columns].
 * @param row, column bytes from one filter of `from` to the next in each direction
 * @param flip whether to turn each filter by 180 degrees
 * @param work 240 bytes
 */
export function filters(
  alpha: i32, from: usize, rows: i32, row: usize, columns: i32, column: usize, flip: bool, to: usize, step: usize, work: usize,
): void {
  const last = ((alpha - 1) * (alpha - 1) - 1) << 2;
  const first = from + (flip ? last : 0), next = flip ? -4 : 4;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const g = first + r * row + c * column;
      if (alpha == 4) filter3(g, next, to, step);
      else filter5(g, next, to, step, work);
      to += 4;
    }
  }
}

/** G = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1]. */
function filter3(g: usize, next: i32, to: usize, step: usize): void {
  const a: f64 = load<f32>(g), b: f64 = load<f32>(g + next), c: f64 = load<f32>(g + 2 * next);
  g += 3 * next;
  const d: f64 = load<f32>(g), e: f64 = load<f32>(g + next), f: f64 = load<f32>(g + 2 * next);
  g += 3 * next;
  const h: f64 = load<f32>(g), i: f64 = load<f32>(g + next), j: f64 = load<f32>(g + 2 * next);
  row3(a, b, c, to, step);
  row3(0.5 * (a + h + d), 0.5 * (b + i + e), 0.5 * (c + j + f), to + 4 * step, step);
  row3(0.5 * (a + h - d), 0.5 * (b + i - e), 0.5 * (c + j - f), to + 8 * step, step);
  row3(h, i, j, to + 12 * step, step);
}

// @ts-ignore: decorator
@inline
function row3(a: f64, b: f64, c: f64, to: usize, step: usize): void {
  store<f32>(to, <f32>a);
  store<f32>(to + step, <f32>(0.5 * (a + c + b)));
  store<f32>(to + 2 * step, <f32>(0.5 * (a + c - b)));
  store<f32>(to + 3 * step, <f32>c);
}

function filter5(g: usize, next: i32, to: usize, step: usize, work: usize): void {
  // Down each column of g, then along the rows.
  for (let j = 0; j < 5; j++) {
    const a: f64 = load<f32>(g), b: f64 = load<f32>(g + 5 * next), c: f64 = load<f32>(g + 10 * next);
    const d: f64 = load<f32>(g + 15 * next), e: f64 = load<f32>(g + 20 * next);
    for (let i = 0; i < 6; i++) store<f64>(work + i * 40 + (j << 3), element5(i, a, b, c, d, e));
    g += next;
  }
  for (let i = 0; i < 6; i++) {
    const a = load<f64>(work), b = load<f64>(work, 8), c = load<f64>(work, 16), d = load<f64>(work, 24), e = load<f64>(work, 32);
    for (let j = 0; j < 6; j++) {
      store<f32>(to, <f32>element5(j, a, b, c, d, e));
      to += step;
    }
    work += 40;
  }
}

/** Element i of G g, whose rows are 1 0 0 0 0; (1 1 1 1 1)/3; (-1 1 -1 1 -1)/3; (16 8 4 2 1)/-15; (1 -2 4 -8 16)/15; 0 0 0 0 1. */
// @ts-ignore: decorator
@inline
function element5(i: i32, a: f64, b: f64, c: f64, d: f64, e: f64): f64 {
  if (i == 0) return a;
  if (i == 1) return (a + c + e + (b + d)) / 3;
  if (i == 2) return (b + d - (a + c + e)) / 3;
  if (i == 3) return (16 * a + 8 * b + 4 * c + 2 * d + e) / -15;
  if (i == 4) return (a - 2 * b + 4 * c - 8 * d + 16 * e) / 15;
  return e;
}

/**
 * The inputs: V = Bᵀ d B of the rows of tiles from `first` to `last`, counted through all images, written as [element,
 * channels, tiles].
 * @param from padded images [n, channels, height, width], of `image`, `plane` and `line` bytes
 * @param high, wide tiles of an image; `wide` is at least 4
 * @param work 576 bytes
 */
export function inputs(
  alpha: i32, from: usize, channels: i32, image: usize, plane: usize, line: usize,
  first: i32, last: i32, high: i32, wide: i32, to: usize, step: usize, work: usize,
): void {
  const tiles = (last - first) * wide;
  for (let r = first; r < last; r++) {
    const top = from + (r / high) * image + (r % high) * 2 * line;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < wide; i += 4) {
        // The last four may overlap the four before them.
        const x = min(i, wide - 4);
        const source = top + c * plane + (x << 3), target = to + (c * tiles + (r - first) * wide + x << 2);
        if (alpha == 4) input4(source, line, target, step, work);
        else input6(source, line, target, step, work);
      }
    }
  }
}

/** Column j of four tiles: every second number. */
// @ts-ignore: decorator
@inline
function column(at: usize, j: i32): v128 {
  const x = v128.load(at, 0), y = v128.load(at, 16);
  return j & 1 ? v128.shuffle<f32>(x, y, 1, 3, 5, 7) : v128.shuffle<f32>(x, y, 0, 2, 4, 6);
}

function input4(from: usize, line: usize, to: usize, step: usize, work: usize): void {
  for (let j = 0; j < 4; j++) {
    const at = from + (j >> 1 << 3);
    const a = column(at, j), b = column(at + line, j), c = column(at + 2 * line, j), d = column(at + 3 * line, j);
    const half = work + (j << 4);
    v128.store(half, f32x4.sub(a, c));
    v128.store(half, f32x4.add(b, c), 64);
    v128.store(half, f32x4.sub(c, b), 128);
    v128.store(half, f32x4.sub(b, d), 192);
  }
  for (let i = 0; i < 4; i++) {
    const half = work + (i << 6);
    const a = v128.load(half), b = v128.load(half, 16), c = v128.load(half, 32), d = v128.load(half, 48);
    v128.store(to, f32x4.sub(a, c));
    v128.store(to + step, f32x4.add(b, c));
    v128.store(to + 2 * step, f32x4.sub(c, b));
    v128.store(to + 3 * step, f32x4.sub(b, d));
    to += 4 * step;
  }
}

function input6(from: usize, line: usize, to: usize, step: usize, work: usize): void {
  for (let j = 0; j < 6; j++) {
    let at = from + (j >> 1 << 3);
    const a = column(at, j), b = column(at + line, j), c = column(at + 2 * line, j);
    at += 3 * line;
    six(a, b, c, column(at, j), column(at + line, j), column(at + 2 * line, j), work + (j << 4), 96);
  }
  for (let i = 0; i < 6; i++) {
    const half = work + i * 96;
    const a = v128.load(half), b = v128.load(half, 16), c = v128.load(half, 32);
    six(a, b, c, v128.load(half, 48), v128.load(half, 64), v128.load(half, 80), to, step);
    to += 6 * step;
  }
}

/** Bᵀ d, whose rows are 1 -3/2 -2 3/2 1 0; 0 -1 1/2 5/2 1 0; 0 1 -5/2 1/2 1 0; 0 -2 -1 2 1 0; 0 1/2 -1 -1/2 1 0; 0 1 -3/2 -2 3/2 1. */
// @ts-ignore: decorator
@inline
function six(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, to: usize, step: usize): void {
  const p = f32x4.sub(e, c), q = f32x4.sub(d, b), half3 = f32x4.splat(1.5);
  v128.store(to, f32x4.add(f32x4.add(f32x4.sub(a, c), p), f32x4.mul(half3, q)));
  v128.store(to + step, f32x4.add(f32x4.add(p, q), f32x4.mul(half3, f32x4.add(c, d))));
  v128.store(to + 2 * step, f32x4.add(f32x4.sub(p, q), f32x4.mul(half3, f32x4.sub(d, c))));
  v128.store(to + 3 * step, f32x4.add(p, f32x4.add(q, q)));
  v128.store(to + 4 * step, f32x4.sub(p, f32x4.mul(f32x4.splat(0.5), q)));
  v128.store(to + 5 * step, f32x4.add(f32x4.sub(f32x4.sub(f, d), q), f32x4.mul(half3, p)));
}

/**
 * The outputs: Y = Aᵀ M A.
 * @param from [element, channels, tiles]
 * @param to images [n, channels, 2 · high, 2 · wide], without gaps
 * @param work 192 bytes
 */
export function outputs(
  alpha: i32, from: usize, step: usize, channels: i32, first: i32, last: i32, high: i32, wide: i32, to: usize, work: usize,
): void {
  const tiles = (last - first) * wide;
  const line: usize = wide << 3;
  for (let r = first; r < last; r++) {
    for (let c = 0; c < channels; c++) {
      const source = from + (c * tiles + (r - first) * wide << 2);
      const target = to + (((r / high) * channels + c) * high + r % high) * 2 * line;
      for (let i = 0; i < wide; i += 4) {
        const x = min(i, wide - 4);
        if (alpha == 4) output4(source + (x << 2), step, target + (x << 3), line, work);
        else output6(source + (x << 2), step, target + (x << 3), line, work);
      }
    }
  }
}

function output4(from: usize, step: usize, to: usize, line: usize, work: usize): void {
  for (let j = 0; j < 4; j++) {
    const a = v128.load(from), b = v128.load(from + 4 * step), c = v128.load(from + 8 * step), d = v128.load(from + 12 * step);
    v128.store(work + (j << 4), upper4(a, b, c));
    v128.store(work + (j << 4), lower4(b, c, d), 64);
    from += step;
  }
  for (let i = 0; i < 2; i++) {
    const a = v128.load(work), b = v128.load(work, 16), c = v128.load(work, 32), d = v128.load(work, 48);
    interleave(upper4(a, b, c), lower4(b, c, d), to);
    to += line;
    work += 64;
  }
}

function output6(from: usize, step: usize, to: usize, line: usize, work: usize): void {
  const row = 6 * step;
  for (let j = 0; j < 6; j++) {
    const a = v128.load(from), b = v128.load(from + row), c = v128.load(from + 2 * row);
    const d = v128.load(from + 3 * row), e = v128.load(from + 4 * row), f = v128.load(from + 5 * row);
    v128.store(work + (j << 4), upper6(a, b, c, d, e));
    v128.store(work + (j << 4), lower6(b, c, d, e, f), 96);
    from += step;
  }
  for (let i = 0; i < 2; i++) {
    const a = v128.load(work), b = v128.load(work, 16), c = v128.load(work, 32);
    const d = v128.load(work, 48), e = v128.load(work, 64), f = v128.load(work, 80);
    interleave(upper6(a, b, c, d, e), lower6(b, c, d, e, f), to);
    to += line;
    work += 96;
  }
}

/** Aᵀ, whose rows are 1 1 1 0; 0 1 -1 -1. */
// @ts-ignore: decorator
@inline
function upper4(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.add(a, b), c);
}

// @ts-ignore: decorator
@inline
function lower4(b: v128, c: v128, d: v128): v128 {
  return f32x4.sub(f32x4.sub(b, c), d);
}

/** Aᵀ, whose rows are 1 1 1 1 1 0; 0 1 -1 1/2 -2 1. */
// @ts-ignore: decorator
@inline
function upper6(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return f32x4.add(a, f32x4.add(f32x4.add(b, c), f32x4.add(d, e)));
}

// @ts-ignore: decorator
@inline
function lower6(b: v128, c: v128, d: v128, e: v128, f: v128): v128 {
  const rest = f32x4.sub(f32x4.mul(f32x4.splat(0.5), d), f32x4.add(e, e));
  return f32x4.add(f32x4.add(f32x4.sub(b, c), rest), f);
}

// @ts-ignore: decorator
@inline
function interleave(even: v128, odd: v128, to: usize): void {
  v128.store(to, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
}
