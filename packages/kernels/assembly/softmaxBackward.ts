import { exp, exp32 } from './_lanes';
import { pair, products, SUM, total } from './_reduce';
import { END } from './_vector';

/** y (g - Σ y g) for rows of `n`: the gradient of a softmax with the values y. */
export function softmaxBackward(y: usize, g: usize, out: usize, rows: usize, n: usize, wide: i32): void {
  if (wide) ofSoftmax<f64>(y, g, out, rows, n);
  else ofSoftmax<f32>(y, g, out, rows, n);
}

/** g - eʸ Σ g for rows of `n`: the gradient of the logarithm of a softmax, with the values y. */
export function logSoftmaxBackward(y: usize, g: usize, out: usize, rows: usize, n: usize, wide: i32): void {
  if (wide) ofLogSoftmax<f64>(y, g, out, rows, n);
  else ofLogSoftmax<f32>(y, g, out, rows, n);
}

// @ts-ignore: decorator
@inline
function ofSoftmax<T>(y: usize, g: usize, out: usize, rows: usize, n: usize): void {
  const size = n * sizeof<T>();
  for (const end = out + rows * size; out < end; out += size) {
    const s = products<T>(y, g, n);
    for (let i: usize = 0; i < size; i += sizeof<T>()) {
      store<T>(out + i, <T>(<f64>load<T>(y + i) * (<f64>load<T>(g + i) - s)));
    }
    y += size;
    g += size;
  }
}

// @ts-ignore: decorator
@inline
function ofLogSoftmax<T>(y: usize, g: usize, out: usize, rows: usize, n: usize): void {
  const size = n * sizeof<T>(), step = 2 * sizeof<T>();
  for (const end = out + rows * size; out < end; out += size) {
    const s = f64x2.splat(total<T>(SUM, g, n));
    const whole = size & ~(step - 1);
    for (let i: usize = 0; i < whole; i += step) two<T>(y + i, g + i, out + i, s);
    if (whole < size) {
      store<T>(END, load<T>(y + whole));
      store<T>(END + 16, load<T>(g + whole));
      two<T>(END, END + 16, END + 32, s);
      store<T>(out + whole, load<T>(END + 32));
    }
    y += size;
    g += size;
  }
}

// @ts-ignore: decorator
@inline
function two<T>(y: usize, g: usize, out: usize, s: v128): void {
  const e = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(exp32(v128.load64_zero(y))) : exp(v128.load(y), false);
  const z = f64x2.sub(pair<T>(g), f64x2.mul(e, s));
  if (sizeof<T>() == 4) v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
  else v128.store(out, z);
}
