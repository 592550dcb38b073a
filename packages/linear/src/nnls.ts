import { leastSquares } from '@maru-ml/linalg/dense';
import { dot } from './dot.ts';

/**
 * The w ≥ 0 that minimizes ‖A w - b‖: columns come into use one by one, the one along which the residual falls fastest first, and
 * go again where their coefficient would become negative. It ends at the minimum after finitely many steps.
 *
 * C. Lawson and R. Hanson, "Solving Least Squares Problems" (1974), chapter 23.
 *
 * @param a [m, n]
 * @param b [m]
 */
export function nonNegativeLeastSquares(a: Float64Array, m: number, n: number, b: Float64Array): Float64Array {
  const w = new Float64Array(n);
  const used = new Set<number>();
  const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => a[i * n + j]!));
  const lengths = columns.map((column) => Math.sqrt(dot(column, 0, column, 0, m)));
  const tolerance = 1e-13 * Math.sqrt(dot(b, 0, b, 0, m));
  for (let step = 0; step < 3 * n; step++) {
    const residual = b.slice();
    for (const j of used) for (let i = 0; i < m; i++) residual[i]! -= columns[j]![i]! * w[j]!;
    let best = -1;
    let steepest = tolerance;
    for (let j = 0; j < n; j++) {
      if (used.has(j) || lengths[j] === 0) continue;
      const slope = dot(columns[j]!, 0, residual, 0, m) / lengths[j]!;
      if (slope <= steepest) continue;
      steepest = slope;
      best = j;
    }
    if (best < 0) break;
    used.add(best);
    useColumns(w, used, columns, m, b);
  }
  return w;
}

/** Moves w towards the least squares over the used columns, until all of these are positive. */
function useColumns(w: Float64Array, used: Set<number>, columns: Float64Array[], m: number, b: Float64Array): void {
  for (;;) {
    const list = [...used];
    const part = new Float64Array(m * list.length);
    for (const [c, j] of list.entries()) for (let i = 0; i < m; i++) part[i * list.length + c] = columns[j]![i]!;
    const { x } = leastSquares(part, m, list.length, b, 1);
    // As far towards x as nothing becomes negative.
    let share = 1;
    for (const [c, j] of list.entries()) if (x[c]! <= 0) share = Math.min(share, w[j]! / (w[j]! - x[c]!));
    for (const [c, j] of list.entries()) {
      w[j] = x[c]! > 0 ? w[j]! + share * (x[c]! - w[j]!) : Math.max(0, w[j]! + share * (x[c]! - w[j]!));
      if (x[c]! <= 0 && w[j]! <= 1e-15 * Math.abs(x[c]!)) w[j] = 0;
      if (w[j] === 0) used.delete(j);
    }
    if (share === 1 || used.size === 0) return;
  }
}
