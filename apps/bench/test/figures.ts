import type { Figures } from '../src/figures.ts';

const times = { low: 1, high: 3, rounds: 9, off: null };

/** A run of two rows on a made-up machine. */
export const figures: Figures = {
  date: '2030-01-02',
  machine: { processor: 'A Processor', cores: 2, memory: 8, system: 'Linux' },
  node: 'v20.20.2',
  rounds: 9,
  turn: 60,
  seconds: 10,
  busy: 0.02,
  versions: { tfjs: '4.22.0', NumPy: '1.24.2' },
  absent: { 'jax-js': 'npm error 404' },
  rows: [
    {
      id: 'matmul32',
      title: 'matrix product',
      contenders: [
        { name: 'maru', side: 'ours', ms: 2, right: true, ...times },
        { name: 'tfjs wasm', side: 'js', ms: 4, right: true, ratios: [0.5], bar: 1.1, ...times },
        { name: 'hasty', side: 'js', ms: 1, right: false, ratios: [2], ...times, off: 0.25 },
        { name: 'NumPy', side: 'python', ms: 0.4, right: true, ratios: [5], bar: 4, ...times },
        { name: 'NumPy as shipped', side: 'shipped', ms: 0.2, right: true, ratios: [10], ...times },
      ],
      absent: { 'jax-js': 'jax-js is not installed' },
      open: [{ against: ['jax-js'], ratio: 0.75 }],
    },
    { id: 'lstm', title: 'LSTM', contenders: [], absent: {}, open: [], missing: 'there is no package rnn yet' },
  ],
  scaling: [
    { id: 'a', title: 'sorting', cost: 'n log n', n: [1, 2], ms: [1, 2], exponent: 1, stated: 1.1 },
    { id: 'b', title: 'crawling', cost: 'n', n: [1, 2], ms: [1, 4], exponent: 2, stated: 1 },
  ],
  groups: [
    {
      id: 'bundle',
      title: 'What a page loads',
      unit: 'KB',
      bound: 15,
      entries: [
        { name: 'cluster: KMeans', side: 'ours', value: 13.7 },
        { name: 'svm: SVC', side: 'ours', value: 19.2 },
        { name: 'ml-kmeans', side: 'js', value: 22.4 },
      ],
      absent: {},
    },
  ],
};
