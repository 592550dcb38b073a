import { each, MAX, MIN, PROD } from './_reduce';

/** Products and extrema along the middle axis of [outer, n, inner], for float32 (op) or float64 (op + 3). */
export function fold(op: i32, x: usize, out: usize, outer: usize, n: usize, inner: usize): void {
  switch (op) {
    case 0: each<f32>(PROD, x, out, outer, n, inner); break;
    case 1: each<f32>(MAX, x, out, outer, n, inner); break;
    case 2: each<f32>(MIN, x, out, outer, n, inner); break;
    case 3: each<f64>(PROD, x, out, outer, n, inner); break;
    case 4: each<f64>(MAX, x, out, outer, n, inner); break;
    case 5: each<f64>(MIN, x, out, outer, n, inner); break;
  }
}
