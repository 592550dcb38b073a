import { checkInteger, checkKnown, checkNumber, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { axisEncoding } from './axes.ts';
import { seriesColors } from './color.ts';
import { count, type MatrixLike, type Numbers, readAsMany, readMatrix } from './data.ts';
import { type Labels, readLabels } from './labels.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { textWidth } from './text.ts';
import { INK } from './theme.ts';

/** What was merged with what, as `AgglomerativeClustering` of `@maru-ml/cluster` tells it, for n rows. */
export interface Merges {
  /** The two parts of each merge [n - 1, 2]: below n a row, and n + i the result of merge i. */
  readonly children: MatrixLike;
  /** How far apart they were [n - 1]. */
  readonly distances: Numbers;
}

export interface DendrogramOptions extends AxesOptions {
  /** Names of the rows [n]; their numbers from 0. */
  labels?: Labels;
  /** Merges up to this distance are one cluster with a color of its own, and a dashed line shows it; none. */
  threshold?: number;
  /** With more rows, only the last merges are drawn, and what is below them stands as its number of rows in brackets; 40. */
  maxLeaves?: number;
}

/**
 * The merges of a hierarchical clustering as a tree: each joins two branches at the height of their distance.
 *
 * @throws ShapeError if distances or labels do not fit, DataError if the merges are no tree, OptionError
 *
 * @example
 * ```ts
 * import { dendrogram } from '@maru-ml/plot';
 *
 * dendrogram({ children: [[0, 1], [2, 3]], distances: [0.5, 2] }, { labels: ['cat', 'dog', 'whale'], threshold: 1 });
 * ```
 */
export function dendrogram(merges: Merges, options: DendrogramOptions = {}): VegaLiteSpec {
  const owner = 'dendrogram';
  checkKnown(owner, options, [...AXES_OPTIONS, 'labels', 'threshold', 'maxLeaves']);
  const tree = readMerges(owner, merges);
  const { n, distances } = tree;
  const labels =
    options.labels === undefined ? null : readLabels(owner, 'labels', options.labels, { name: 'merges', n }).labels;
  const threshold =
    options.threshold === undefined ? null : checkNumber(owner, 'threshold', options.threshold, { min: 0 });
  const maxLeaves = checkInteger(owner, 'maxLeaves', options.maxLeaves ?? 40, { min: 2, max: 1000 });
  const size = sizeOf(owner, options, { width: Math.max(280, 12 * Math.min(n, maxLeaves)), height: 220 });

  // Merges before this one are not drawn.
  const first = Math.max(0, n - maxLeaves);
  const { leaves, order } = walk(tree, n + first);
  const colorOf = threshold === null ? null : colorClusters(tree, order, threshold);
  const x = new Map(leaves.map((v, i) => [v, i]));
  const heightOf = (v: number) => (v < n + first ? 0 : distances[v - n]!);
  const values: { merge: number; x: number; y: number; cluster?: string }[] = [];
  for (const v of [...order].reverse()) {
    const [a, b] = tree.children[v - n]!;
    const [left, right] = [x.get(a)!, x.get(b)!];
    x.set(v, (left + right) / 2);
    const top = heightOf(v);
    const corners = [
      [left, heightOf(a)],
      [left, top],
      [right, top],
      [right, heightOf(b)],
    ] as const;
    const color = colorOf && { cluster: colorOf.get(v) ?? ABOVE };
    for (const [x, y] of corners) values.push({ merge: v, x, y, ...color });
  }
  const names = leaves.map((v) => (v < n ? (labels?.[v] ?? String(v)) : `(${tree.sizes[v - n]})`));
  const upright = names.every((name) => textWidth(name, { size: 11 }) + 6 < size.width / leaves.length);
  const clusters = colorOf === null ? [] : [...new Set(colorOf.values())];
  const xLabel = textOf(owner, 'xLabel', options.xLabel, leaves.some((v) => v >= n) ? 'rows (how many)' : 'rows');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'distance');
  const title = textOf(owner, 'title', options.title, `${count(n, 'row')} by ${yLabel}`);
  const free = { scale: 'linear' as const, domain: null };
  return makeSpec(title, [], size, {
    encoding: {
      x: {
        ...axisEncoding('x', xLabel, { scale: 'linear', domain: [-0.5, leaves.length - 0.5] }),
        axis: {
          ...{ values: leaves.map((_, i) => i), grid: false, ticks: false, labelOverlap: false, titlePadding: 8 },
          ...(upright
            ? { labelAngle: 0 }
            : { labelAngle: -90, labelBaseline: 'middle', labelAlign: 'right', labelLimit: 90 }),
          labelExpr: `${JSON.stringify(names)}[datum.value]`,
        },
      },
      y: { ...axisEncoding('y', yLabel, free), scale: { zero: true } },
    },
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1.3, strokeJoin: 'miter', ...(colorOf === null && { color: INK }) },
        encoding: {
          ...{ detail: { field: 'merge', type: 'nominal' }, order: { value: null } },
          ...(colorOf !== null && {
            color: {
              ...{ field: 'cluster', type: 'nominal', legend: null },
              scale: { domain: [...clusters, ABOVE], range: [...seriesColors(clusters.length), INK] },
            },
          }),
        },
      },
      ...(threshold === null
        ? []
        : [
            {
              data: { values: [{ y: threshold }] },
              mark: { type: 'rule', strokeDash: [4, 3], opacity: 0.7 },
              encoding: { x: null },
            },
          ]),
    ],
  });
}

