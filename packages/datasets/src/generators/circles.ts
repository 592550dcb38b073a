import { checkBoolean, checkKnown, checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { onCircle } from './circle.ts';
import { pairSizes, pointSet } from './points.ts';

export interface CirclesOptions {
  /** Points in all, or of the outer and the inner circle; 100. */
  nSamples?: number | readonly [number, number];
  /** Standard deviation of the normal noise on each coordinate; 0. */
  noise?: number;
  /** Radius of the inner circle, that of the outer is 1; .8. */
  factor?: number;
  /** Put the points in random order, else circle after circle; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/**
 * A circle (class 0) around another (class 1), as scikit-learn's `make_circles`: what a line cannot separate and no continuous flow
 * in the plane can pull apart. O(n).
 */
export function makeCircles(options: CirclesOptions = {}): ClassDataset {
  checkKnown('makeCircles', options, ['nSamples', 'noise', 'factor', 'shuffle', 'seed']);
  const sizes = pairSizes('makeCircles', options.nSamples ?? 100);
  const noise = checkNumber('makeCircles', 'noise', options.noise ?? 0, { min: 0 });
  const factor = checkNumber('makeCircles', 'factor', options.factor ?? 0.8, { min: 0, below: 1 });
  const shuffle = checkBoolean('makeCircles', 'shuffle', options.shuffle ?? true);
  const random = randomFrom(options.seed);
  const points: number[][] = [];
  const classes: number[] = [];
  for (const [circle, radius] of [1, factor].entries()) {
    for (let i = 0; i < sizes[circle]!; i++) {
      const t = (2 * Math.PI * i) / sizes[circle]!;
      const [x, y] = onCircle(t);
      points.push([radius * x + noise * random.normal(), radius * y + noise * random.normal()]);
      classes.push(circle);
    }
  }
  const description = `Circles: ${points.length} points on a circle of radius 1 and one of ${factor} in it, made by makeCircles.`;
  return pointSet(random, { name: 'circles', points, classes, nClasses: 2, description }, shuffle);
}
