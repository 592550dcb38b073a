import { pair } from './_reduce';

/** out = (x - shift) / scale for `rows` rows of `d` numbers; returns 0 if all results are finite, else NaN, as z - z is then. */
export function standardize(x: usize, shift: usize, scale: usize, out: usize, rows: usize, d: usize, wide: i32): f64 {
  return wide ? each<f64>(x, shift, scale, out, rows, d) : each<f32>(x, shift, scale, out, rows, d);
}

// @ts-ignore: decorator
@inline
function each<T>(x: usize, shift: usize, scale: usize, out: usize, rows: usize, d: usize): f64 {
  const even = (d & ~1) << 3;
  let flaws = f64x2.splat(0), rest: f64 = 0;
  for (let i: usize = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j < even; j += 16) {
      let z = f64x2.div(f64x2.sub(pair<T>(x), v128.load(shift + j)), v128.load(scale + j));
      if (sizeof<T>() == 4) {
        const short = f32x4.demote_f64x2_zero(z);
        v128.store64_lane(out, short, 0);
        z = f64x2.promote_low_f32x4(short);
      } else v128.store(out, z);
      flaws = f64x2.add(flaws, f64x2.sub(z, z));
      x += 2 * sizeof<T>();
      out += 2 * sizeof<T>();
    }
    if (d & 1) {
      const z = <T>((<f64>load<T>(x) - load<f64>(shift + j)) / load<f64>(scale + j));
      store<T>(out, z);
      rest += <f64>(z - z);
      x += sizeof<T>();
      out += sizeof<T>();
    }
  }
  return f64x2.extract_lane(flaws, 0) + f64x2.extract_lane(flaws, 1) + rest;
}
