import { exp, log1p } from '@maru-ml/kernels/scalar';
import { bestClass, Table, toLogProbabilities, toProbabilities } from '@maru-ml/tensor';

// Raw predictions of classes, an output after the other [outputs, n], and what classifiers make of them. Two classes have one
// output, the logarithm of the odds of the second.

/** The scores row by row: [n, k], or [n] for two classes. */
export function decisionOf(raw: Float64Array, rows: number): Table | Float64Array {
  return raw.length === rows ? raw : new Table(byRow(raw, rows), rows, raw.length / rows);
}

/** The place of the most probable class of each row. */
export function codesOfRaw(raw: Float64Array, rows: number): Int32Array {
  if (raw.length === rows) return Int32Array.from(raw, (score) => (score > 0 ? 1 : 0));
  const scores = byRow(raw, rows);
  const k = raw.length / rows;
  return Int32Array.from({ length: rows }, (_, i) => bestClass(scores, i * k, k));
}

/** The probabilities [n, k]. */
export function probabilitiesOf(raw: Float64Array, rows: number): Table {
  if (raw.length > rows) {
    const scores = byRow(raw, rows);
    toProbabilities(scores, rows, raw.length / rows);
    return new Table(scores, rows, raw.length / rows);
  }
  const out = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    out[2 * i] = logistic(-raw[i]!);
    out[2 * i + 1] = logistic(raw[i]!);
  }
  return new Table(out, rows, 2);
}

/** The logarithms of the probabilities [n, k], exact for small ones too. */
export function logProbabilitiesOf(raw: Float64Array, rows: number): Table {
  if (raw.length > rows) {
    const scores = byRow(raw, rows);
    toLogProbabilities(scores, rows, raw.length / rows);
    return new Table(scores, rows, raw.length / rows);
  }
  const out = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    const rest = log1p(exp(-Math.abs(raw[i]!)));
    out[2 * i] = -Math.max(raw[i]!, 0) - rest;
    out[2 * i + 1] = Math.min(raw[i]!, 0) - rest;
  }
  return new Table(out, rows, 2);
}

/** 1 / (1 + e^-score). */
export function logistic(score: number): number {
  const e = exp(-Math.abs(score));
  return score >= 0 ? 1 / (1 + e) : e / (1 + e);
}

function byRow(raw: Float64Array, rows: number): Float64Array {
  const k = raw.length / rows;
  const out = new Float64Array(raw.length);
  for (let i = 0; i < rows; i++) for (let c = 0; c < k; c++) out[i * k + c] = raw[c * rows + i]!;
  return out;
}
