import type { Run } from './kernel-machine.ts';

/** The pairs (0, 1), (0, 2), …, (1, 2), … of k classes, each of which has a machine of its own. */
export function pairsOf(k: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < k; a++) for (let b = a + 1; b < k; b++) pairs.push([a, b]);
  return pairs;
}

/** Where each pair's coefficients lie in dualCoef [k - 1, s], whose columns go class by class. */
export function runsOf(nSupport: Int32Array): Run[][] {
  const starts = [0];
  for (const count of nSupport) starts.push(starts.at(-1)! + count);
  const s = starts.at(-1)!;
  const run = (c: number, row: number): Run => [starts[c]!, starts[c + 1]!, row * s + starts[c]!];
  return pairsOf(nSupport.length).map(([a, b]) => [run(a, b - 1), run(b, a)]);
}
