import { readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as special from '../src/index.ts';
import { measure, worstOf } from './measure.js';

/** What each family of fixtures is held to: to the bound for parameters to 1000, and for those to a million. */
const BOUNDS: Record<string, [number, number]> = {
  functions: [1e-13, 1e-13],
  gamma: [1e-12, 1e-12],
  beta: [1e-12, 1e-12],
  continuous: [1e-12, 1e-11],
  discrete: [1e-12, 1e-12],
  kolmogorov: [1e-10, 1e-10],
  'studentized-range': [1e-11, 1e-11],
};

describe.each(Object.entries(BOUNDS))('%s, as mpmath has them', (family, [bound, boundOfLarge]) => {
  const found = worstOf(measure(family, special));

  it.each(found)('$what, parameters $range ($count values)', ({ range, worst }) => {
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(range === 'to 1e6' ? boundOfLarge : bound);
  });

  it('has values', () => {
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20);
  });
});

it('every fixture is read', { tags: ['node'] }, () => {
  const folder = new URL('fixtures/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    expect(Object.keys(BOUNDS)).toContain(file.replace(/(-\d+)?\.json$/, ''));
    expect(statSync(new URL(file, folder)).size).toBeLessThanOrEqual(50_000);
  }
});
