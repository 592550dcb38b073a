import { expOf as exp, logOf as log } from '@maru-ml/kernels/tensor';

// Scores of classes, row by row [n, k], and what classifiers make of them. The scores of two classes may be given as one
// number, that of the second less that of the first.

/** The place of the largest score of k from `at` on, of equals the first. */
export function bestClass(scores: ArrayLike<number>, at: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (scores[at + c]! > scores[at + best]!) best = c;
  return best;
}

/** Turns scores [n, k] into probabilities ∝ e^score, in place. */
export function toProbabilities(scores: Float64Array, n: number, k: number): void {
  for (let i = 0; i < n; i++) {
    const at = i * k;
    const largest = scores[at + bestClass(scores, at, k)]!;
    let sum = 0;
    for (let c = 0; c < k; c++) {
      scores[at + c] = exp(scores[at + c]! - largest);
      sum += scores[at + c]!;
    }
    for (let c = 0; c < k; c++) scores[at + c]! /= sum;
  }
}

/** Turns scores [n, k] into the logarithms of these probabilities, in place. */
export function toLogProbabilities(scores: Float64Array, n: number, k: number): void {
  for (let i = 0; i < n; i++) {
    const at = i * k;
    const largest = scores[at + bestClass(scores, at, k)]!;
    let sum = 0;
    for (let c = 0; c < k; c++) sum += exp(scores[at + c]! - largest);
    const total = largest + log(sum);
    for (let c = 0; c < k; c++) scores[at + c]! -= total;
  }
}
