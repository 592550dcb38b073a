import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { arange, type DType, fromTypedArray, keep, mul, scope, type Tensor, tensor, zeros } from '../src/index.ts';

interface Case {
  values: (number | string | boolean)[] | { scale: number };
  shape: number[];
  dtype: DType;
  requiresGrad: boolean;
  text: string;
}

const { cases }: { cases: Case[] } = JSON.parse(readFileSync(new URL('fixtures/format.json', import.meta.url), 'utf8'));

/** The values of a case: given, or the multiples of a scale (every third true for booleans). */
function build({ values, shape, dtype, requiresGrad }: Case): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const list = Array.isArray(values)
    ? values.map((value) => (typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : Number(value)))
    : Array.from({ length: size }, (_, i) => (dtype === 'bool' ? Number(i % 3 === 0) : Math.fround(i * values.scale)));
  return tensor(tensor(list, { dtype }).reshape(shape), { requiresGrad });
}

describe('the text of a tensor', () => {
  it.each(cases.map((c) => [c.text.slice(0, 60).replaceAll('\n', ' '), c] as const))(
    'is what PyTorch prints: %s',
    (_, c) => {
      expect(String(build(c))).toBe(c.text);
    },
  );

  it('names the operation that it came from', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(`${mul(x, 2)}`).toBe('tensor([2., 4.], gradFn=<mul>)');
    expect(inspect(x)).toBe('tensor([1., 2.], requiresGrad=true)');
  });

  it('is indented within objects', { tags: ['node'] }, () => {
    expect(inspect({ x: zeros([2, 1]) })).toBe('{\n  x: tensor([[0.],\n          [0.]])\n}');
  });

  it('puts suffixes on a line of their own where there is no room', () => {
    const x = tensor(arange(17), { dtype: 'float64', requiresGrad: true });
    expect(`${x.mul(1)}`).toBe(
      'tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,\n' +
        '        14., 15., 16.], dtype=float64, gradFn=<mul>)',
    );
    const y = tensor(arange(14), { dtype: 'float64', requiresGrad: true });
    expect(`${y}`).toBe(
      'tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.],\n' +
        '       dtype=float64, requiresGrad=true)',
    );
  });

  it('rounds halves to even in powers of ten too', () => {
    expect(`${tensor([1.03125, 1e-5], { dtype: 'float64' })}`).toBe('tensor([1.0312e+00, 1.0000e-05], dtype=float64)');
  });

  it('can be had after the scope, and of a part', () => {
    const gone = scope(() => ({ t: [keep(zeros([2])), zeros([200, 3])] as const })).t;
    expect(`${gone[0]}`).toBe('tensor([0., 0.])');
    let inner: Tensor | undefined;
    scope(() => {
      inner = zeros([200, 3]);
    });
    expect(`${inner}`).toBe('tensor(shape=[200, 3], its scope has ended)');
    expect(`${fromTypedArray(Int32Array.of(1, 2, 3), [3])}`).toBe('tensor([1, 2, 3])');
  });
});
