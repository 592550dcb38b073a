import { describe, expect, it } from 'vitest';
import { plan } from '../release.js';

/** @param {string} short @param {string[]} below */
const entry = (short, ...below) => ({
  folder: '',
  short,
  manifest: {
    ...{ name: `@maru-ml/${short}`, version: '1.0.0', description: '' },
    dependencies: Object.fromEntries(below.map((name) => [`@maru-ml/${name}`, 'workspace:^'])),
  },
});
const names = (/** @type {{ short: string }[]} */ list) => list.map(({ short }) => short);

describe('plan', () => {
  const all = [entry('nn', 'tensor', 'base'), entry('tensor', 'base'), entry('base'), entry('special')];

  it('publishes what others depend on first', () => {
    const { order, held } = plan(all, names(all));
    expect(names(order)).toEqual(['base', 'special', 'tensor', 'nn']);
    expect(held).toEqual([]);
  });

  it('holds back what stands on a package that failed its gate, and nothing else', () => {
    const { order, held } = plan(all, ['nn', 'base', 'special']);
    expect(names(order)).toEqual(['base', 'special']);
    expect(held).toEqual(['nn']);
  });

  it('asks nothing of what is published already', () => {
    expect(names(plan([entry('nn', 'tensor')], ['nn']).order)).toEqual(['nn']);
  });
});
