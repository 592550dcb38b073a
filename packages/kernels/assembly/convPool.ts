/**
 * Pooling of planes. Windows that lie wholly inside a plane are taken four (of float64 two) at a time, the rest singly.
 */

/**
 * The largest number of each window and its place in the plane (the first of equals, or the last NaN), or the mean.
 * @param size bytes of a number
 * @param average 0 for the largest, 1 for the mean over what lies inside the plane, 2 over the padding too
 * @param indices not used for the mean
 */
export function pool(
  size: i32, average: i32, x: usize, out: usize, indices: usize, planes: i32, h: i32, w: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideH: i32, strideW: i32, padH: i32, padW: i32, dilationH: i32, dilationW: i32,
): void {
  if (size == 4) {
    for (let p = 0; p < planes; p++) {
      plane<f32>(average, x + (p * h * w << 2), out + (p * oh * ow << 2), indices + (p * oh * ow << 2),
        h, w, oh, ow, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW);
    }
  } else {
    for (let p = 0; p < planes; p++) {
      plane<f64>(average, x + (p * h * w << 3), out + (p * oh * ow << 3), indices + (p * oh * ow << 2),
        h, w, oh, ow, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW);
    }
  }
}

function plane<T>(
  average: i32, x: usize, out: usize, indices: usize, h: i32, w: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideH: i32, strideW: i32, padH: i32, padW: i32, dilationH: i32, dilationW: i32,
): void {
  const lanes = 16 / sizeof<T>();
  // The columns from `low` to `high` lie inside; the last vector of them may overlap the one before.
  const low = (padW + strideW - 1) / strideW;
  const last = w - 1 - (kw - 1) * dilationW + padW;
  const high = last < 0 ? 0 : min(ow, last / strideW + 1);
  for (let oy = 0; oy < oh; oy++) {
    const y = oy * strideH - padH;
    const inside = y >= 0 && y + (kh - 1) * dilationH < h && high - low >= lanes;
    for (let ox = 0; ox < ow;) {
      if (inside && ox >= low && ox < high) {
        const first = min(ox, high - lanes);
        const at = y * w + first * strideW - padW;
        const to = out + first * sizeof<T>(), place = indices + (first << 2);
        const square = kh == 2 && kw == 2 && strideW == 2 && dilationH == 1 && dilationW == 1;
        if (square && !average) largestOfSquares<T>(x, at, w, to, place);
        else windows<T>(average, x, at, w, kh, kw, strideW, dilationH, dilationW, to, place);
        ox = first + lanes;
      } else {
        const here = out + ox * sizeof<T>(), z = ox * strideW - padW;
        if (average) mean<T>(average, x, y, z, h, w, kh, kw, padH, padW, here);
        else largest<T>(x, y, z, h, w, kh, kw, dilationH, dilationW, here, indices + (ox << 2));
        ox++;
      }
    }
    out += ow * sizeof<T>();
    indices += ow << 2;
  }
}

/** The places first, first + step, …, as wide as numbers, so that masks of numbers choose among them. */
// @ts-ignore: decorator
@inline
function places<T>(first: i32, step: i32): v128 {
  return sizeof<T>() == 4
    ? i32x4.add(i32x4.splat(first), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)))
    : i64x2.add(i64x2.splat(first), i64x2.mul(i64x2.splat(step), i64x2(0, 1)));
}

// @ts-ignore: decorator
@inline
function wins<T>(value: v128, best: v128): v128 {
  return v128.or(v128.gt<T>(value, best), v128.ne<T>(value, value));
}

// @ts-ignore: decorator
@inline
function plus<T>(places: v128, step: i32): v128 {
  return sizeof<T>() == 4 ? i32x4.add(places, i32x4.splat(step)) : i64x2.add(places, i64x2.splat(step));
}

// @ts-ignore: decorator
@inline
function storePlaces<T>(to: usize, places: v128): void {
  if (sizeof<T>() == 4) v128.store(to, places);
  else v128.store64_lane(to, v128.shuffle<i32>(places, places, 0, 2, 0, 2), 0);
}

/** The commonest windows, 2×2 side by side, without loops. */
// @ts-ignore: decorator
@inline
function largestOfSquares<T>(x: usize, first: i32, w: i32, out: usize, indices: usize): void {
  const a = x + first * sizeof<T>(), b = a + w * sizeof<T>();
  let best = spaced<T>(a, 2), place = places<T>(first, 2), here = plus<T>(place, 1);
  let value = spaced<T>(a + sizeof<T>(), 2);
  let mask = wins<T>(value, best);
  best = v128.bitselect(value, best, mask), place = v128.bitselect(here, place, mask);
  value = spaced<T>(b, 2), here = plus<T>(here, w - 1);
  mask = wins<T>(value, best);
  best = v128.bitselect(value, best, mask), place = v128.bitselect(here, place, mask);
  value = spaced<T>(b + sizeof<T>(), 2), here = plus<T>(here, 1);
  mask = wins<T>(value, best);
  v128.store(out, v128.bitselect(value, best, mask));
  storePlaces<T>(indices, v128.bitselect(here, place, mask));
}

