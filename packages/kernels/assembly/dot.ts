import { products } from './_reduce';

/** Σ a b. */
export function dot(a: usize, b: usize, n: usize, wide: i32): f64 {
  return wide ? products<f64>(a, b, n) : products<f32>(a, b, n);
}
