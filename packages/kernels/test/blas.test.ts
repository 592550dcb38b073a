import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { gemv, type MatmulOptions, matmul, symv } from '../src/blas.ts';
import { allocate, float32View, memory, memoryInUse, release } from '../src/memory.ts';
import { choice } from '../src/module.ts';

type Float = Float32Array | Float64Array;

afterEach(() => {
  choice().mode = 'auto';
});

/** Whole numbers from -4 to 4, so that every sum is exact in either precision. */
function whole(Type: typeof Float32Array | typeof Float64Array, length: number, seed: number): Float {
  const array = new Type(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    array[i] = ((state >>> 16) % 9) - 4;
  }
  return array;
}

/** Σ_l a[i, l] · b[l, j], from the definition. */
function reference(
  a: Float,
  b: Float,
  start: ArrayLike<number>,
  o: Required<Omit<MatmulOptions, 'ldA' | 'ldB' | 'ldOut'>>,
): number[] {
  const out: number[] = [];
  for (let p = 0; p < o.batch; p++) {
    for (let i = 0; i < o.m; i++) {
      for (let j = 0; j < o.n; j++) {
        let sum = o.accumulate ? start[out.length]! : 0;
        for (let l = 0; l < o.k; l++) {
          const left = a[p * o.strideA + (o.transA ? l * o.m + i : i * o.k + l)]!;
          sum += left * b[p * o.strideB + (o.transB ? j * o.k + l : l * o.n + j)]!;
        }
        out.push(sum);
      }
    }
  }
  return out;
}

function check(Type: typeof Float32Array | typeof Float64Array, options: MatmulOptions): void {
  const { m, n, k, batch = 1 } = options;
  const defaults = { batch: 1, transA: false, transB: false, strideA: m * k, strideB: k * n, accumulate: false };
  const full = { ...defaults, ...options };
  const a = whole(Type, m * k + (batch - 1) * full.strideA, 1);
  const b = whole(Type, k * n + (batch - 1) * full.strideB, 2);
  const start = whole(Type, batch * m * n, 3);
  const out = start.slice();
  matmul(a, b, out, options);
  expect(Array.from(out), JSON.stringify(options)).toEqual(reference(a, b, start, full));
}

describe('matmul, by hand', () => {
  it.each(['js', 'wasm'] as const)('multiplies in %s', (mode) => {
    choice().mode = mode;
    const out = new Float64Array(4);
    const a = new Float64Array([1, 2, 3, 4, 5, 6]);
    const b = new Float64Array([7, 8, 9, 10, 11, 12]);
    matmul(a, b, out, { m: 2, n: 2, k: 3 });
    expect(Array.from(out)).toEqual([58, 64, 139, 154]);
    matmul(a, b, out, { m: 2, n: 2, k: 3, transA: true, accumulate: true });
    expect(Array.from(out)).toEqual([58 + 89, 64 + 98, 139 + 116, 154 + 128]);
  });

  it.each(['js', 'wasm'] as const)('sums in order and in single precision, in %s', (mode) => {
    choice().mode = mode;
    const out = new Float32Array([0, 1]);
    // 2²⁴ + 1 is no float32: the 1 is lost where it comes first, and stays where it comes last.
    const a = new Float32Array([2 ** 24, 1, -(2 ** 24), 2 ** 24, -(2 ** 24), 1]);
    matmul(a, new Float32Array([1, 1, 1]), out, { m: 2, n: 1, k: 3 });
    expect(Array.from(out)).toEqual([0, 1]);
    out.set([1, 1]);
    matmul(a, new Float32Array([1, 1, 1]), out, { m: 2, n: 1, k: 3, accumulate: true });
    expect(Array.from(out)).toEqual([0, 1]);
  });

  it.each(['js', 'wasm'] as const)('gives zeros for a sum of nothing, in %s', (mode) => {
    choice().mode = mode;
    const out = new Float32Array(6).fill(7);
    matmul(new Float32Array(0), new Float32Array(0), out, { m: 2, n: 3, k: 0, accumulate: true });
    expect(Array.from(out)).toEqual([7, 7, 7, 7, 7, 7]);
    matmul(new Float32Array(0), new Float32Array(0), out, { m: 2, n: 3, k: 0 });
    expect(Array.from(out)).toEqual([0, 0, 0, 0, 0, 0]);
    matmul(new Float32Array(3), new Float32Array(0), new Float32Array(0), { m: 1, n: 0, k: 3 });
  });
});

