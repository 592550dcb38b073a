import { checkInteger, DataError, OptionError } from '@maru-ml/base';
import type { AxisScale } from './axes.ts';
import { extent, type Numbers, readNumbers } from './data.ts';

/** Each level is a color, and more than these nobody tells apart. */
const MOST_LEVELS = 100;

const DECADES = 6;

/** The levels given, or a number of them between the least and the greatest value. */
export function readLevels(
  owner: string,
  levels: number | Numbers,
  scale: AxisScale,
  values: ArrayLike<number>,
): number[] {
  if (typeof levels !== 'number') {
    const given = readNumbers(owner, 'levels', levels);
    const wrong = given.findIndex((level, i) => !Number.isFinite(level) || (i > 0 && !(level > given[i - 1]!)));
    if (given.length > MOST_LEVELS) {
      throw new OptionError(`${owner}: levels must be ${MOST_LEVELS} at most, got ${given.length}`);
    }
    if (wrong < 0) return given;
    throw new OptionError(`${owner}: levels must increase, but levels[${wrong}] is ${given[wrong]}`);
  }
  const n = checkInteger(owner, 'levels', levels, { min: 1, max: MOST_LEVELS });
  const positive = scale === 'log' ? Array.from(values).filter((value) => value > 0) : values;
  const [low, high] = extent(positive);
  const which = scale === 'log' ? 'two different finite values above 0' : 'two different finite values';
  if (!(low < high)) throw new DataError(`${owner}: f must take ${which}, got ${low > high ? 'none' : `only ${low}`}`);
  return scale === 'log' ? factorLevels(Math.max(low, high / 10 ** DECADES), high, n) : roundLevels(low, high, n);
}

/** `n` levels between the two, each the same factor above the last. */
function factorLevels(low: number, high: number, n: number): number[] {
  const levels = Array.from({ length: n }, (_, i) => low * (high / low) ** ((i + 1) / (n + 1)));
  const short = levels.map((level) => Number(level.toPrecision(3)));
  // Values that differ little need all their digits.
  return new Set(short).size === n ? short : levels;
}

/** About `n` round levels between the two: multiples of 1, 2 or 5 times a power of ten. */
function roundLevels(low: number, high: number, n: number): number[] {
  const rough = (high - low) / (n + 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.75)!;
  const step = factor * power;
  const first = Math.floor(low / step) + 1;
  const levels: number[] = [];
  for (let k = first; k * step < high; k++) levels.push(Number((k * step).toPrecision(12)));
  return levels.length > 0 ? levels : [(low + high) / 2];
}
