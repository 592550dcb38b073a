import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { hypot, largestSize, unitScale } from './scale.ts';

/** A V = V diag(re + i im), complex in general. */
export interface GeneralEigen {
  /** Real parts of the eigenvalues [n]; conjugate pairs stand side by side, the positive imaginary part first. */
  readonly re: Float64Array;
  /** Imaginary parts [n]. */
  readonly im: Float64Array;
  /** Real parts of the eigenvectors, each of length 1, in the columns [n, n]. */
  readonly vectorsRe: Float64Array;
  /** Imaginary parts [n, n]. */
  readonly vectorsIm: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of any square matrix, by the QR algorithm on its Hessenberg form, as in ml-matrix (after
 * EISPACK's `hqr2`). Cost: about 25 n³.
 * @param a [n, n], finite
 */
export function generalEigen(a: Float64Array, n: number): GeneralEigen {
  const scale = unitScale(largestSize(a));
  const rows = Array.from({ length: n }, (_, i) => a.slice(i * n, (i + 1) * n).map((value) => value * scale));
  const empty = new Float64Array(0);
  if (n === 0) return { re: empty, im: empty, vectorsRe: empty, vectorsIm: empty };
  const found = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: false });
  const re = Float64Array.from(found.realEigenvalues, (value) => value / scale);
  const im = Float64Array.from(found.imaginaryEigenvalues, (value) => value / scale);
  const packed = found.eigenvectorMatrix;
  const vectorsRe = new Float64Array(n * n);
  const vectorsIm = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const pair = im[j] !== 0 && j + 1 < n;
    let norm = 0;
    for (let i = 0; i < n; i++) norm = hypot(norm, hypot(packed.get(i, j), pair ? packed.get(i, j + 1) : 0));
    for (let i = 0; i < n; i++) {
      vectorsRe[i * n + j] = packed.get(i, j) / norm;
      if (!pair) continue;
      // The pair's vectors are x ± i y of the two columns.
      vectorsIm[i * n + j] = packed.get(i, j + 1) / norm;
      vectorsRe[i * n + j + 1] = vectorsRe[i * n + j]!;
      vectorsIm[i * n + j + 1] = -vectorsIm[i * n + j]!;
    }
    if (pair) j++;
  }
  return { re, im, vectorsRe, vectorsIm };
}
