import { randoms } from '../row.ts';

/** A thousand rows of ten columns, and a response that is their sum times 1 to 10, with noise. */
export function olsRows(): { x: Float64Array; y: Float64Array; n: number; d: number } {
  const [n, d] = [1000, 10];
  const x = Float64Array.from(randoms(n * d, 21));
  const noise = randoms(n, 22);
  const y = Float64Array.from(noise, (value, i) => {
    let sum = value;
    for (let j = 0; j < d; j++) sum += (j + 1) * x[i * d + j]!;
    return sum;
  });
  return { x, y, n, d };
}
