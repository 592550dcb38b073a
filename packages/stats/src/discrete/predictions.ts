import { checkNumber, DataError, OptionError } from '@maru-ml/base';
import { Table } from '@maru-ml/tensor';
import type { Choice, ChoiceKind } from './choice.ts';
import type { DiscreteRows } from './fit.ts';

/** x b + offset of each equation in turn [m, n], for rows x [n, k]. @throws DataError where one overflows */
export function linearPredictors(
  kind: ChoiceKind,
  params: Float64Array,
  x: Float64Array,
  n: number,
  k: number,
  offset: Float64Array | null,
): Float64Array {
  const m = params.length / k;
  const eta = new Float64Array(m * n);
  for (let e = 0; e < m; e++) {
    for (let i = 0; i < n; i++) {
      let sum = offset === null ? 0 : offset[i]!;
      for (let j = 0; j < k; j++) sum += x[i * k + j]! * params[e * k + j]!;
      if (!Number.isFinite(sum)) throw tooLarge(kind, `x[${i}]`);
      eta[e * n + i] = sum;
    }
  }
  return eta;
}

/** A row of numbers of the J classes for each of the rows, written from their J - 1 linear predictors [n, J]. */
export function tableOf(
  eta: Float64Array,
  n: number,
  classes: number,
  write: (row: Float64Array, out: Float64Array) => void,
): Table {
  const out = new Float64Array(n * classes);
  const row = new Float64Array(classes - 1);
  for (let i = 0; i < n; i++) {
    for (let e = 0; e < row.length; e++) row[e] = eta[e * n + i]!;
    write(row, out.subarray(i * classes, (i + 1) * classes));
  }
  return new Table(out, n, classes);
}

/** The place of the class with the largest linear predictor, which is 0 for the first class [n]. */
export function mostProbable(eta: Float64Array, n: number): Int32Array {
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let at = i, code = 1; at < eta.length; at += n, code++) {
      if (eta[at]! <= largest) continue;
      codes[i] = code;
      largest = eta[at]!;
    }
  }
  return codes;
}

/** How often each class was predicted as each in the rows that were fitted [J, J]. @throws OptionError for a threshold that has no meaning */
export function predTableOf(
  kind: ChoiceKind,
  choice: Choice,
  { codes, fit }: DiscreteRows,
  classes: number,
  threshold: number | undefined,
): Table {
  if (threshold !== undefined) {
    checkNumber(kind, 'threshold', threshold, { min: 0, max: 1 });
    if (classes > 2) throw new OptionError(`${kind}: threshold is for two classes, but there are ${classes}`);
  }
  const n = codes.length;
  const predicted = mostProbable(fit.eta, n);
  const p = new Float64Array(classes);
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < n; i++) {
    let code = predicted[i]!;
    if (threshold !== undefined) {
      choice.probabilities(fit.eta.subarray(i, i + 1), p);
      code = p[1]! > threshold ? 1 : 0;
    }
    counts[codes[i]! * classes + code]! += 1;
  }
  return new Table(counts, classes, classes);
}

type ResidualName = 'residResponse' | 'residPearson' | 'residDev';

/** What residuals of two classes are, of the probabilities p of both and the place of the row's class. */
const RESIDUALS: Readonly<Record<ResidualName, (code: number, p: Float64Array) => number>> = {
  residResponse: (code, p) => (code === 1 ? p[0]! : -p[1]!),
  residPearson: (code, p) => (code === 1 ? p[0]! : -p[1]!) / Math.sqrt(p[0]! * p[1]!),
  residDev: (code, p) => (code === 1 ? 1 : -1) * Math.sqrt(-2 * Math.log(p[code]!)),
};

/** Residuals of the rows that were fitted [n]. @throws OptionError for more than two classes */
export function residualsOf(
  name: ResidualName,
  kind: ChoiceKind,
  choice: Choice,
  { codes, fit }: DiscreteRows,
): Float64Array {
  if (kind === 'MNLogit') throw new OptionError(`MNLogit: ${name} is for two classes; use predTable`);
  const p = new Float64Array(2);
  return Float64Array.from(codes, (code, i) => {
    choice.probabilities(fit.eta.subarray(i, i + 1), p);
    return RESIDUALS[name](code, p);
  });
}

export function tooLarge(kind: ChoiceKind, place: string): DataError {
  return new DataError(`${kind}: ${place} is too large: its linear predictor overflows`);
}
