import { isSparse, type MatrixLike, type SparseRows, toRows } from '@maru-ml/tensor';
import { countOf } from './counts.ts';
import type { JointScores } from './posterior.ts';

/**
 * Scores b_c + Σⱼ v(xⱼ) W_jc, which all models of counts come to. A value of 0 adds nothing, even where W is -∞. The weights lie column by
 * column [d, k], so that a sparse row reads few lines of memory.
 *
 * @param binarize numbers above it count as 1, others as 0; null: as they are
 */
export function logLinear(
  owner: string,
  weights: Float64Array,
  bias: Float64Array,
  binarize: number | null,
  check: (x: ReturnType<typeof toRows>) => void = () => {},
): JointScores<MatrixLike | SparseRows> {
  const k = bias.length;
  const d = weights.length / k;
  const add = (value: number, j: number, out: Float64Array, at: number) => {
    if (value === 0) return;
    for (let c = 0; c < k; c++) out[at + c]! += value * weights[j * k + c]!;
  };
  return {
    all(x) {
      const rows = toRows(owner, x, { columns: d });
      check(rows);
      const n = isSparse(rows) ? rows.shape[0] : rows.rows;
      const out = new Float64Array(n * k);
      for (let i = 0; i < n; i++) {
        out.set(bias, i * k);
        if (isSparse(rows)) {
          const { data, indices, indptr } = rows;
          for (let p = indptr[i]!; p < indptr[i + 1]!; p++) add(countOf(data[p]!, binarize), indices[p]!, out, i * k);
        } else {
          for (let j = 0; j < d; j++) add(countOf(rows.data[i * d + j]!, binarize), j, out, i * k);
        }
      }
      return out;
    },
    one(row, out) {
      out.set(bias);
      // A plain loop: numbers that are handed to another function may become objects.
      for (let j = 0; j < d; j++) {
        const value = countOf(row[j]!, binarize);
        if (value !== 0) for (let c = 0; c < k; c++) out[c]! += value * weights[j * k + c]!;
      }
    },
  };
}

/** [k, d] as [d, k]. */
export function transposed(a: Float64Array, k: number): Float64Array {
  const d = a.length / k;
  const out = new Float64Array(a.length);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) out[j * k + c] = a[c * d + j]!;
  return out;
}
