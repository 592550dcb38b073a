import { cos, pow } from '@maru-ml/kernels/tensor';

// Engines' own Math.cos and Math.pow differ in their last bits from version to version; these do not.

/** cos x of one number. */
export function cosine(x: number): number {
  const value = Float64Array.of(x);
  cos(value, value);
  return value[0]!;
}

/** xʸ of two numbers. */
export function power(x: number, y: number): number {
  const value = Float64Array.of(x);
  pow(value, Float64Array.of(y), value);
  return value[0]!;
}
