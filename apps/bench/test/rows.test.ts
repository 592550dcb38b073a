import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PEERS } from '../src/peers.ts';
import { sideOf } from '../src/row.ts';
import { rows, waiting } from '../src/rows.ts';
import { scalings } from '../src/scaling.ts';

/** The work that has bars, with whom it is held against and by how much. */
const BARS: Record<string, Record<string, number>> = {
  matmul32: { 'tfjs wasm': 1.1, 'jax-js': 0.75, NumPy: 4 },
  matmul64: { 'numpy-ts': 0.85, NumPy: 4 },
  relu: { 'plain loop': 0.05, PyTorch: 2.5 },
  exp: { 'plain loop': 0.2, PyTorch: 2.5 },
  xor: { 'tfjs cpu': 0.5, 'jax-js': 0.5, PyTorch: 1 },
  mlp: { 'jax-js': 0.5, 'tfjs wasm': 0.2, PyTorch: 1.6 },
  cnn: { convnetjs: 0.25, PyTorch: 1.8 },
  conv: { 'tfjs wasm': 0.9, PyTorch: 2.5 },
  tree: { 'scikit.js': 0.1, 'ml-cart': 0.01, 'scikit-learn': 1 },
  forest: { 'ml-random-forest': 0.01, 'scikit-learn': 1 },
  'forest-workers': { 'one thread': 1 / 1.7 },
  boosting: { 'ydf-training': 0.5, 'scikit-learn': 1 },
  'boosting-large': { 'ydf-training': 0.5, 'scikit-learn': 1.5 },
  kmeans: { 'ml-kmeans': 0.65, 'scikit-learn': 1 },
  lasso: { 'scikit.js': 0.001, 'scikit-learn': 3 },
  logistic: { 'scikit-learn': 1 },
  'logistic-js': { 'ml-logistic-regression': 0.03 },
  ols: { 'ml-regression-multivariate-linear': 0.2, statsmodels: 3 },
  svd: { 'ml-matrix': 0.25, LAPACK: 6 },
  eigh: { 'ml-matrix': 0.2, LAPACK: 5 },
  'predict-one': { 'ml-logistic-regression': 0.5, 'scikit-learn': 0.01 },
  'forest-one': { 'ml-random-forest': 0.5, 'scikit-learn': 0.01 },
  'forest-predict': { 'scikit-learn': 1 },
  'predict-bulk': { 'ml-logistic-regression': 0.5, 'scikit-learn': 1 },
  svc: { 'scikit-learn': 2 },
  knn: { 'scikit-learn': 2 },
  'text-nsmc': { 'scikit-learn': 1.5 },
};

describe('rows', () => {
  it.each(Object.entries(BARS))('%s is measured, with its bars', (id, bars) => {
    const row = rows.find((one) => one.id === id);
    expect(Object.fromEntries(row!.bars.flatMap(({ against, ratio }) => against.map((name) => [name, ratio])))).toEqual(
      bars,
    );
  });

  it.each(rows)('$id is held against someone, and its bars against those who take part', ({ contenders, bars }) => {
    const names = contenders.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(contenders.some((one) => sideOf(one) === 'ours')).toBe(true);
    expect(contenders.some((one) => sideOf(one) !== 'ours')).toBe(true);
    for (const name of bars.flatMap(({ against }) => against)) expect(names).toContain(name);
  });

  it('Python takes part on one thread and as it comes', () => {
    for (const { contenders } of rows) {
      const [python, shipped] = ['python', 'shipped'].map((side) => contenders.filter((one) => sideOf(one) === side));
      expect(shipped!.map(({ name }) => name)).toEqual(python!.map(({ name }) => `${name} as shipped`));
    }
  });

  it('what waits for a package is measured once it is there', () => {
    const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
    expect(waiting.filter(({ package: name }) => existsSync(packages + name))).toEqual([]);
  });

  it('ids are unique', () => {
    for (const list of [[...rows, ...waiting], scalings]) {
      const ids = list.map(({ id }) => id);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    }
  });

  it('peers are pinned', () => {
    for (const spec of Object.values(PEERS).flat()) expect(spec).toMatch(/^(@[a-z-]+\/)?[a-z-]+@\d+\.\d+\.\d+$/);
  });
});