describe.each(['js', 'wasm'] as const)('matmul against the definition, in %s', (mode) => {
  const flags = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));

  it.each(flags)('odd sizes, $transA $transB', (flag) => {
    choice().mode = mode;
    for (const Type of [Float32Array, Float64Array]) {
      for (const m of [1, 2, 4, 5, 7, 12, 13]) {
        for (const n of [1, 3, 4, 8, 9, 17]) {
          for (const k of [1, 2, 5, 16]) {
            check(Type, { m, n, k, ...flag });
            check(Type, { m, n, k, ...flag, accumulate: true });
          }
        }
      }
    }
  });

  it.each(flags)('sizes about those of slices and blocks, $transA $transB', (flag) => {
    choice().mode = mode;
    for (const Type of [Float32Array, Float64Array]) {
      for (const k of [799, 800, 801, 1700]) check(Type, { m: 6, n: 11, k, ...flag, accumulate: k === 1700 });
      for (const m of [399, 400, 401, 803]) check(Type, { m, n: 9, k: 3, ...flag });
      for (const n of [400, 803]) check(Type, { m: 3, n, k: 4, ...flag });
    }
  });

  it('batches, with operands of their own or shared', () => {
    choice().mode = mode;
    for (const Type of [Float32Array, Float64Array]) {
      check(Type, { batch: 3, m: 4, n: 5, k: 6 });
      check(Type, { batch: 3, m: 4, n: 5, k: 6, strideA: 0, transB: true });
      check(Type, { batch: 3, m: 4, n: 5, k: 6, strideB: 0, transA: true });
      check(Type, { batch: 2, m: 9, n: 1, k: 7, strideB: 0, accumulate: true });
    }
  });
});

describe('matmul, laws', () => {
  it('(A B)ᵀ = Bᵀ Aᵀ, to the last bit', () => {
    const size = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.infiniteStream(fc.float({ noNaN: true, min: -9, max: 9 })),
        (m, n, k, stream) => {
          choice().mode = 'wasm';
          const take = (length: number) => Float32Array.from({ length }, () => stream.next().value!);
          const [a, b] = [take(m * k), take(k * n)];
          const [out, across] = [new Float32Array(m * n), new Float32Array(m * n)];
          matmul(a, b, out, { m, n, k });
          matmul(b, a, across, { m: n, n: m, k, transA: true, transB: true });
          for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) expect(across[j * m + i]).toBe(out[i * n + j]);
        },
      ),
    );
  });
});

describe('matmul and memory', () => {
  it('gives the same on the heap, in WebAssembly memory and when that is exhausted', { tags: ['wasm'] }, () => {
    const [m, n, k] = [70, 80, 90];
    const [a, b] = [whole(Float32Array, m * k, 1) as Float32Array, whole(Float32Array, k * n, 2) as Float32Array];
    const onHeap = new Float32Array(m * n);
    matmul(a, b, onHeap, { m, n, k });
    const blocks = [m * k, k * n, m * n].map((length) => allocate(length * 4));
    float32View(blocks[0]!, m * k).set(a);
    float32View(blocks[1]!, k * n).set(b);
    const view = () => float32View(blocks[2]!, m * n);
    matmul(float32View(blocks[0]!, m * k), float32View(blocks[1]!, k * n), view(), { m, n, k });
    expect(view()).toEqual(onHeap);

    const { top, free } = memory()!;
    const kept = new Map(free);
    try {
      free.clear();
      // Beyond what memory can grow to.
      memory()!.top = 2 ** 32;
      const exhausted = new Float32Array(m * n);
      const calls = choice().calls;
      matmul(a, b, exhausted, { m, n, k });
      expect(choice().calls).toBe(calls);
      expect(exhausted).toEqual(onHeap);
    } finally {
      memory()!.top = top;
      for (const [size, list] of kept) free.set(size, list);
    }
    for (const [i, address] of blocks.entries()) release(address, [m * k, k * n, m * n][i]! * 4);
  });

  it('leaves no block behind', { tags: ['wasm'] }, () => {
    const used = memoryInUse();
    matmul(new Float32Array(90000), new Float32Array(90000), new Float32Array(90000), { m: 300, n: 300, k: 300 });
    expect(memoryInUse()).toBe(used);
  });
});

