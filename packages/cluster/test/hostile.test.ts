import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  AgglomerativeClustering,
  DBSCAN,
  FuzzyCMeans,
  FuzzyKMeans,
  GaussianMixture,
  KMeans,
  MiniBatchKMeans,
  SpectralClustering,
} from '../src/index.ts';

const random = new Random(1);
const normal = (n: number, d: number) =>
  Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
const few = normal(12, 3);

const inputs: [name: string, x: number[][]][] = [
  ['0 rows', []],
  ['1 row', [[1, 2, 3]]],
  ['2 rows', few.slice(0, 2)],
  ['3 rows', few.slice(0, 3)],
  ['1 column', few.map(([a]) => [a!])],
  ['a constant column', few.map(([a, b]) => [a!, b!, 5])],
  ['dependent columns', few.map(([a, b]) => [a!, b!, a! + b!])],
  ['more columns than rows', normal(6, 15)],
  ['all rows equal', few.map(() => [1, 2, 3])],
  ['2 different rows', few.map((_, i) => [i % 2, 2, 3])],
  ['one row far away', few.map((row, i) => (i === 4 ? [1e100, 0, 0] : row))],
  ['x far from 0', few.map((row) => row.map((v) => v + 1e9))],
  ['x up to 1e308', few.map((row) => row.map((v) => v * 5e307))],
  ['all rows 1e308', few.map(() => [1e308, 1e308, 1e308])],
  ['x about 1e-200', few.map((row) => row.map((v) => v * 1e-200))],
  ['a NaN', few.map((row, i) => (i === 2 ? [1, Number.NaN, 3] : row))],
  ['an infinity', few.map((row, i) => (i === 2 ? [1, Number.NEGATIVE_INFINITY, 3] : row))],
];

interface Fitted {
  labels: Int32Array;
  warnings?: readonly string[];
  converged?: boolean;
  toJSON(): object;
  predict?(x: number[][]): Int32Array;
}

const estimators: [name: string, fit: (x: number[][]) => Fitted][] = [
  ['KMeans', (x) => new KMeans({ nClusters: 3, seed: 0 }).fit(x)],
  ['KMeans random', (x) => new KMeans({ nClusters: 3, init: 'random', seed: 0 }).fit(x)],
  ['MiniBatchKMeans', (x) => new MiniBatchKMeans({ nClusters: 3, seed: 0 }).fit(x)],
  ['FuzzyKMeans', (x) => new FuzzyKMeans({ nClusters: 3, seed: 0 }).fit(x)],
  ['FuzzyCMeans', (x) => new FuzzyCMeans({ nClusters: 3, seed: 0 }).fit(x)],
  ['GaussianMixture', (x) => new GaussianMixture({ nComponents: 3, seed: 0 }).fit(x)],
  [
    'GaussianMixture spherical regCovar 0',
    (x) => new GaussianMixture({ nComponents: 3, covarianceType: 'spherical', regCovar: 0, seed: 0 }).fit(x),
  ],
  ['GaussianMixture regCovar 0', (x) => new GaussianMixture({ nComponents: 3, regCovar: 0, seed: 0 }).fit(x)],
  ['DBSCAN', (x) => new DBSCAN({ eps: 1, minSamples: 2 }).fit(x)],
  ['DBSCAN eps 1e300', (x) => new DBSCAN({ eps: 1e300, minSamples: 2 }).fit(x)],
  ['DBSCAN manhattan', (x) => new DBSCAN({ eps: 1, minSamples: 2, metric: 'manhattan' }).fit(x)],
  ['AgglomerativeClustering ward', (x) => new AgglomerativeClustering({ nClusters: 3 }).fit(x)],
  ['AgglomerativeClustering single', (x) => new AgglomerativeClustering({ nClusters: 3, linkage: 'single' }).fit(x)],
  [
    'AgglomerativeClustering average cosine',
    (x) => new AgglomerativeClustering({ nClusters: 3, linkage: 'average', metric: 'cosine' }).fit(x),
  ],
  ['SpectralClustering', (x) => new SpectralClustering({ nClusters: 3, seed: 0 }).fit(x)],
  [
    'SpectralClustering nearestNeighbors',
    (x) => new SpectralClustering({ nClusters: 3, affinity: 'nearestNeighbors', nNeighbors: 4, seed: 0 }).fit(x),
  ],
];

/** All numbers of a model, wherever they stand in it. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}

/** What there is to say about the model. */
function described(model: Fitted, x: number[][]): string {
  expect(model.labels).toHaveLength(x.length);
  expect(numbersOf(model.toJSON()).every(Number.isFinite), `numbers must be finite: ${model}`).toBe(true);
  expectSavable(model, models, (loaded: Fitted) => loaded.predict?.(x) ?? loaded.labels);
  const clusters = new Set(model.labels.filter((label) => label >= 0)).size;
  const noise = model.labels.filter((label) => label < 0).length;
  const words = [`${clusters} cluster${clusters === 1 ? '' : 's'}`];
  if (noise > 0) words.push(`${noise} of noise`);
  for (const warning of model.warnings ?? []) words.push(`with the warning "${warning}"`);
  if (model.converged === false) words.push('not converged');
  return words.join(', ');
}

it('every input by every estimator: an error, a warning or a finite model, as the table says', () => {
  const about =
    'Every estimator is asked for three clusters, where it takes a number. All numbers of a model here are finite, and it is the same after saving and loading.';
  const cells = inputs.flatMap(([input, x]) =>
    estimators.map(([name, fit]): [string, string, () => string] => [input, name, () => described(fit(x), x)]),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
