import { type GemmExports, gemmKernels, gemmWork } from './blasGemm.ts';
import type { FloatArray } from './memory.ts';
import { choice, withAddresses } from './module.ts';

/** The counts and the layout of a product of matrices. */
export interface MatmulOptions {
  /** Rows of a and out. */
  m: number;
  /** Columns of b and out. */
  n: number;
  /** Terms of each sum. */
  k: number;
  /** How many products there are, one after the other; default 1. */
  batch?: number;
  /** Whether each a is stored transposed, as [k, m]; default false. */
  transA?: boolean;
  /** Whether each b is stored transposed, as [n, k]; default false. */
  transB?: boolean;
  /** Numbers from one a to the next; 0 shares one; default m · k. */
  strideA?: number;
  /** Numbers from one b to the next; 0 shares one; default k · n. */
  strideB?: number;
  /** Whether to add to what is in out; default false. */
  accumulate?: boolean;
}

/** Multiplications below which the twin is faster than a call into WebAssembly. */
const SMALL = 400;

/**
 * Products of matrices: out[i, j] = Σ_l a[i, l] · b[l, j], for each of `batch`.
 * The sum runs over l in order, in the arrays' own precision, from 0 or from what is in out. Cost: O(batch · m · n · k).
 * @param a [batch, m, k]
 * @param b [batch, k, n]
 * @param out [batch, m, n], neither a nor b
 */
export function matmul<T extends FloatArray>(a: T, b: T, out: T, options: MatmulOptions): void {
  const { m, n, k, batch = 1 } = options;
  const small = batch * m * n * k < SMALL && choice().mode !== 'wasm';
  const kernels = small || out.length === 0 ? null : gemmKernels();
  if (kernels === null || !packedMatmul(kernels, a, b, out, options)) plainMatmul(a, b, out, options);
}

function packedMatmul(
  kernels: GemmExports,
  a: FloatArray,
  b: FloatArray,
  out: FloatArray,
  { m, n, k, batch = 1, transA, transB, strideA = m * k, strideB = k * n, accumulate }: MatmulOptions,
): boolean {
  const size = out.BYTES_PER_ELEMENT;
  const across = paysAcross(m, n, k, 32 / size);
  const tables = gemmWork(across ? n : m, k, size);
  return withAddresses(
    [out, a, b],
    1,
    (atOut, atA, atB, work) => {
      let next = work! + tables;
      const table = (count: number, stride: number): number => {
        kernels.offsets(next, count, stride * size);
        next += 4 * count;
        return next - 4 * count;
      };
      const aRow = table(m, transA ? 1 : k);
      const aCol = table(k, transA ? m : 1);
      const bRow = table(k, transB ? 1 : n);
      const bCol = table(n, transB ? k : 1);
      const outRow = table(m, n);
      const outCol = table(n, 1);
      for (let i = 0; i < batch; i++) {
        const x = atA! + i * strideA * size;
        const y = atB! + i * strideB * size;
        const z = atOut! + i * m * n * size;
        if (across) kernels.gemm(size, n, m, k, y, bCol, bRow, x, aCol, aRow, z, outCol, outRow, +!!accumulate, work!);
        else kernels.gemm(size, m, n, k, x, aRow, aCol, y, bRow, bCol, z, outRow, outCol, +!!accumulate, work!);
      }
    },
    accumulate ? 0 : 1,
    tables + 8 * (m + n + k),
  );
}

/**
 * Whether it is cheaper to compute outᵀ = bᵀ aᵀ: tiles are 4 or 5 rows by `width` columns, and a narrow matrix may fill
 * them better the other way round, though results are then written one by one.
 */
function paysAcross(m: number, n: number, k: number, width: number): boolean {
  const tiled = (rows: number, columns: number) =>
    (rows % 5 === 0 || rows > 11 ? rows : Math.ceil(rows / 4) * 4) * Math.ceil(columns / width);
  return tiled(n, m) * (n === 1 ? k : k + 16) < tiled(m, n) * k;
}

/** The twin: the definition. */
function plainMatmul(
  a: FloatArray,
  b: FloatArray,
  out: FloatArray,
  { m, n, k, batch = 1, transA, transB, strideA = m * k, strideB = k * n, accumulate }: MatmulOptions,
): void {
  const single = out instanceof Float32Array;
  const [aRow, aCol] = transA ? [1, m] : [k, 1];
  const [bRow, bCol] = transB ? [1, k] : [n, 1];
  for (let p = 0; p < batch; p++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const at = (p * m + i) * n + j;
        let x = p * strideA + i * aRow;
        let y = p * strideB + j * bCol;
        let sum = accumulate ? out[at]! : 0;
        for (let l = 0; l < k; l++) {
          const product = a[x]! * b[y]!;
          sum = single ? Math.fround(sum + Math.fround(product)) : sum + product;
          x += aCol;
          y += bRow;
        }
        out[at] = sum;
      }
    }
  }
}