describe.each(['js', 'wasm'] as const)('parts of wider matrices in %s', (mode) => {
  it('by hand', () => {
    choice().mode = mode;
    // [1 2; 3 4] and [5 6; 7 8], each with a third column that is not theirs.
    const a = Float64Array.of(1, 2, 99, 3, 4, 99);
    const b = Float64Array.of(5, 6, 99, 7, 8, 99);
    const out = new Float64Array(8).fill(-1);
    const size = { m: 2, n: 2, k: 2, ldA: 3, ldB: 3, ldOut: 4 };
    matmul(a, b, out, size);
    expect(Array.from(out)).toEqual([19, 22, -1, -1, 43, 50, -1, -1]);
    matmul(a, b, out, { ...size, transA: true, accumulate: true });
    expect(Array.from(out)).toEqual([19 + 26, 22 + 30, -1, -1, 43 + 38, 50 + 44, -1, -1]);
    matmul(a, b, out, { ...size, transB: true });
    expect(Array.from(out)).toEqual([17, 23, -1, -1, 39, 53, -1, -1]);
  });

  it('times a vector, of all sizes against the definition', () => {
    choice().mode = mode;
    for (const [m, n, ld] of [
      [1, 1, 1],
      [3, 5, 6],
      [4, 8, 8],
      [9, 7, 10],
      [13, 22, 22],
    ] as const) {
      const a = whole(Float64Array, m * ld, 1) as Float64Array;
      const [x, y] = [whole(Float64Array, n, 2) as Float64Array, whole(Float64Array, m, 3) as Float64Array];
      const across = Array.from(y, (_, i) => x.reduce((sum, v, j) => sum + a[i * ld + j]! * v, 0));
      const down = Array.from(x, (_, j) => y.reduce((sum, v, i) => sum + a[i * ld + j]! * v, 0));
      const [out, outT] = [new Float64Array(m).fill(7), new Float64Array(n).fill(7)];
      gemv(a, x, out, { m, n, ld, accumulate: true });
      expect(Array.from(out, (v) => v - 7)).toEqual(across);
      gemv(a, x, out, { m, n, ld });
      expect(Array.from(out)).toEqual(across);
      gemv(a, y, outT, { m, n, ld, trans: true, accumulate: true });
      expect(Array.from(outT, (v) => v - 7)).toEqual(down);
      gemv(a, y, outT, { m, n, ld, trans: true });
      expect(Array.from(outT)).toEqual(down);
    }
  });

  it('symmetric, times a vector: only the lower triangle is read', () => {
    choice().mode = mode;
    for (const n of [1, 2, 3, 4, 5, 7, 8, 11, 14]) {
      const ld = n + 2;
      const a = whole(Float64Array, n * ld, 1) as Float64Array;
      const x = whole(Float64Array, n, 2) as Float64Array;
      const expected = Array.from(x, (_, i) =>
        x.reduce((sum, v, j) => sum + a[Math.max(i, j) * ld + Math.min(i, j)]! * v, 0),
      );
      const out = new Float64Array(n).fill(7);
      symv(a, x, out, n, ld);
      expect(Array.from(out), `${n}`).toEqual(expected);
    }
  });
});
