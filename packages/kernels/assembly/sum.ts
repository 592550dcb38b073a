import { each, SUM } from './_reduce';

/** Sums along the middle axis of [outer, n, inner]. */
export function sum(x: usize, out: usize, outer: usize, n: usize, inner: usize, wide: i32): void {
  if (wide) each<f64>(SUM, x, out, outer, n, inner);
  else each<f32>(SUM, x, out, outer, n, inner);
}
