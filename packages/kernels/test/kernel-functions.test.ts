import { readFileSync } from 'node:fs';
import { Random } from '@maru-ml/base';
import { expectClose } from '@maru-ml/tooling/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { gemv } from '../src/blas.ts';
import {
  chi2Kernel,
  cosineKernel,
  laplacianKernel,
  linearKernel,
  polynomialKernel,
  rbfKernel,
  rowGaussians,
  rowProducts,
  sigmoidKernel,
} from '../src/kernel-functions.ts';
import { choice } from '../src/module.ts';

type Floats = Float32Array | Float64Array;
type Kernel = (x: Floats, y: Floats, n: number, m: number, d: number, out: Floats) => void;

/** Each kernel with the parameters of the fixture. */
const KERNELS: Record<string, Kernel> = {
  linear: linearKernel,
  poly: (x, y, n, m, d, out) => polynomialKernel(x, y, n, m, d, { gamma: 0.7, coef0: 1.5, degree: 3 }, out),
  polyEven: (x, y, n, m, d, out) => polynomialKernel(x, y, n, m, d, { gamma: 0.5, coef0: -0.25, degree: 6 }, out),
  sigmoid: (x, y, n, m, d, out) => sigmoidKernel(x, y, n, m, d, { gamma: 0.3, coef0: -0.5 }, out),
  rbf: (x, y, n, m, d, out) => rbfKernel(x, y, n, m, d, 0.4, out),
  laplacian: (x, y, n, m, d, out) => laplacianKernel(x, y, n, m, d, 0.4, out),
  chi2: (x, y, n, m, d, out) => chi2Kernel(x, y, n, m, d, 0.6, out),
  cosine: cosineKernel,
};

const path = new URL('./fixtures/kernel_functions.json', import.meta.url);
const reference = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number[][]>;

afterEach(() => {
  choice().mode = 'auto';
});

describe.each(['js', 'wasm'] as const)('kernel functions in %s', (mode) => {
  it.each(Object.entries(KERNELS))('%s is that of scikit-learn', (name, kernel) => {
    choice().mode = mode;
    const [x, y] = name === 'chi2' ? [reference.positiveX!, reference.positiveY!] : [reference.x!, reference.y!];
    for (const Type of [Float64Array, Float32Array]) {
      const out = new Type(20);
      kernel(Type.from(x.flat()), Type.from(y.flat()), 5, 4, 3, out);
      expectClose(
        out,
        reference[name]!.flat(),
        Type === Float64Array ? { rtol: 1e-12, atol: 1e-15 } : { rtol: 1e-5, atol: 1e-6 },
      );
    }
  });

  it('by hand', () => {
    choice().mode = mode;
    const [x, y, out] = [Float64Array.of(1, 2), Float64Array.of(3, -1), new Float64Array(1)];
    const of = (kernel: Kernel) => {
      kernel(x, y, 1, 1, 2, out);
      return out[0]!;
    };
    expect(of(linearKernel)).toBe(1);
    expect(
      of((...a) =>
        polynomialKernel(
          ...(a.slice(0, 5) as [Floats, Floats, number, number, number]),
          { gamma: 2, coef0: 1, degree: 5 },
          a[5],
        ),
      ),
    ).toBe(243);
    expect(
      of((...a) =>
        polynomialKernel(
          ...(a.slice(0, 5) as [Floats, Floats, number, number, number]),
          { gamma: 2, coef0: 1, degree: 0 },
          a[5],
        ),
      ),
    ).toBe(1);
    expectClose(
      of((a, b, n, m, d, o) => rbfKernel(a, b, n, m, d, 0.1, o)),
      Math.exp(-1.3),
    );
    expectClose(
      of((a, b, n, m, d, o) => laplacianKernel(a, b, n, m, d, 0.1, o)),
      Math.exp(-0.5),
    );
    expectClose(
      of((a, b, n, m, d, o) => sigmoidKernel(a, b, n, m, d, { gamma: 2, coef0: -1 }, o)),
      Math.tanh(1),
    );
    expectClose(of(cosineKernel), 1 / Math.sqrt(50));
  });

  it('the cosine of rows whose squares overflow or vanish', () => {
    choice().mode = mode;
    const out = new Float64Array(4);
    cosineKernel(Float64Array.of(1e200, 1e200, 0, 0), Float64Array.of(1e-300, 0, 0, -2e-300), 2, 2, 2, out);
    expectClose(out, [Math.SQRT1_2, -Math.SQRT1_2, 0, 0]);
  });
});

it('the same bits with WebAssembly and without', () => {
  const numbers = (length: number, seed: number) =>
    Float64Array.from({ length }, (_, i) => Math.abs(((Math.imul(i + seed, 1664525) >>> 8) % 2000) / 1000));
  for (const Type of [Float64Array, Float32Array]) {
    const [x, y] = [Type.from(numbers(13 * 7, 1)), Type.from(numbers(9 * 7, 2))];
    for (const [name, kernel] of Object.entries(KERNELS)) {
      const [plain, fast] = [new Type(13 * 9), new Type(13 * 9)];
      choice().mode = 'js';
      kernel(x, y, 13, 9, 7, plain);
      choice().mode = 'wasm';
      kernel(x, y, 13, 9, 7, fast);
      expect(
        fast.every((value, i) => Object.is(value, plain[i])),
        name,
      ).toBe(true);
    }
  }
});

describe('rows and one vector', () => {
  it('gives the bits of its twin, of gemv, and nearly those of the kernel of all pairs', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 200; trial++) {
      const [m, d] = [1 + random.integer(9), 1 + random.integer(11)];
      const numbers = (n: number) => Float64Array.from({ length: n }, () => random.normal());
      const [x, z] = [numbers(m * d), numbers(d)];
      const gamma = random.uniform(0, 2);
      const both = (['js', 'wasm'] as const).map((mode) => {
        choice().mode = mode;
        const [products, gaussians, viaGemv, squares, own] = Array.from({ length: 5 }, () => new Float64Array(m));
        rowProducts(x, z, products!, m, d);
        gemv(x, z, viaGemv!, { m, n: d });
        for (let i = 0; i < m; i++)
          rowProducts(x.subarray(i * d, (i + 1) * d), x.subarray(i * d), squares!.subarray(i), 1, d);
        rowProducts(z, z, own!, 1, d);
        rowGaussians(x, z, squares!, own![0]!, gamma, gaussians!, m, d);
        expect(products).toEqual(viaGemv);
        return [products!, gaussians!];
      });
      expect(both[1]).toEqual(both[0]);
      const pairs = new Float64Array(m);
      rbfKernel(x, z, m, 1, d, gamma, pairs);
      expectClose(both[0]![1]!, pairs, { rtol: 1e-12 });
    }
  });

  it('takes a distance below 0 as 0, and hands NaN on', () => {
    for (const mode of ['js', 'wasm'] as const) {
      choice().mode = mode;
      const out = new Float64Array(3);
      rowGaussians(Float64Array.of(1, 1, 1), Float64Array.of(1), Float64Array.of(1, 0.5, Number.NaN), 1, 3, out, 3, 1);
      expect([...out]).toEqual([1, 1, Number.NaN]);
      rowGaussians(
        Float64Array.of(0, 1),
        Float64Array.of(0),
        Float64Array.of(Number.POSITIVE_INFINITY, 1),
        0,
        3,
        out,
        2,
        1,
      );
      expect(out[0]).toBe(0);
    }
  });
});
