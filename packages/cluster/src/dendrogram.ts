import { DataError, ShapeError } from '@maru-ml/base';
import { type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';

/** What a drawing of a tree is made of: plain numbers for any plot. */
export interface Dendrogram {
  /** The rows from left to right [n]; the one at place p stands at x = 10 p + 5, as in SciPy. */
  readonly leaves: Int32Array;
  /** For each merge the x of its bracket [n - 1, 4]: left foot, left shoulder, right shoulder, right foot. */
  readonly x: Table;
  /** The heights of the same four points [n - 1, 4]. */
  readonly y: Table;
}

/**
 * Lays out the tree of merges for a drawing, so that no lines cross: the lower node of each merge stands left. O(n).
 *
 * @param linkage the tree as `linkage()` of a model gives it [n - 1, 4]
 * @throws ShapeError, DataError for what is no such tree
 */
export function dendrogram(linkage: MatrixLike): Dendrogram {
  const { data, rows: merges, columns } = toMatrix('dendrogram', linkage, { name: 'linkage' });
  if (columns !== 4) throw new ShapeError(`dendrogram: linkage must have 4 columns, got ${columns}`);
  const n = merges + 1;
  const nodes = checkNodes(data, merges);
  const xOf = new Float64Array(2 * n - 1);
  const yOf = new Float64Array(2 * n - 1);
  const leaves = new Int32Array(n);
  // Down the left sides first; the stack holds what is still to be placed.
  const stack = [2 * n - 2];
  let place = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node >= n) stack.push(nodes[2 * (node - n) + 1]!, nodes[2 * (node - n)]!);
    else {
      xOf[node] = 10 * place + 5;
      leaves[place++] = node;
    }
  }
  const x = new Float64Array(4 * merges);
  const y = new Float64Array(4 * merges);
  for (let i = 0; i < merges; i++) {
    const [left, right] = [nodes[2 * i]!, nodes[2 * i + 1]!];
    const height = data[4 * i + 2]!;
    x.set([xOf[left]!, xOf[left]!, xOf[right]!, xOf[right]!], 4 * i);
    y.set([yOf[left]!, height, height, yOf[right]!], 4 * i);
    xOf[n + i] = (xOf[left]! + xOf[right]!) / 2;
    yOf[n + i] = height;
  }
  return { leaves, x: new Table(x, merges, 4), y: new Table(y, merges, 4) };
}

function checkNodes(data: ArrayLike<number>, merges: number): Int32Array {
  const nodes = new Int32Array(2 * merges);
  const used = new Set<number>();
  for (let i = 0; i < merges; i++) {
    for (const side of [0, 1]) {
      const node = data[4 * i + side]!;
      if (!Number.isInteger(node) || node < 0 || node > merges + i || used.has(node)) {
        throw new DataError(`dendrogram: linkage[${i}, ${side}] must be a node that is not merged yet, got ${node}`);
      }
      used.add(node);
      nodes[2 * i + side] = node;
    }
  }
  return nodes;
}
