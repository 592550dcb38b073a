import { Random } from '@maru-ml/base';
import { toBytes } from '@maru-ml/tensor';
import { expectSavable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  KNeighborsClassifier,
  KNeighborsRegressor,
  NearestNeighbors,
  RadiusNeighborsClassifier,
  RadiusNeighborsRegressor,
} from '../src/index.ts';

const random = new Random(1);
const x = { data: Float32Array.from({ length: 80_000 }, () => random.normal()), shape: [20_000, 4] };
const y = Float64Array.from({ length: 20_000 }, (_, i) => x.data[4 * i]! - x.data[4 * i + 1]!);
const labels = Array.from(y, (value) => (value > 1 ? 'up' : value < -1 ? 'down' : 'even'));
const asked = Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => random.normal()));

interface Fitted {
  predict?(x: number[][]): ArrayLike<number | string>;
  kneighbors?(x: number[][]): { distances: { data: ArrayLike<number> }; indices: Int32Array };
}

it.each<[name: string, fit: () => Fitted]>([
  ['KNeighborsClassifier', () => new KNeighborsClassifier({ algorithm: 'kdTree', weights: 'distance' }).fit(x, labels)],
  ['KNeighborsRegressor', () => new KNeighborsRegressor({ algorithm: 'ballTree' }).fit(x, y)],
  ['RadiusNeighborsClassifier', () => new RadiusNeighborsClassifier({ radius: 3 }).fit(x, labels)],
  ['RadiusNeighborsRegressor', () => new RadiusNeighborsRegressor({ radius: 3, metric: 'manhattan' }).fit(x, y)],
  ['NearestNeighbors', () => new NearestNeighbors({ algorithm: 'brute' }).fit(x)],
])('%s of 20,000 rows is the same after saving and loading', (_, fit) => {
  const model = fit();
  expect(toBytes(model).length).toBeGreaterThan(3e5);
  expectSavable(model, models, (loaded: Fitted) => [
    Array.from<number | string>(loaded.predict?.(asked) ?? []),
    loaded.kneighbors?.(asked),
  ]);
});
