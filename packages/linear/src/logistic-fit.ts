import { checkSampleWeight, DataError, type Steps, show } from '@maru-ml/base';
import { lbfgsSteps } from '@maru-ml/optim';
import {
  classWeights,
  isSparse,
  type Label,
  type MatrixLike,
  type SparseRows,
  toLabels,
  toRows,
} from '@maru-ml/tensor';
import { sumOf } from './centered.ts';
import { designOf, inUnits } from './design.ts';
import type { LogisticFit } from './logistic-model.ts';
import { LogisticObjective } from './logistic-objective.ts';
import type { LogisticRegressionSettings } from './logistic-regression.ts';
import { largestViolation, type NewtonResult, newton } from './newton.ts';

const OWNER = 'LogisticRegression';

/** The fit of `LogisticRegression`. Iterations are its steps. */
export function* fitLogistic<L extends Label>(
  settings: LogisticRegressionSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<L>,
  sampleWeight: ArrayLike<number> | undefined,
): Steps<LogisticFit<L>> {
  const rows = toRows(OWNER, x, { keepFloat32: true });
  const n = isSparse(rows) ? rows.shape[0] : rows.rows;
  const { classes, codes } = toLabels(OWNER, y, n);
  const weights = rowWeights(settings, classes, codes, checkSampleWeight(OWNER, sampleWeight, n));
  yield;
  const { penalty, C, l1Ratio, fitIntercept } = settings;
  const strength = penalty === null ? 0 : 1 / C;
  const parts = { l1: strength * l1Ratio, l2: strength * (1 - l1Ratio) };
  const design = yield* designOf(OWNER, rows, fitIntercept, parts.l2 / sumOf(weights));
  const objective = new LogisticObjective(design, codes, classes.length, weights, parts);
  const v = new Float64Array(objective.size);
  const result = yield* minimum(objective, v, settings);
  const { coef, intercept } = inUnits(design, objective.k, v);
  // The same shift of all classes changes no probability; a single score has none.
  const shift = objective.k > 1 ? sumOf(intercept) / objective.k : 0;
  const warning = warningOf(objective, settings, result);
  return {
    classes,
    coef,
    intercept: intercept.map((value) => value - shift),
    nIter: result.nIter,
    converged: warning === '',
    warning,
  };
}

/** The weights of the rows times those of their classes. @throws DataError unless two classes weigh something */
function rowWeights<L extends Label>(
  { classWeight }: LogisticRegressionSettings,
  classes: readonly L[],
  codes: Int32Array,
  sampleWeight: Float64Array | null,
): Float64Array {
  if (classes.length < 2)
    throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
  const ofClass = classWeights(OWNER, classWeight, classes, codes);
  const weights = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) weights[i] = ofClass[codes[i]!]! * (sampleWeight?.[i] ?? 1);
  for (const [code, label] of classes.entries()) {
    if (codes.some((other, i) => other === code && weights[i]! > 0)) continue;
    throw new DataError(`${OWNER}: all rows of class ${show(label)} weigh 0; leave them out`);
  }
  return weights;
}

/** Up to so many coefficients a Newton step costs less than the L-BFGS steps that it saves. */
const FEW = 150;

function* minimum(
  objective: LogisticObjective,
  v: Float64Array,
  { solver, penalty, l1Ratio, tol, maxIter }: LogisticRegressionSettings,
): Steps<NewtonResult> {
  const isSmooth = penalty === null || l1Ratio === 0;
  const isLbfgs = solver === 'auto' ? isSmooth && objective.size > FEW : solver === 'lbfgs';
  if (!isLbfgs) return yield* newton(objective, v, { tol, maxIter });
  const gradient = new Float64Array(v.length);
  const f = function* (point: Float64Array) {
    return { value: yield* objective.evaluate(point, gradient), gradient };
  };
  const found = yield* lbfgsSteps(f, v, { maxIter, gtol: tol, ftol: 0 });
  v.set(found.x);
  const violation = largestViolation(objective, v, found.gradient);
  // The probabilities at the end are asked for afterwards.
  yield* objective.evaluate(v, gradient);
  return { nIter: found.nIter, converged: violation <= tol, violation };
}

function warningOf(
  objective: LogisticObjective,
  { penalty, maxIter, tol }: LogisticRegressionSettings,
  { nIter, converged, violation }: NewtonResult,
): string {
  if (penalty === null && objective.separates()) {
    return 'the classes are separable, so that without a penalty coefficients grow without end; use penalty l2';
  }
  if (converged) return '';
  if (violation <= tol) {
    return 'columns are so nearly dependent, or classes so nearly separable, that coefficients are hardly determined; use penalty l2';
  }
  const left = `the gradient is ${violation.toPrecision(2)}, tol is ${tol}`;
  return nIter === maxIter ? `maxIter was reached, ${left}` : `no lower point was found, ${left}`;
}
