import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { type KernelFunctions, LinearSVC, LinearSVR, OneClassSVM, SVC, SVR } from '../src/index.ts';

const random = new Random(1);
const normal = (n: number, d: number) =>
  Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));

const few = normal(12, 3);
const line = (rows: number[][]) => rows.map((row) => row[0]! - 2 * (row[1] ?? 0) + 1);
const halves = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const wide = normal(6, 15);
const sides = few.map((row) => (row[0]! > 0 ? 'a' : 'b'));
const twice = [...few, ...few];

/** What is put in: x, a y of numbers, a y of labels, and options for all. */
const inputs: [name: string, x: number[][], numbers: number[], labels: string[], options?: { C?: number }][] = [
  ['0 rows', [], [], []],
  ['1 row', [[1, 2, 3]], [4], ['a']],
  ['2 rows', few.slice(0, 2), [1, 2], ['a', 'b']],
  ['1 column', few.map(([a]) => [a!]), line(few), halves(12)],
  ['a constant column', few.map(([a, b]) => [a!, b!, 5]), line(few), halves(12)],
  ['a column twice', few.map(([a, b]) => [a!, b!, a!]), line(few), halves(12)],
  ['more columns than rows', wide, line(wide), halves(6)],
  ['all rows equal', few.map(() => [1, 2, 3]), line(few), halves(12)],
  ['all rows 0', few.map(() => [0, 0, 0]), line(few), halves(12)],
  ['y constant, one class', few, few.map(() => 3), few.map(() => 'a')],
  ['a class with one member', few, line(few), few.map((_, i) => (i === 5 ? 'a' : 'b'))],
  ['separable classes, C = 1e10', few, line(few), sides, { C: 1e10 }],
  [
    'every row twice with different labels',
    twice,
    [...line(few), ...line(few).map((v) => v + 1)],
    [...sides].flatMap(() => ['a', 'b']),
  ],
  [
    'every row twice with different labels, C = 1e10',
    twice,
    [...line(few), ...line(few).map((v) => v + 1)],
    [...few.map(() => 'a'), ...few.map(() => 'b')],
    { C: 1e10 },
  ],
  ['one row far away', [...few.slice(1), [1e6, -1e6, 1e6]], line(few), halves(12)],
  ['x up to 1e308', few.map((row) => row.map((v) => v * 5e307)), line(few), halves(12)],
  ['x about 1e100', few.map((row) => row.map((v) => v * 1e100)), line(few), halves(12)],
  ['y up to 1e308', few, line(few).map((v) => v * 2e307), halves(12)],
  ['x about 1e-200', few.map((row) => row.map((v) => v * 1e-200)), line(few), halves(12)],
];

interface Fitted {
  predict(x: number[][]): ArrayLike<number | string>;
  decisionFunction?(x: number[][]): { data: ArrayLike<number> } | ArrayLike<number>;
  converged: boolean;
}

type Fit = (x: number[][], y: never[], options: { C?: number }) => Fitted;

// So many iterations are enough for small data unless they do not end by themselves.
const bounded = { maxIter: 100_000 };
const functions: KernelFunctions = { distance: (a, b) => -Math.hypot(...a.map((v, l) => v - b[l]!)) };
const estimators: [name: string, wants: 'labels' | 'numbers' | 'nothing', fit: Fit][] = [
  ['SVC', 'labels', (x, y, options) => new SVC({ ...bounded, ...options }).fit(x, y)],
  ['SVC linear', 'labels', (x, y, options) => new SVC({ ...bounded, kernel: 'linear', ...options }).fit(x, y)],
  ['SVC poly', 'labels', (x, y, options) => new SVC({ ...bounded, kernel: 'poly', ...options }).fit(x, y)],
  [
    'SVC sigmoid, not positive definite',
    'labels',
    (x, y, options) => new SVC({ ...bounded, kernel: 'sigmoid', gamma: 1, coef0: -1, ...options }).fit(x, y),
  ],
  [
    'SVC with the kernel -‖x - z‖, not positive definite',
    'labels',
    (x, y, options) => new SVC({ ...bounded, kernel: 'distance', ...options }, functions).fit(x, y),
  ],
  ['SVC probability', 'labels', (x, y, options) => new SVC({ ...bounded, probability: true, ...options }).fit(x, y)],
  ['LinearSVC', 'labels', (x, y, options) => new LinearSVC({ seed: 0, ...options }).fit(x, y)],
  ['LinearSVC hinge', 'labels', (x, y, options) => new LinearSVC({ loss: 'hinge', seed: 0, ...options }).fit(x, y)],
  ['SVR', 'numbers', (x, y, options) => new SVR({ ...bounded, ...options }).fit(x, y)],
  ['SVR linear', 'numbers', (x, y, options) => new SVR({ ...bounded, kernel: 'linear', ...options }).fit(x, y)],
  ['LinearSVR', 'numbers', (x, y, options) => new LinearSVR({ seed: 0, ...options }).fit(x, y)],
  ['OneClassSVM', 'nothing', (x) => new OneClassSVM(bounded).fit(x)],
  ['OneClassSVM nu 1', 'nothing', (x) => new OneClassSVM({ ...bounded, nu: 1 }).fit(x)],
  ['OneClassSVM linear', 'nothing', (x) => new OneClassSVM({ ...bounded, kernel: 'linear' }).fit(x)],
];

/** What there is to say about the model. */
function described(model: Fitted, x: number[][]): string {
  const scoresOf = (fitted: Fitted) => {
    const scores = fitted.decisionFunction?.(x) ?? [];
    return Array.from('data' in scores ? scores.data : scores);
  };
  for (const value of scoresOf(model)) expect(value).toSatisfy(Number.isFinite);
  for (const value of Array.from(model.predict(x))) {
    expect(typeof value === 'string' || Number.isFinite(value)).toBe(true);
  }
  const all = (fitted: Fitted) => [scoresOf(fitted), Array.from(fitted.predict(x))];
  expectSavable(model, models, all, { functions });
  return model.converged ? 'a model' : 'a model that has not converged';
}

it('every input by every estimator: an error or a finite model, as the table says', () => {
  const about =
    'A model here always has finite answers, and is the same after saving and loading. `maxIter` is 100,000 for machines with kernels, else the default of 1000 passes.';
  const cells = inputs.flatMap(([input, x, numbers, labels, options = {}]) =>
    estimators
      .filter(([, wants]) => wants === 'numbers' || !input.startsWith('y up to'))
      .filter(([, wants]) => wants !== 'nothing' || !(options.C !== undefined || input.includes('class')))
      .map(([name, wants, fit]): [string, string, () => string] => {
        return [input, name, () => described(fit(x, (wants === 'labels' ? labels : numbers) as never[], options), x)];
      }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells, '; ');
  expect(page).toBe(made);
});
