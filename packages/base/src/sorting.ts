type Numbers = Float64Array | Int32Array;

/** How many are sorted between two pauses: some 3 ms' worth, of which comparing by a function takes more. */
const NUMBERS = 1 << 15;
const COMPARED = 1 << 12;

/**
 * Sorts numbers in place as their own `sort` does, but with pauses: pieces by the engine, which are then merged two by two; where
 * nobody waits for the thread, all by the engine. They hold no NaN and not both 0 and -0. O(n log n).
 */
export function sortSteps<A extends Numbers>(numbers: A): Generator<undefined, A, unknown> {
  return mergeSort(numbers, NUMBERS, undefined, mergeAscending);
}

/** The same in the order of a function. */
export function sortStepsBy<A extends Numbers>(numbers: A, compare: Compare): Generator<undefined, A, unknown> {
  return mergeSort(numbers, COMPARED, compare, mergeBy(compare));
}

type Compare = (a: number, b: number) => number;

/** @param piece how many are sorted, and merged, between two pauses */
function* mergeSort<A extends Numbers>(
  numbers: A,
  piece: number,
  compare: Compare | undefined,
  merge: Merge,
): Generator<undefined, A, unknown> {
  const n = numbers.length;
  if (n <= piece || (yield) === true) return numbers.sort(compare) as A;
  for (let from = 0; from < n; from += piece) {
    numbers.subarray(from, from + piece).sort(compare);
    yield;
  }

  let [runs, merged]: [Numbers, Numbers] = [numbers, numbers.slice()];
  for (let width = piece; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const middle = Math.min(n, from + width);
      const end = Math.min(n, middle + width);
      let left = from;
      for (let at = from; at < end; at += piece) {
        // What was taken from neither is still to come.
        const right = middle + (at - left);
        left = merge(runs, left, middle, right, end, merged, at, Math.min(end, at + piece));
        yield;
      }
    }
    [runs, merged] = [merged, runs];
  }
  if (runs !== numbers) numbers.set(runs);
  return numbers;
}

/**
 * Writes to `merged[at...to]` what comes, of the runs up to `middle` and up to `end`, from `left` and `right` on. Returns the place
 * in the left run that it has come to.
 */
type Merge = (
  runs: Numbers,
  left: number,
  middle: number,
  right: number,
  end: number,
  merged: Numbers,
  at: number,
  to: number,
) => number;

/** In the order of a function. */
function mergeBy(compare: Compare): Merge {
  return (runs, left, middle, right, end, merged, at, to) => {
    for (; at < to; at++) {
      const takesLeft = right === end || (left < middle && compare(runs[left]!, runs[right]!) <= 0);
      merged[at] = takesLeft ? runs[left++]! : runs[right++]!;
    }
    return left;
  };
}

/** Ascending, without a branch that nobody can predict. */
const mergeAscending: Merge = (runs, left, middle, right, end, merged, at, to) => {
  for (; at < to && left < middle && right < end; at++) {
    const [a, b] = [runs[left]!, runs[right]!];
    merged[at] = Math.min(a, b);
    const fromLeft = Number(a <= b);
    left += fromLeft;
    right += 1 - fromLeft;
  }
  const [from, rest] = left < middle ? [left, to - at] : [right, to - at];
  merged.set(runs.subarray(from, from + rest), at);
  return left < middle ? left + rest : left;
};
