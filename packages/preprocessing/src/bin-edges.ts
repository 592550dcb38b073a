import { DataError, ShapeError, type Steps } from '@maru-ml/base';
import type { KBinsDiscretizerSettings } from './bins-options.ts';
import { lineKMeans } from './line-kmeans.ts';
import { percentile } from './order.ts';

/**
 * The edges of the bins of a column, ascending, one more than there are bins; -∞ and ∞ for a constant column.
 *
 * @param sorted its values, ascending
 * @param weights their weights, > 0; null for 1 each
 * @throws ShapeError for fewer rows than centers of k-means, DataError where the range overflows or is too small
 */
export function* binEdges(
  owner: string,
  sorted: Float64Array,
  weights: Float64Array | null,
  bins: number,
  { strategy, quantileMethod }: KBinsDiscretizerSettings,
  j: number,
): Steps<Float64Array> {
  const [min, max] = [sorted[0]!, sorted[sorted.length - 1]!];
  if (min === max) return Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (max - min === Number.POSITIVE_INFINITY) {
    throw new DataError(`${owner}: the range of column ${j} overflows; divide the column by a constant first`);
  }
  const even = Float64Array.from({ length: bins + 1 }, (_, b) => (b === bins ? max : min + b * ((max - min) / bins)));
  if (strategy === 'uniform') return even;
  const edges = even.slice();
  if (strategy === 'quantile') {
    for (let b = 0; b <= bins; b++) {
      // In NumPy's order of operations, as values that equal an edge show the last bit of it.
      edges[b] = quantile(sorted, weights, b === bins ? 100 : b * (100 / bins), quantileMethod);
      yield;
    }
  } else yield* moveAround(edges, owner, sorted, weights);
  const wide = withoutNarrow(edges);
  if (wide.length > 1) return wide;
  throw new DataError(
    `${owner}: the values of column ${j} lie within 1e-8, too close together for bins; multiply the column by a constant first`,
  );
}

/** Moves even edges halfway between the centers of k-means, which start in the middles of the bins. */
function* moveAround(
  edges: Float64Array,
  owner: string,
  sorted: Float64Array,
  weights: Float64Array | null,
): Steps<void> {
  const bins = edges.length - 1;
  if (sorted.length < bins) {
    throw new ShapeError(
      `${owner}: nBins is ${bins}, but the number of rows that weigh something is ${sorted.length}; 'kmeans' needs as many`,
    );
  }
  const start = edges.subarray(0, bins).map((edge, b) => (edge + edges[b + 1]!) / 2);
  const centers = yield* lineKMeans(sorted, weights, start);
  for (let b = 1; b < bins; b++) edges[b] = (centers[b - 1]! + centers[b]!) / 2;
}

/** Leaves out edges that are at most 1e-8 above the one before, as scikit-learn does. */
function withoutNarrow(edges: Float64Array): Float64Array {
  return edges.filter((edge, b) => b === 0 || edge - edges[b - 1]! > 1e-8);
}

function quantile(
  sorted: Float64Array,
  weights: Float64Array | null,
  percent: number,
  method: KBinsDiscretizerSettings['quantileMethod'],
): number {
  if (method === 'linear') return percentile(sorted, percent);
  // The first value at which the cumulative weight reaches the share q; halfway to the next if it does exactly.
  let total = sorted.length;
  if (weights !== null) total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = (percent / 100) * total;
  const rounding = 4 * 2 ** -52 * total;
  let reached = 0;
  for (let i = 0; i < sorted.length; i++) {
    reached += weights?.[i] ?? 1;
    if (reached < wanted - rounding || (percent === 0 && reached === 0)) continue;
    const exact = Math.abs(reached - wanted) <= rounding && i + 1 < sorted.length;
    return method === 'averagedInvertedCdf' && exact ? (sorted[i]! + sorted[i + 1]!) / 2 : sorted[i]!;
  }
  return sorted[sorted.length - 1]!;
}
