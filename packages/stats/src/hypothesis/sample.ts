import { checkOneOf, DataError, OptionError, ShapeError, show } from '@maru-ml/base';

/** What is believed if the null hypothesis is not: a difference, or one to this side. */
export type Alternative = 'two-sided' | 'less' | 'greater';

/** What becomes of NaN in a sample: an error, or the number is left out (from pairs, the pair). */
export type NanPolicy = 'raise' | 'omit';

/** What all tests have in common. */
export interface TestOptions {
  /** What is believed instead of the null hypothesis; 'two-sided'. */
  alternative?: Alternative;
  /** What becomes of NaN; 'raise'. */
  nanPolicy?: NanPolicy;
}

export function checkAlternative(owner: string, alternative: unknown): Alternative {
  return checkOneOf(owner, 'alternative', alternative, ['two-sided', 'less', 'greater']);
}

/**
 * Checks the numbers of a sample and returns a copy.
 *
 * @param min how many are needed
 * @throws OptionError if it is no array, DataError for what is no finite number or too few
 */
export function toSample(
  owner: string,
  name: string,
  x: ArrayLike<number>,
  nanPolicy: NanPolicy = 'raise',
  min = 1,
): Float64Array {
  const all = numbersOf(owner, name, x, nanPolicy);
  const sample = all.filter((value) => !Number.isNaN(value));
  checkCount(owner, name, sample.length, min);
  return sample;
}

/**
 * Checks two samples of which the i-th numbers belong together.
 * @throws as `toSample`, ShapeError if one is longer
 */
export function toPairs(
  owner: string,
  [xName, yName]: readonly [string, string],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  nanPolicy: NanPolicy = 'raise',
  min = 1,
): [Float64Array, Float64Array] {
  const allX = numbersOf(owner, xName, x, nanPolicy);
  const allY = numbersOf(owner, yName, y, nanPolicy);
  if (allX.length !== allY.length) {
    throw new ShapeError(`${owner}: ${xName} has ${allX.length} numbers, but ${yName} has ${allY.length}`);
  }
  const whole = (_: number, i: number) => !Number.isNaN(allX[i]! + allY[i]!);
  const pairs: [Float64Array, Float64Array] = [allX.filter(whole), allY.filter(whole)];
  checkCount(owner, `${xName} and ${yName}`, pairs[0].length, min);
  return pairs;
}

/** Throws an `OptionError` unless there is an array of samples: before the options, for which a second sample would be taken. */
export function checkTogether(owner: string, samples: unknown): void {
  const isOne = ArrayBuffer.isView(samples) || (Array.isArray(samples) && typeof samples[0] === 'number');
  if (isOne) throw new OptionError(`${owner}: samples must be one array of samples, as in ${owner}([a, b, c])`);
}

/** Checks at least two samples. @throws as `toSample`, OptionError if there are fewer */
export function toSamples(
  owner: string,
  samples: readonly ArrayLike<number>[],
  nanPolicy: NanPolicy = 'raise',
  min = 1,
): Float64Array[] {
  if (!Array.isArray(samples)) {
    throw new OptionError(`${owner}: samples must be an array of samples, got ${show(samples)}`);
  }
  if (samples.length < 2) throw new OptionError(`${owner}: samples must be at least 2, got ${samples.length}`);
  return samples.map((sample, i) => toSample(owner, `samples[${i}]`, sample, nanPolicy, min));
}

/** A copy in which NaN stands only if it is to be left out. */
function numbersOf(owner: string, name: string, x: ArrayLike<number>, nanPolicy: NanPolicy): Float64Array {
  checkOneOf(owner, 'nanPolicy', nanPolicy, ['raise', 'omit']);
  if (typeof x !== 'object' || typeof x?.length !== 'number') {
    throw new OptionError(`${owner}: ${name} must be an array of numbers, got ${show(x)}`);
  }
  const numbers = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const value: unknown = x[i];
    if (Number.isNaN(value) && nanPolicy === 'raise') {
      throw new DataError(`${owner}: ${name}[${i}] is NaN; drop it first, or use nanPolicy: 'omit'`);
    }
    if (typeof value !== 'number' || Math.abs(value) === Number.POSITIVE_INFINITY) {
      throw new DataError(`${owner}: ${name}[${i}] must be a finite number, got ${show(value)}`);
    }
    numbers[i] = value;
  }
  return numbers;
}

function checkCount(owner: string, name: string, count: number, min: number): void {
  if (count >= min) return;
  throw new DataError(`${owner}: ${name} must have at least ${min} ${min === 1 ? 'number' : 'numbers'}, got ${count}`);
}
