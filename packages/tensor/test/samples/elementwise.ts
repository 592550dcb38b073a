import { exp, log } from '../../src/index.ts';
import { type Sample, elementwise as unary } from '../draw.ts';

/** Element-wise mathematics and activations. */
export const elementwise = {
  exp: unary(exp),
  log: unary(log, { low: 0.2, high: 3 }),
} satisfies Record<string, Sample | readonly Sample[]>;
