import { checkBoolean, checkInteger, checkKnown, checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { onCircle } from './circle.ts';
import { groupSizes, pointSet } from './points.ts';

export interface SpiralsOptions {
  /** Points in all, or of each arm; 100. */
  nSamples?: number | readonly number[];
  /** Arms, each a class; 2. */
  nClasses?: number;
  /** How often an arm goes round; 1. */
  turns?: number;
  /** Standard deviation of the normal noise on each coordinate; 0. */
  noise?: number;
  /** Put the points in random order, else arm after arm; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/**
 * Arms of an Archimedean spiral that wind around each other: arm k is r (cos φ, sin φ) with φ = 2π (turns · r + k / nClasses), r from 0
 * (left out, as all arms meet there) to 1. A small network with hidden units learns it, a linear model cannot. O(n).
 */
export function makeSpirals(options: SpiralsOptions = {}): ClassDataset {
  checkKnown('makeSpirals', options, ['nSamples', 'nClasses', 'turns', 'noise', 'shuffle', 'seed']);
  const nClasses = checkInteger('makeSpirals', 'nClasses', options.nClasses ?? 2, { min: 1 });
  const sizes = groupSizes('makeSpirals', options.nSamples ?? 100, nClasses);
  const turns = checkNumber('makeSpirals', 'turns', options.turns ?? 1, { min: 0 });
  const noise = checkNumber('makeSpirals', 'noise', options.noise ?? 0, { min: 0 });
  const shuffle = checkBoolean('makeSpirals', 'shuffle', options.shuffle ?? true);
  const random = randomFrom(options.seed);
  const points: number[][] = [];
  const classes: number[] = [];
  for (const [arm, size] of sizes.entries()) {
    for (let i = 1; i <= size; i++) {
      const r = i / size;
      const phi = 2 * Math.PI * (turns * r + arm / nClasses);
      const [x, y] = onCircle(phi);
      points.push([r * x + noise * random.normal(), r * y + noise * random.normal()]);
      classes.push(arm);
    }
  }
  const description = `Spirals: ${points.length} points on ${nClasses} arms that wind around each other, made by makeSpirals.`;
  return pointSet(random, { name: 'spirals', points, classes, nClasses, description }, shuffle);
}
