import { describe, expect, it } from 'vitest';
import { plan, withRepository } from '../release.js';

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

describe('withRepository', () => {
  it('names the repository and folder in a workflow, which provenance is checked against', () => {
    const env = { GITHUB_SERVER_URL: 'https://example.com', GITHUB_REPOSITORY: 'maru/maru' };
    const { manifest } = entry('tree', 'base');
    const url = 'git+https://example.com/maru/maru.git';
    expect(withRepository(entry('tree', 'base'), env)).toEqual({
      ...manifest,
      repository: { type: 'git', url, directory: 'packages/tree' },
    });
    expect(withRepository(entry('tree', 'base'), {})).toEqual(manifest);
  });
});
