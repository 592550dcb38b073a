import { bytes } from './generated/blas.ts';
import { type Exports, kernelModule } from './module.ts';

/** The functions of `assembly/blas.ts`: a product of matrices, and what writes the tables that tell where they lie. */
export type GemmExports = Exports<'gemm' | 'lattice'>;

export const gemmKernels: () => GemmExports | null = /* @__PURE__ */ kernelModule<'gemm' | 'lattice'>(bytes);

/**
 * Where the rows or the columns of an operand lie: three nested loops, each a count and a step in numbers of the array,
 * the last running fastest.
 */
export type Lattice = readonly [count: number, step: number, count: number, step: number, count: number, step: number];

/** `count` places in equal steps. */
export function line(count: number, step: number): Lattice {
  return [1, 0, 1, 0, count, step];
}

export function countOf(lattice: Lattice): number {
  return lattice[0] * lattice[2] * lattice[4];
}

/** The layout of a product c (+)= a b: rows and columns of each. The columns of c must only rise. */
export interface Product {
  a: readonly [rows: Lattice, columns: Lattice];
  b: readonly [rows: Lattice, columns: Lattice];
  c: readonly [rows: Lattice, columns: Lattice];
}

/** Bytes that the tables of a product take; a multiple of 16. */
export function tableBytes({ a, b, c }: Product): number {
  let count = 0;
  for (const lattice of [...a, ...b, ...c]) count += countOf(lattice);
  return Math.ceil(count / 4) * 16;
}

/** Bytes that products want to work in; a multiple of 16. */
export function workBytes({ a }: Product, size: number): number {
  const block = Math.min(countOf(a[0]) + 3, 400) * Math.min(countOf(a[1]), 800) * size;
  return 192 + 800 * 32 + Math.ceil(block / 16) * 16;
}

/**
 * Writes the tables of a product and returns what carries it out on arrays at other addresses, as often as wanted.
 * @param size bytes of a number
 * @param tables the address of `tableBytes`
 * @param work the address of `workBytes`, which several products may share
 */
export function prepare(
  kernels: GemmExports,
  { a, b, c }: Product,
  size: number,
  tables: number,
  work: number,
): (a: number, b: number, c: number, accumulate: boolean) => void {
  let next = tables;
  const table = (lattice: Lattice): number => {
    const [ni, si, nj, sj, nl, sl] = lattice;
    kernels.lattice(next, ni, si * size, nj, sj * size, nl, sl * size);
    next += 4 * countOf(lattice);
    return next - 4 * countOf(lattice);
  };
  const [m, n, k] = [countOf(c[0]), countOf(c[1]), countOf(a[1])];
  const [aRows, aColumns] = [table(a[0]), table(a[1])];
  const [bRows, bColumns] = [table(b[0]), table(b[1])];
  const [cRows, cColumns] = [table(c[0]), table(c[1])];
  return (x, y, z, accumulate) => {
    kernels.gemm(size, m, n, k, x, aRows, aColumns, y, bRows, bColumns, z, cRows, cColumns, +accumulate, work);
  };
}
