import { Random } from '@maru-ml/base';
import { fromBytes, type MatrixLike, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose } from '@maru-ml/tooling/testing';
import { failuresOf, type Traits } from '@maru-ml/tooling/testing/conformance';
import { expect, it } from 'vitest';
import { OneClassSVM, OneClassSVMModel } from '../src/index.ts';

// There is no kit for novelties: OneClassSVM is held to that of clusterers, but for what is said of labels.
it('OneClassSVM passes all checks that all estimators have in common', async () => {
  const traits: Traits = {
    kind: 'clusterer',
    missing: 'refuse',
    sparse: false,
    float32: 'widen',
    deterministic: true,
    // Rows on the boundary fall to either side by rounding: the scores below tell more.
    sampleWeight: 'use',
    rowOrder: 'matters',
    iterative: true,
    groups: 1,
  };
  const failed = await failuresOf('clusterer', {
    name: 'OneClassSVM',
    Estimator: OneClassSVM,
    Model: OneClassSVMModel,
    traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype): MatrixLike => tensor(rows, { dtype }),
    options: { gamma: 0.05, nu: 0.3 },
  });
  expect(failed).toEqual({
    'labels every row with an integer from -1 up, as many as there are rows':
      'labels must be an Int32Array, got undefined',
    'its labels are what it predicts for the rows it was fitted with': expect.any(String),
  });
});

it('weights equal repetition, and the order of the rows does not matter', () => {
  const random = new Random(4);
  const x = Array.from({ length: 30 }, () => [random.normal(), random.normal()]);
  const weights = x.map((_, i) => i % 4);
  const estimator = new OneClassSVM({ gamma: 0.3, nu: 0.23, tol: 1e-10 });
  const weighted = estimator.fit(x, { sampleWeight: weights }).decisionFunction(x);
  const repeated = estimator.fit(x.flatMap((row, i) => Array<number[]>(weights[i]!).fill(row))).decisionFunction(x);
  expectClose(weighted, repeated, { rtol: 1e-6, atol: 1e-7 });
  const turned = estimator.fit([...x].reverse()).decisionFunction(x);
  expectClose(turned, estimator.fit(x).decisionFunction(x), { rtol: 1e-6, atol: 1e-7 });
});
