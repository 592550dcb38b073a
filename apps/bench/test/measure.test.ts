import { describe, expect, it } from 'vitest';
import { agrees, measure, median, ratioOf } from '../src/measure.ts';
import { type Contender, type Row, randoms } from '../src/row.ts';

/** A contender whose runs take as many milliseconds as it says. */
const pretend = (name: string, ms: number, answer: number[]): Contender => ({
  name,
  setUp: () => ({ run: () => ({ ms }), answer: () => answer }),
});

const row: Row = {
  id: 'toy',
  title: 'toy',
  contenders: [
    pretend('maru', 2, [1, 2]),
    pretend('right', 4, [1, 2.00001]),
    pretend('wrong', 1, [1, 3]),
    {
      name: 'absent',
      setUp: () => {
        throw new Error('toy is not installed');
      },
    },
  ],
  bars: [],
  tolerance: 1e-4,
};

describe('measuring', () => {
  it('times contenders in turns, names wrong answers and absent peers', async () => {
    const [maru, right, wrong, absent] = await measure(row, { rounds: 3, turn: 1 });
    expect(ratioOf(maru!, right!)).toBe(0.5);
    expect(ratioOf(maru!, wrong!)).toBe(2);
    expect(maru!.times).toHaveLength(3);
    expect([right!, wrong!].map((result) => agrees(row, result, maru!))).toEqual([true, false]);
    expect(absent!.error).toBe('toy is not installed');
  });

  it('a NaN is a wrong answer even where answers are random', () => {
    const result = { name: 'x', times: [1], answer: [Number.NaN], error: null };
    expect(agrees({ ...row, tolerance: null }, result, result)).toBe(false);
  });

  it('median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('the common stream of numbers, as bench.py has it', () => {
    // xorshift32 from 1: 270369, 67634689, 2647435461
    expect([...randoms(3, 1)]).toEqual([270369, 67634689, 2647435461].map((v) => Math.fround(v / 2 ** 32 - 0.5)));
  });
});