const ABOVE = 'above';

interface MergeTree {
  n: number;
  children: readonly (readonly [number, number])[];
  distances: readonly number[];
  /** How many rows each merge holds. */
  sizes: readonly number[];
}

function readMerges(owner: string, merges: Merges): MergeTree {
  if (typeof merges !== 'object' || merges === null || !('children' in merges) || !('distances' in merges)) {
    throw new OptionError(`${owner}: merges must have children and distances, got ${show(merges)}`);
  }
  const { data, rows, columns } = readMatrix(owner, 'children', merges.children);
  if (columns !== 2) throw new ShapeError(`${owner}: children must be [n - 1, 2], got ${count(columns, 'column')}`);
  const distances = readAsMany(owner, 'distances', merges.distances, 'children', rows);
  const n = rows + 1;
  const used = new Set<number>();
  const sizes: number[] = [];
  const children = Array.from({ length: rows }, (_, i): [number, number] => {
    const pair: [number, number] = [data[2 * i]!, data[2 * i + 1]!];
    for (const child of pair) {
      if (!Number.isInteger(child) || child < 0 || child >= n + i || used.has(child)) {
        throw new DataError(
          `${owner}: children[${i}] must be rows or merges before it, each in one merge only, got ${show(child)}`,
        );
      }
      used.add(child);
    }
    if (!(distances[i]! >= 0 && distances[i]! < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${owner}: distances[${i}] must be at least 0 and finite, got ${show(distances[i])}`);
    }
    sizes.push(pair.reduce((sum, child) => sum + (child < n ? 1 : sizes[child - n]!), 0));
    return pair;
  });
  return { n, children, distances, sizes };
}

/** What is drawn: the leaves from left to right, and the merges, each before those that it joins. */
function walk({ children, n }: MergeTree, firstMerge: number): { leaves: number[]; order: number[] } {
  const leaves: number[] = [];
  const order: number[] = [];
  const stack = [2 * n - 2];
  while (stack.length > 0) {
    const v = stack.pop()!;
    if (v < firstMerge) {
      leaves.push(v);
      continue;
    }
    order.push(v);
    const [a, b] = children[v - n]!;
    stack.push(b, a);
  }
  return { leaves, order };
}

/** Names of the clusters that are not joined up to the threshold, from left to right, for the merges within them. */
function colorClusters(
  { n, children, distances }: MergeTree,
  order: readonly number[],
  threshold: number,
): Map<number, string> {
  const names = new Map<number, string>();
  let clusters = 0;
  for (const v of order) {
    if (!names.has(v)) {
      if (distances[v - n]! > threshold) continue;
      names.set(v, `cluster ${++clusters}`);
    }
    for (const child of children[v - n]!) if (child >= n) names.set(child, names.get(v)!);
  }
  return names;
}
