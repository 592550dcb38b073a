import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { HistGradientBoostingClassifier, HistGradientBoostingRegressor } from '../src/index.ts';
import { numbers, rounded } from './data.ts';
import hist from './fixtures/hist.json' with { type: 'json' };

const LOSSES: Record<string, 'squaredError' | 'absoluteError' | 'poisson' | 'quantile'> = {
  squared_error: 'squaredError',
  absolute_error: 'absoluteError',
  poisson: 'poisson',
  quantile: 'quantile',
};
const EFFECTS = [0, 3, -1, 2, 5, -4, 1, 0.5, 2.5, -2];

function data(kind: string): { x: number[][]; y: number[] } {
  const x = numbers(7, 400, 4);
  const noise = numbers(11, 400, 1);
  const y = x.map(([a, b, c], i) => rounded(3 * a! + 2 * Math.abs(b!) + a! * c! + 0.5 * noise[i]![0]!, 3));
  if (kind === 'missing') remove(x, numbers(13, 400, 4));
  if (kind === 'category') {
    for (const [i, row] of x.entries()) {
      row[1] = Math.floor(4.999 * (row[1]! + 1));
      y[i] = rounded(y[i]! + EFFECTS[row[1]]!, 3);
    }
  }
  if (kind === 'category missing') {
    const gone = numbers(13, 400, 1);
    for (const [i, row] of x.entries()) row[1] = gone[i]![0]! > 0.6 ? Number.NaN : Math.floor(2.5 * (row[1]! + 1));
  }
  return { x, y };
}

function held(kind: string): number[][] {
  const x = numbers(17, 60, 4);
  if (kind === 'missing') remove(x, numbers(19, 60, 4));
  if (kind.startsWith('category')) {
    for (const row of x) row[1] = Math.floor((kind === 'category' ? 4.999 : 2.5) * (row[1]! + 1));
  }
  return x;
}

function remove(x: number[][], where: number[][]): void {
  for (const [i, row] of x.entries()) for (const j of row.keys()) if (where[i]![j]! > 0.6) row[j] = Number.NaN;
}

/** How many leaves a tree has, of whose nodes four numbers tell the column and where the left child is. */
const leavesOf = (nodes: Int32Array, at = 0): number =>
  nodes[at]! < 0 ? 1 : leavesOf(nodes, at + nodes[at + 2]!) + leavesOf(nodes, at + nodes[at + 2]! + 4);

describe('histogram gradient boosting has the trees of scikit-learn', () => {
  it.each(hist.cases)('$name', ({ kind, target, weighted, options, leaves, answer }) => {
    const { x, y } = data(kind);
    const sampleWeight = weighted
      ? numbers(23, 400, 1).map(([value]) => rounded(1 + Math.abs(value!) * 3, 2))
      : undefined;
    const { loss, ...rest } = options as Record<string, unknown>;
    const settings = { maxIter: 30, earlyStopping: false, ...rest };
    const fitOptions = sampleWeight === undefined ? {} : { sampleWeight };
    const test = held(kind);
    let actual: ArrayLike<number>;
    let saved: { trees: { nodes: { data: Int32Array } }[] };
    if (target === 'binary' || target === 'classes') {
      const edges = target === 'binary' ? [1] : [0, 2];
      const labels = y.map((value) => edges.filter((edge) => value >= edge).length);
      const model = new HistGradientBoostingClassifier(settings).fit(x, labels, fitOptions);
      const scores = model.decisionFunction(test);
      actual = 'data' in scores ? scores.data : scores;
      saved = model.toJSON() as typeof saved;
    } else {
      const numbersToFit = target === 'counts' ? y.map((value) => Math.floor(Math.exp(value / 2))) : y;
      const model = new HistGradientBoostingRegressor({ ...settings, loss: LOSSES[loss as string]! }).fit(
        x,
        numbersToFit,
        fitOptions,
      );
      actual = model.predict(test);
      saved = model.toJSON() as typeof saved;
    }
    expect(saved.trees.map((tree) => leavesOf(tree.nodes.data))).toEqual(leaves);
    expectClose(Array.from(actual), answer, { rtol: 1e-6, atol: 1e-7 });
  });
});
