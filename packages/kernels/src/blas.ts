import { type GemmExports, gemmKernels, type Lattice, line, prepare, tableBytes, workBytes } from './blasGemm.ts';
import type { FloatArray } from './memory.ts';
import { choice, withAddresses } from './module.ts';

export { type GemvOptions, gemv } from './matvec.ts';
export { symv } from './symv.ts';

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
  /** Numbers from one stored row of a to the next, where a is a part of a wider matrix; default its columns. */
  ldA?: number;
  /** The same for b. */
  ldB?: number;
  /** The same for out, of which only the part is written. */
  ldOut?: number;
  /** Numbers from one a to the next; 0 shares one; default those of one a. */
  strideA?: number;
  /** Numbers from one b to the next; 0 shares one; default those of one b. */
  strideB?: number;
  /** Whether to add to what is in out; default false. */
  accumulate?: boolean;
}

/** Multiplications below which the twin is faster than a call into WebAssembly. */
const SMALL = 250;

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
  options: MatmulOptions,
): boolean {
  const { m, n, k, batch = 1, transA, transB, accumulate = false } = options;
  const { ldA, ldB, ldOut, strideA, strideB } = steps(options);
  const size = out.BYTES_PER_ELEMENT;
  const across = paysAcross(m, n, k, 32 / size);
  const left = [line(m, transA ? 1 : ldA), line(k, transA ? ldA : 1)] as const;
  const right = [line(k, transB ? 1 : ldB), line(n, transB ? ldB : 1)] as const;
  const result = [line(m, ldOut), line(n, 1)] as const;
  const product = across
    ? { a: flipped(right), b: flipped(left), c: flipped(result) }
    : { a: left, b: right, c: result };
  const tables = workBytes(product, size);
  return withAddresses(
    [out, a, b],
    1,
    (atOut, atA, atB, work) => {
      const multiply = prepare(kernels, product, size, work! + tables, work!);
      for (let i = 0; i < batch; i++) {
        const x = atA! + i * strideA * size;
        const y = atB! + i * strideB * size;
        multiply(across ? y : x, across ? x : y, atOut! + i * m * ldOut * size, accumulate);
      }
    },
    accumulate || ldOut !== n ? 0 : 1,
    tables + tableBytes(product),
  );
}

/** The steps from row to row and from matrix to matrix, with their defaults. */
function steps({ m, n, k, transA, transB, ...given }: MatmulOptions) {
  const { ldA = transA ? m : k, ldB = transB ? k : n, ldOut = n } = given;
  const { strideA = (transA ? k : m) * ldA, strideB = (transB ? n : k) * ldB } = given;
  return { ldA, ldB, ldOut, strideA, strideB };
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

function flipped([rows, columns]: readonly [Lattice, Lattice]): readonly [Lattice, Lattice] {
  return [columns, rows];
}

/** The twin: the definition. */
function plainMatmul(a: FloatArray, b: FloatArray, out: FloatArray, options: MatmulOptions): void {
  const { m, n, k, batch = 1, transA, transB, accumulate } = options;
  const { ldA, ldB, ldOut, strideA, strideB } = steps(options);
  const single = out instanceof Float32Array;
  const [aRow, aCol] = transA ? [1, ldA] : [ldA, 1];
  const [bRow, bCol] = transB ? [1, ldB] : [ldB, 1];
  for (let p = 0; p < batch; p++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const at = (p * m + i) * ldOut + j;
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
