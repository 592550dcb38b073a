import { log as logOf, splat } from './_lanes';
import { copyPart, END, storePart } from './_vector';

/** out = ln x for `n` float32 or (wide) float64 numbers. */
export function log(wide: i32, x: usize, out: usize, n: usize): void {
  const size: usize = wide ? 8 : 4;
  const bytes = n * size, vector = size * 2;
  const rest = bytes & (vector - 1), whole = bytes - rest;
  vectors(wide, x, out, whole);
  if (rest == 0) return;
  copyPart(END, x + whole, rest);
  vectors(wide, END, END + 16, vector);
  storePart(out + whole, END + 16, rest);
}

function vectors(wide: i32, x: usize, out: usize, bytes: usize): void {
  const end = x + bytes;
  if (wide) {
    for (; x < end; x += 16) {
      v128.store(out, logOf(v128.load(x), splat(0), false));
      out += 16;
    }
  } else {
    for (; x < end; x += 8) {
      const z = logOf(f64x2.promote_low_f32x4(v128.load64_zero(x)), splat(0), true);
      v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
      out += 8;
    }
  }
}
