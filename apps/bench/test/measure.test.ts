import { describe, expect, it } from 'vitest';
import { rowFigures } from '../src/figures.ts';
import { measure, median, offBy, ratioOf, roundsOf } from '../src/measure.ts';
import { type Contender, plainRows, type Row, randoms } from '../src/row.ts';

/** A contender whose runs take as many milliseconds as it says. */
const pretend = (name: string, ms: number, answer: number[], more: Partial<Contender> = {}): Contender => ({
  name,
  ...more,
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
  bars: [
    { against: ['right'], ratio: 0.4 },
    { against: ['absent'], ratio: 1 },
  ],
  tolerance: 1e-4,
};

const options = { rounds: 3, turn: 1, long: false };

describe('measuring', () => {
  it('times contenders in turns, names wrong answers and absent peers', async () => {
    const [maru, right, , absent] = await measure(row, options);
    expect(ratioOf(maru!, right!)).toBe(0.5);
    expect(maru!.times).toHaveLength(3);
    expect(absent!.error).toBe('toy is not installed');
    const figures = rowFigures(row, await measure(row, options));
    expect(figures.contenders.map(({ name, right: isRight, ratios }) => [name, isRight, ratios])).toEqual([
      ['maru', true, undefined],
      ['right', true, [0.5]],
      ['wrong', false, [2]],
    ]);
    expect(figures.absent).toEqual({ absent: 'toy is not installed' });
    expect(figures.open).toEqual([{ against: ['absent'], ratio: 1 }]);
  });

  it('a contender that fails on the way leaves the others alone', async () => {
    let runs = 0;
    const failing: Contender = {
      name: 'failing',
      setUp: () => ({
        run: () => {
          if (++runs > 3) throw new Error('out of memory');
          return { ms: 1 };
        },
        answer: () => [1],
      }),
    };
    const [maru, other] = await measure(
      { ...row, contenders: [row.contenders[0]!, failing] },
      { ...options, turn: 1e-9 },
    );
    expect([maru!.error, other!.error]).toEqual([null, 'out of memory']);
  });

  it("answers are judged by Python's, ours too", async () => {
    const python = pretend('Python', 1, [1, 3], { side: 'python' });
    const beside = { ...row, contenders: [...row.contenders, python] };
    const figures = rowFigures(beside, await measure(beside, options));
    expect(figures.contenders.map(({ right }) => right)).toEqual([false, false, true, true]);
  });

  it('where answers are drawn at random NaN is a wrong one all the same', async () => {
    const more = { unchecked: 'it draws' };
    const contenders = [pretend('maru', 1, [1]), pretend('a', 1, [7], more), pretend('b', 1, [Number.NaN], more)];
    const figures = rowFigures({ ...row, contenders }, await measure({ ...row, contenders }, options));
    expect(figures.contenders.map(({ right }) => right)).toEqual([true, null, false]);
  });

  it('those that take minutes wait for --long', async () => {
    const contenders = [pretend('maru', 1, [1]), pretend('slow', 1, [1], { long: true })];
    expect(await measure({ ...row, contenders }, options)).toHaveLength(1);
    expect(await measure({ ...row, contenders }, { ...options, long: true })).toHaveLength(2);
  });

  it('slow contenders have fewer rounds, but three where that is bearable', () => {
    expect([1, 300, 500, 3000, 4000].map((time) => roundsOf(time, 9))).toEqual([9, 9, 7, 3, 1]);
    expect([1, 3000].map((time) => roundsOf(time, 1))).toEqual([1, 1]);
    expect(roundsOf(3000, 90)).toBe(11);
  });

  it('how far an answer is off, relative to the largest number', () => {
    expect(offBy([10, 1.5], [10, 1])).toBe(0.05);
    expect(offBy([0], [0])).toBe(0);
    expect(offBy([], [])).toBe(Number.POSITIVE_INFINITY);
    expect(offBy([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(offBy([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('the common stream of numbers, as bench.py has it', () => {
    // xorshift32 from 1: 270369, 67634689, 2647435461
    expect([...randoms(3, 1)]).toEqual([270369, 67634689, 2647435461].map((v) => Math.fround(v / 2 ** 32 - 0.5)));
    expect(plainRows([1, 2, 3, 4], 2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
