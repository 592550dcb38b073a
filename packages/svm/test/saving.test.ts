import { DataError, Random } from '@maru-ml/base';
import { encodeArray, toBytes } from '@maru-ml/tensor';
import { expectError, expectSavable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { LinearSVC, LinearSVR, OneClassSVM, SVC, SVCModel, SVR } from '../src/index.ts';

const random = new Random(1);
const x = Array.from({ length: 400 }, () => Array.from({ length: 20 }, () => random.normal()));
const y = x.map(([a, b]) => a! - b! + random.normal());
const labels = y.map((value) => (value > 1 ? 'up' : value < -1 ? 'down' : 'even'));
const wide = Array.from({ length: 30 }, () => Array.from({ length: 3000 }, () => random.normal()));

interface Fitted {
  predict(x: number[][]): ArrayLike<number | string>;
}

it.each<[name: string, rows: number[][], fit: () => Fitted]>([
  ['SVC', x, () => new SVC({ C: 0.5, probability: true }).fit(x, labels)],
  ['SVR', x, () => new SVR({ epsilon: 0.01 }).fit(x, y)],
  ['OneClassSVM', x, () => new OneClassSVM({ nu: 0.9 }).fit(x)],
  ['LinearSVC', wide, () => new LinearSVC({ seed: 0 }).fit(wide, labels.slice(0, 30))],
  ['LinearSVR', wide, () => new LinearSVR({ seed: 0 }).fit(wide, y.slice(0, 30))],
])('%s of tens of thousands of numbers is the same after saving and loading', (_, rows, fit) => {
  const model = fit();
  expect(toBytes(model).length).toBeGreaterThan(2e4);
  expectSavable(model, models, (loaded: Fitted) => Array.from(loaded.predict(rows)));
});

it('a machine that was never started has a margin without end, and can be saved', () => {
  const model = new SVC({ kernel: 'linear' }).fit(x, labels, { onProgress: () => false });
  expect(Array.from(model.margin.subarray(1))).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expectSavable(model, models, (loaded: SVCModel<string>) => loaded.predict(x));
  const saved = { ...JSON.parse(JSON.stringify(model)), margin: encodeArray(Float64Array.of(1, Number.NaN, 1)) };
  expectError(() => SVCModel.fromJSON(saved), DataError, 'SVCModel.fromJSON: margin must be > 0');
});
