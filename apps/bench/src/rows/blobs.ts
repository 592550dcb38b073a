import { randoms } from '../row.ts';

/** 10,000 points in ten dimensions around eight centres; bench.py makes the same. */
export function blobs(): Float64Array {
  const centers = randoms(80, 11).map((v) => v * 20);
  const noise = [20, 21, 22, 23].map((seed) => randoms(100_000, seed));
  return Float64Array.from({ length: 100_000 }, (_, at) => {
    const row = Math.floor(at / 10);
    const spread = noise.reduce((sum, part) => sum + part[at]!, 0) * 2.6;
    return centers[(row % 8) * 10 + (at % 10)]! + spread;
  });
}
