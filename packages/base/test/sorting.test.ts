import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, runSteps, sortSteps, sortStepsBy } from '../src/index.ts';

/** Whole numbers from 0 to `kinds` - 1, of which many are equal. */
function drawn(n: number, kinds: number): Int32Array {
  const random = new Random(n + kinds);
  return Int32Array.from({ length: n }, () => random.integer(kinds));
}

/** Runs it with all its pauses; how many there are. */
function paused<T>(steps: Generator<undefined, T, unknown>): { value: T; pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const { done, value } = steps.next();
    if (done) return { value, pauses };
  }
}

describe('sortSteps', () => {
  it.each([0, 1, 2, 32_768, 32_769, 65_536, 98_305, 100_000, 163_841])('sorts %i numbers as the engine does', (n) => {
    const random = new Random(n);
    const numbers = Float64Array.from({ length: n }, () => random.normal());
    const wanted = numbers.slice().sort();
    const others = numbers.slice();
    expect(paused(sortSteps(numbers)).value).toBe(numbers);
    expect(numbers.every((value, i) => Object.is(value, wanted[i]))).toBe(true);
    expect(runSteps(sortSteps(others))).toBe(others);
    expect(others.every((value, i) => Object.is(value, wanted[i]))).toBe(true);
  });

  it('sorts infinite and equal numbers, sorted ones and those in reverse', () => {
    const n = 70_000;
    const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, -Number.MAX_VALUE, 5e-324];
    const lists = [
      Float64Array.from({ length: n }, (_, i) => ends[(i * 7) % 5]!),
      new Float64Array(n).fill(3),
      Float64Array.from({ length: n }, (_, i) => i),
      Float64Array.from({ length: n }, (_, i) => -i * 0.5 - 1),
    ];
    for (const list of lists) {
      const wanted = list.slice().sort();
      expect(paused(sortSteps(list)).value.every((value, i) => value === wanted[i])).toBe(true);
    }
  });

  it.each([1, 4096, 4097, 8192, 12_289, 20_000])('leaves equals of %i places in their order', (n) => {
    const keys = drawn(n, 50);
    const by = (a: number, b: number) => keys[a]! - keys[b]!;
    const wanted = Int32Array.from(keys.keys()).sort(by);
    const places = paused(sortStepsBy(Int32Array.from(keys.keys()), by)).value;
    expect(places.every((place, i) => place === wanted[i])).toBe(true);
  });

  it('sorts any places by any keys', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4000, max: 30_000 }), fc.integer({ min: 1, max: 100_000 }), (n, kinds) => {
        const keys = drawn(n, kinds);
        const by = (a: number, b: number) => keys[b]! - keys[a]!;
        const wanted = Int32Array.from(keys.keys()).sort(by);
        const places = paused(sortStepsBy(Int32Array.from(keys.keys()), by)).value;
        return places.every((place, i) => place === wanted[i]);
      }),
      { numRuns: 20 },
    );
  });

  it('pauses before all, after each piece and after each part that is merged, and not at all for few', () => {
    expect(paused(sortSteps(new Float64Array(32_768))).pauses).toBe(0);
    // Three pieces; a first round merges two of them and copies the third, a second all.
    expect(paused(sortSteps(new Float64Array(3 * 32_768))).pauses).toBe(1 + 3 + 3 + 3);
    expect(paused(sortStepsBy(new Int32Array(2 * 4096), (a, b) => a - b)).pauses).toBe(1 + 2 + 2);
  });

  it('pauses once where nobody waits for the thread, and lets the engine sort all', () => {
    const steps = sortSteps(Float64Array.from({ length: 100_000 }, (_, i) => 100_000 - i));
    steps.next();
    const { done, value } = steps.next(true);
    expect(done).toBe(true);
    expect(value).toEqual(Float64Array.from({ length: 100_000 }, (_, i) => i + 1));
  });
});
