import { randoms } from '../row.ts';

/** 1,000 rows of ten columns, of which five count. */
export function lassoRows(): { x: Float64Array; y: Float64Array; n: number; d: number } {
  const [n, d] = [1000, 10];
  const x = Float64Array.from(randoms(n * d, 31));
  const noise = randoms(n, 32);
  const y = Float64Array.from(noise, (e, i) => {
    let sum = e;
    for (let j = 0; j < 5; j++) sum += (j + 1) * x[i * d + j]!;
    return sum;
  });
  return { x, y, n, d };
}

/** Rows of 30 columns over and over, until there are 100,000. */
export function manyTimes(data: Float64Array): Float64Array {
  return Float64Array.from({ length: 3_000_000 }, (_, at) => data[at % data.length]!);
}
