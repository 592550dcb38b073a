import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  FactorAnalysis,
  HebbianPCA,
  KernelPCA,
  LinearDiscriminantAnalysis,
  PCA,
  QuadraticDiscriminantAnalysis,
  TruncatedSVD,
} from '../src/index.ts';

const random = new Random(1);
const normal = (n: number, d: number) =>
  Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));

const few = normal(12, 3);
const halves = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));

/** What is put in: x, and labels for what wants them. */
const inputs: [name: string, x: number[][], labels: string[]][] = [
  ['0 rows', [], []],
  ['1 row', [[1, 2, 3]], ['a']],
  ['1 column', few.map(([a]) => [a!]), halves(12)],
  ['a constant column', few.map(([a, b]) => [a!, b!, 5]), halves(12)],
  ['a column twice', few.map(([a, b]) => [a!, b!, a!]), halves(12)],
  ['a column nearly twice', few.map(([a, b, c]) => [a!, b!, a! + 1e-9 * c!]), halves(12)],
  ['dependent columns', few.map(([a, b]) => [a!, b!, a! + b!]), halves(12)],
  ['more columns than rows', normal(6, 15), halves(6)],
  ['all rows equal', few.map(() => [1, 2, 3]), halves(12)],
  ['one class', few, few.map(() => 'a')],
  ['separable classes', few, few.map((row) => (row[0]! > 0 ? 'a' : 'b'))],
  ['a class with one member', few, few.map((_, i) => (i === 5 ? 'a' : 'b'))],
  ['a value missing', [...few.slice(1), [1, Number.NaN, 3]], halves(12)],
  ['x up to 1e308', few.map((row) => row.map((v) => v * 5e307)), halves(12)],
  ['x about 1e-200', few.map((row) => row.map((v) => v * 1e-200)), halves(12)],
];

interface Fitted {
  transform?(x: number[][]): { data: ArrayLike<number> };
  predictProba?(x: number[][]): { data: ArrayLike<number> };
  rank?: number;
  converged?: boolean;
}

const estimators: [name: string, fit: (x: number[][], labels: string[]) => Fitted][] = [
  ['PCA', (x) => new PCA().fit(x)],
  ['PCA whiten', (x) => new PCA({ whiten: true }).fit(x)],
  ['PCA randomized', (x) => new PCA({ nComponents: 1, svdSolver: 'randomized', seed: 0 }).fit(x)],
  ['KernelPCA', (x) => new KernelPCA({ kernel: 'rbf', nComponents: 1 }).fit(x)],
  ['TruncatedSVD', (x) => new TruncatedSVD({ nComponents: 1, seed: 0 }).fit(x)],
  ['FactorAnalysis', (x) => new FactorAnalysis({ nComponents: 1 }).fit(x)],
  ['FactorAnalysis principal', (x) => new FactorAnalysis({ nComponents: 1, method: 'principal' }).fit(x)],
  ['HebbianPCA', (x) => new HebbianPCA({ nComponents: 1, seed: 0 }).fit(x)],
  ['LinearDiscriminantAnalysis', (x, y) => new LinearDiscriminantAnalysis().fit(x, y)],
  ['LinearDiscriminantAnalysis lsqr', (x, y) => new LinearDiscriminantAnalysis({ solver: 'lsqr' }).fit(x, y)],
  ['LinearDiscriminantAnalysis eigen', (x, y) => new LinearDiscriminantAnalysis({ solver: 'eigen' }).fit(x, y)],
  [
    'LinearDiscriminantAnalysis shrinkage auto',
    (x, y) => new LinearDiscriminantAnalysis({ solver: 'lsqr', shrinkage: 'auto' }).fit(x, y),
  ],
  ['QuadraticDiscriminantAnalysis', (x, y) => new QuadraticDiscriminantAnalysis().fit(x, y)],
  [
    'QuadraticDiscriminantAnalysis regParam .1',
    (x, y) => new QuadraticDiscriminantAnalysis({ regParam: 0.1 }).fit(x, y),
  ],
];

/** What there is to say about the model. */
function described(model: Fitted, x: number[][]): string {
  const answer = ({ transform, predictProba }: Fitted) => Array.from((predictProba ?? transform)!.call(model, x).data);
  expect(answer(model).every(Number.isFinite), `answers must be finite: ${model} ${answer(model)}`).toBe(true);
  expectSavable(model, models, (loaded: Fitted) =>
    Array.from((loaded.predictProba ?? loaded.transform)!.call(loaded, x).data),
  );
  const words = ['a model'];
  if (model.rank !== undefined) words.push(`of rank ${model.rank}`);
  if (model.converged === false) words.push('that has not converged');
  return words.join(' ');
}

it('every input by every estimator: an error or a finite model, as the table says', () => {
  const about = 'A model here always answers finite numbers, and is the same after saving and loading.';
  const cells = inputs.flatMap(([input, x, labels]) =>
    estimators
      .filter(([name]) => !/class/.test(input) || /Discriminant/.test(name))
      .map(([name, fit]): [string, string, () => string] => [input, name, () => described(fit(x, labels), x)]),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