/** As many windows side by side as a vector holds. */
// @ts-ignore: decorator
@inline
function windows<T>(
  average: i32, x: usize, first: i32, w: i32, kh: i32, kw: i32, stride: i32, dilationH: i32, dilationW: i32,
  out: usize, indices: usize,
): void {
  let best = v128.splat<T>(average ? 0 : -Infinity);
  let here = places<T>(first, stride), place = here;
  const down = dilationH * w - kw * dilationW;
  let from = x + first * sizeof<T>();
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const value = spaced<T>(from, stride);
      if (average) {
        best = v128.add<T>(best, value);
      } else {
        const mask = wins<T>(value, best);
        best = v128.bitselect(value, best, mask);
        place = v128.bitselect(here, place, mask);
        here = plus<T>(here, dilationW);
      }
      from += dilationW * sizeof<T>();
    }
    here = plus<T>(here, down);
    from += down * sizeof<T>();
  }
  if (average) {
    v128.store(out, v128.div<T>(best, v128.splat<T>(<T>(kh * kw))));
  } else {
    v128.store(out, best);
    storePlaces<T>(indices, place);
  }
}

/** The numbers at every `stride`-th place. */
// @ts-ignore: decorator
@inline
function spaced<T>(at: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(at);
  if (sizeof<T>() == 8) return v128.load64_lane(at + (stride << 3), v128.load64_zero(at), 1);
  if (stride == 2) return v128.shuffle<f32>(v128.load(at), v128.load(at, 12), 0, 2, 5, 7);
  const step: usize = stride << 2;
  let x = v128.load32_zero(at);
  x = v128.load32_lane(at + step, x, 1);
  x = v128.load32_lane(at + 2 * step, x, 2);
  return v128.load32_lane(at + 3 * step, x, 3);
}

function largest<T>(
  x: usize, y: i32, z: i32, h: i32, w: i32, kh: i32, kw: i32, dilationH: i32, dilationW: i32, out: usize, indices: usize,
): void {
  let best: T = <T>(-Infinity), place = -1;
  for (let i = 0; i < kh; i++) {
    const row = y + i * dilationH;
    if (<u32>row >= <u32>h) continue;
    for (let j = 0; j < kw; j++) {
      const column = z + j * dilationW;
      if (<u32>column >= <u32>w) continue;
      const here = row * w + column;
      const value = load<T>(x + here * sizeof<T>());
      if (place < 0 || value > best || value != value) best = value, place = here;
    }
  }
  store<T>(out, best);
  store<i32>(indices, place);
}

function mean<T>(
  average: i32, x: usize, y: i32, z: i32, h: i32, w: i32, kh: i32, kw: i32, padH: i32, padW: i32, out: usize,
): void {
  const top = max(y, 0), left = max(z, 0), bottom = min(y + kh, h), right = min(z + kw, w);
  let sum: T = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += load<T>(x + (row * w + column) * sizeof<T>());
  }
  store<T>(out, sum / <T>divisor(average, y, z, h, w, kh, kw, padH, padW));
}

/** How many numbers a mean is taken over. */
function divisor(average: i32, y: i32, z: i32, h: i32, w: i32, kh: i32, kw: i32, padH: i32, padW: i32): i32 {
  return average == 1
    ? (min(y + kh, h) - max(y, 0)) * (min(z + kw, w) - max(z, 0))
    : (min(y + kh, h + padH) - y) * (min(z + kw, w + padW) - z);
}

/** dx[indices] += gOut, plane by plane; dx is zero before. */
export function spread(size: i32, gOut: usize, indices: usize, dx: usize, planes: i32, area: i32, outArea: i32): void {
  for (let p = 0; p < planes; p++) {
    for (let i = 0; i < outArea; i++) {
      const place = load<i32>(indices), to = dx + place * size;
      // A window that lies in the padding altogether has no place.
      if (place < 0) {}
      else if (size == 4) store<f32>(to, load<f32>(to) + load<f32>(gOut));
      else store<f64>(to, load<f64>(to) + load<f64>(gOut));
      gOut += size;
      indices += 4;
    }
    dx += area * size;
  }
}

/** Adds to each number of a window its part of the gradient of the mean; dx is zero before. */
export function spreadMean(
  size: i32, average: i32, gOut: usize, dx: usize, planes: i32, h: i32, w: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideH: i32, strideW: i32, padH: i32, padW: i32,
): void {
  for (let p = 0; p < planes; p++) {
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * strideH - padH;
      for (let ox = 0; ox < ow; ox++) {
        const z = ox * strideW - padW;
        const count = divisor(average, y, z, h, w, kh, kw, padH, padW);
        const single = size == 4 ? load<f32>(gOut) / <f32>count : 0;
        const double = size == 8 ? load<f64>(gOut) / <f64>count : 0;
        for (let row = max(y, 0); row < min(y + kh, h); row++) {
          for (let column = max(z, 0); column < min(z + kw, w); column++) {
            const to = dx + (row * w + column) * size;
            if (size == 4) store<f32>(to, load<f32>(to) + single);
            else store<f64>(to, load<f64>(to) + double);
          }
        }
        gOut += size;
      }
    }
    dx += h * w * size;
  }
}
