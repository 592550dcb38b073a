import { readdirSync, statSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as special from '../src/index.ts';
import { grouped, measure, measureIncomplete, passesZero } from './measure.js';

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

/** Holds all values of a function in a range; an index in the message is that of `differences`. */
function holds({ what, range, differences }: ReturnType<typeof grouped>[number], bounds: [number, number]): void {
  const bound = bounds[range === 'to 1e6' ? 1 : 0];
  const tolerance = passesZero(what) ? { rtol: bound / 2, atol: bound / 2 } : { rtol: bound };
  const [found, expected] = [differences.map(({ value }) => value), differences.map((one) => one.expected)];
  expectClose(found, expected, { ...tolerance, name: what });
}

describe.each(Object.entries(BOUNDS))('%s, as mpmath has them', (family, bounds) => {
  const groups = grouped(measure(family, special));

  it.each(groups)('$what, parameters $range ($count values)', (group) => holds(group, bounds));

  it('has values', () => {
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20);
  });
});

describe.each(['gamma', 'beta'] as const)('the incomplete %s function, as mpmath has it', (family) => {
  const groups = grouped(measureIncomplete(family, special));

  it.each(groups)('$what, parameters $range ($count values)', (group) => holds(group, BOUNDS[family]!));

  it('has values of all four', () => {
    expect(new Set(groups.map(({ what }) => what)).size).toBe(4);
  });
});

it('every fixture is read', { tags: ['node'] }, () => {
  const folder = new URL('fixtures/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    expect(Object.keys(BOUNDS)).toContain(file.replace(/(-\d+)?\.json$/, ''));
    expect(statSync(new URL(file, folder)).size).toBeLessThanOrEqual(50_000);
  }
});
