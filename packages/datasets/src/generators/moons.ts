import { checkBoolean, checkKnown, checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { onCircle } from './circle.ts';
import { pairSizes, pointSet } from './points.ts';

export interface MoonsOptions {
  /** Points in all, or of each moon; 100. */
  nSamples?: number | readonly [number, number];
  /** Standard deviation of the normal noise on each coordinate; 0. */
  noise?: number;
  /** Put the points in random order, else moon after moon; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/**
 * Two half circles that reach into each other, as scikit-learn's `make_moons`: (cos t, sin t) and (1 - cos t, ½ - sin t) for t
 * in [0, π]. A line does not separate them. O(n).
 */
export function makeMoons(options: MoonsOptions = {}): ClassDataset {
  checkKnown('makeMoons', options, ['nSamples', 'noise', 'shuffle', 'seed']);
  const sizes = pairSizes('makeMoons', options.nSamples ?? 100);
  const noise = checkNumber('makeMoons', 'noise', options.noise ?? 0, { min: 0 });
  const shuffle = checkBoolean('makeMoons', 'shuffle', options.shuffle ?? true);
  const random = randomFrom(options.seed);
  const points: number[][] = [];
  const classes: number[] = [];
  for (const moon of [0, 1]) {
    for (let i = 0; i < sizes[moon]!; i++) {
      const t = (Math.PI * i) / Math.max(1, sizes[moon]! - 1);
      const [cos, sin] = onCircle(t);
      const [x, y] = moon === 0 ? [cos, sin] : [1 - cos, 1 - sin - 0.5];
      points.push([x + noise * random.normal(), y + noise * random.normal()]);
      classes.push(moon);
    }
  }
  const description = `Moons: ${points.length} points on two half circles that reach into each other, made by makeMoons.`;
  return pointSet(random, { name: 'moons', points, classes, nClasses: 2, description }, shuffle);
}
