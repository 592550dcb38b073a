import { checkCoverage, checkGradients } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.ts';
import { type Case, Draw } from './draw.ts';
import { plain, samples } from './samples.ts';

const table = Object.entries(samples).flatMap(([name, given]) =>
  [given].flat().map((sample, i) => ({ name: i === 0 ? name : `${name} ${i + 1}`, sample })),
);

/** f with its gradients, so that the operations which only gradients are made of are in the graph too. */
function withGradients(f: Case['f']): Case['f'] {
  return (...inputs) => {
    const out = f(...inputs);
    // A gradient that needs one itself: else those of linear operations are constants.
    const gradOutputs = api.ones(out.shape, { dtype: out.dtype, requiresGrad: true });
    const gradients = api.grad(out, inputs, { createGraph: true, allowUnused: true, gradOutputs });
    return gradients.reduce((total, gradient) => api.add(total, api.sum(gradient)), api.sum(out));
  };
}

/** A drawn case as the test kit takes it. */
function plainCase({ f, inputs }: Case): { f: Case['f']; inputs: number[][] } {
  return { f, inputs: inputs.map((input) => input.toArray() as number[]) };
}

describe('first and second derivatives are those of central differences', () => {
  it.each(table)('$name', ({ name, sample }) => {
    for (let seed = 0; seed < 5; seed++) {
      const drawn = sample(new Draw(seed));
      const { f, inputs } = plainCase(drawn);
      const { rtol = 1e-6, atol = 1e-8 } = { rtol: drawn.rtol, atol: drawn.rtol };
      checkGradients(f, inputs, { tensor: api.tensor, grad: api.grad, rtol, atol, name: `${name}, seed ${seed}` });
    }
  });
});

describe('the table of samples', () => {
  it('reaches every operation that the sources record', () => {
    const drawn = table.flatMap(({ name, sample }) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => {
        const { f, inputs } = plainCase(sample(new Draw(seed)));
        return [`${name}, seed ${seed}`, { f: withGradients(f), inputs }] as const;
      }),
    );
    checkCoverage(Object.fromEntries(drawn), { tensor: api.tensor, sources: new URL('../src', import.meta.url) });
  });

  it('knows each exported function', () => {
    const functions = Object.entries(api).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    expect([...Object.keys(samples), ...plain].sort()).toEqual(functions.sort());
  });
});
