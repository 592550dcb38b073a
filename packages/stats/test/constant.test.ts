import { Random } from '@maru-ml/base';
import { describe, expect, it } from 'vitest';
import { spansConstant } from '../src/constant.ts';

/** Columns that tell which of three groups a row is of, and one of noise. */
function groups(rows: number): Float64Array {
  const random = new Random(1);
  const x = new Float64Array(rows * 4);
  for (let i = 0; i < rows; i++) {
    x[i * 4 + (i % 3)] = 1;
    x[i * 4 + 3] = random.normal();
  }
  return x;
}

describe('a constant among the columns', () => {
  it.each([10, 3000])('is found as the sum of some, in %d rows', (rows) => {
    expect(spansConstant(groups(rows), rows, 4)).toBe(true);
  });

  it.each([0, 1, 1501, 2999])('is none if a single row has none, of 3,000: row %d', (row) => {
    const x = groups(3000);
    x.fill(0, row * 4, row * 4 + 3);
    expect(spansConstant(x, 3000, 4)).toBe(false);
  });

  it('is found as a column, and not in noise', () => {
    const random = new Random(2);
    const noise = Float64Array.from({ length: 6000 }, () => random.normal());
    expect(spansConstant(noise, 3000, 2)).toBe(false);
    expect(spansConstant(noise.map((value, i) => (i % 2 === 0 ? value : 7)), 3000, 2)).toBe(true); // biome-ignore format: one line
  });
});
