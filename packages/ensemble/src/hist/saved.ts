import { DataError } from '@maru-ml/base';
import { decodeArray, encodeArray, savedBoolean, savedColumns, savedCount } from '@maru-ml/tensor';
import type { HistFit } from './fit.ts';
import { CATEGORICAL, type Categories, type Tree } from './trees.ts';

/** A fit for a model's JSON form. */
export function fitToJSON(fit: HistFit): object {
  return {
    ...fit,
    trees: treesToJSON(fit.trees),
    categories: fit.categories.map((known) => known && encodeArray(known)),
    baseline: encodeArray(fit.baseline),
    trainScore: encodeArray(fit.trainScore),
    validationScore: encodeArray(fit.validationScore),
  };
}

/** Trees for a model's JSON form. */
export function treesToJSON(trees: readonly Tree[]): object {
  return trees.map(({ nodes, values }) => ({ nodes: encodeArray(nodes), values: encodeArray(values) }));
}

/** What a boosting model's JSON form says of its fit. @throws DataError for what is no such form */
export function savedFit(owner: string, fields: Record<string, unknown>, outputs: number): HistFit {
  const columns = savedColumns(owner, fields, 'columns');
  const categories = listOf(fields.categories).map(
    (known, j) => known && floats(owner, `categories[${j}]`, known),
  ) as Categories;
  if (categories.length !== columns) {
    throw new DataError(`${owner}: categories must have one of each of ${columns} columns, got ${categories.length}`);
  }
  const baseline = decodeArray(owner, 'baseline', fields.baseline, {
    dtype: 'float64',
    shape: [outputs],
    finite: true,
  });
  return {
    trees: savedTrees(owner, fields.trees, categories),
    categories,
    baseline,
    nIter: savedCount(owner, fields, 'nIter'),
    converged: savedBoolean(owner, fields, 'converged'),
    trainScore: floats(owner, 'trainScore', fields.trainScore),
    validationScore: floats(owner, 'validationScore', fields.validationScore),
    columns,
  };
}

/** The trees of a model's JSON form. @throws DataError for what are no trees */
export function savedTrees(owner: string, saved: unknown, categories: Categories): Tree[] {
  const trees = listOf(saved).map((tree, t) => {
    const { nodes, values } = Object(tree) as Record<string, unknown>;
    const name = `trees[${t}].nodes`;
    return {
      nodes: decodeArray(owner, name, nodes, { dtype: 'int32', shape: [-1] }),
      values: floats(owner, `trees[${t}].values`, values),
    };
  });
  if (trees.length === 0 || !trees.every((tree) => isWhole(tree, categories))) {
    throw new DataError(`${owner}: trees must be whole, with children behind their parents`);
  }
  return trees;
}

function listOf(saved: unknown): unknown[] {
  return Array.isArray(saved) ? saved : [];
}

function floats(owner: string, name: string, saved: unknown): Float64Array {
  return decodeArray(owner, name, saved, { dtype: 'float64', shape: [-1] });
}

/** Whether all that the root leads to is there. */
function isWhole({ nodes, values }: Tree, categories: Categories): boolean {
  const n = nodes.length;
  if (n !== 4 * values.length) return false;
  const reached = new Set([0]);
  for (const node of reached) {
    const [j, set, step, kind] = nodes.subarray(node, node + 4);
    if (j! < 0 && Number.isFinite(values[node / 4])) continue;
    const known = categories[j!];
    const hasSet = kind !== CATEGORICAL || (known && set! >= 0 && set! + 8 <= n);
    if (known === undefined || !hasSet || step! <= 0 || step! % 4 !== 0 || node + step! + 8 > n) return false;
    reached.add(node + step!).add(node + step! + 4);
  }
  return true;
}
