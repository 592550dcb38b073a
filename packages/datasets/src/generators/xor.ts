import { checkBoolean, checkInteger, checkKnown, checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { pointSet } from './points.ts';

export interface XorOptions {
  /** Points, which take the corners in turn; 4 without noise are the truth table; 100. */
  nSamples?: number;
  /** Standard deviation of the normal noise on each coordinate; 0. */
  noise?: number;
  /** Put the points in random order, else corner after corner in turn; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/**
 * Exclusive or: points at the corners (0, 0), (0, 1), (1, 0), (1, 1) of the unit square, class 1 where the coordinates differ. The
 * smallest problem that no linear model solves. O(n).
 *
 * Source: M. Minsky and S. Papert, "Perceptrons", MIT Press, 1969.
 */
export function makeXor(options: XorOptions = {}): ClassDataset {
  checkKnown('makeXor', options, ['nSamples', 'noise', 'shuffle', 'seed']);
  const nSamples = checkInteger('makeXor', 'nSamples', options.nSamples ?? 100, { min: 4 });
  const noise = checkNumber('makeXor', 'noise', options.noise ?? 0, { min: 0 });
  const shuffle = checkBoolean('makeXor', 'shuffle', options.shuffle ?? true);
  const random = randomFrom(options.seed);
  const points: number[][] = [];
  const classes: number[] = [];
  for (let i = 0; i < nSamples; i++) {
    const a = (i >> 1) & 1;
    const b = i & 1;
    points.push([a + noise * random.normal(), b + noise * random.normal()]);
    classes.push(a ^ b);
  }
  const description = `Exclusive or: ${nSamples} points at the corners of the unit square, made by makeXor.`;
  return pointSet(random, { name: 'xor', points, classes, nClasses: 2, description }, shuffle);
}
