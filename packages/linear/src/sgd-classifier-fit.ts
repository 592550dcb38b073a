import { checkSampleWeight, DataError, type RandomState, type RandomStream, type Steps, show } from '@maru-ml/base';
import {
  accuracyOf,
  classWeights,
  codesOf,
  holdOut,
  isSparse,
  type Label,
  type Matrix,
  type MatrixLike,
  type SparseRows,
  toLabels,
  toRows,
} from '@maru-ml/tensor';
import { checkSize, largestSize } from './centered.ts';
import { ClassPredictor } from './class-predictor.ts';
import { selectNumbers, selectRows } from './folds.ts';
import type { SgdState } from './sgd.ts';
import { type SgdData, type SgdResult, sgd } from './sgd.ts';
import type { SGDClassifierSettings } from './sgd-classifier.ts';
import { type JointLoss, lossOf, multiclassHinge, single } from './sgd-losses.ts';
import { sgdSettings } from './sgd-options.ts';
import { copyState, freshState, stateOf } from './sgd-state.ts';

/** What a fit found out, and what the next one goes on from. */
export interface SgdClassifierFit<L extends Label> {
  classes: readonly L[];
  settings: SGDClassifierSettings;
  /** The weights of the classes [k]. */
  classWeights: Float64Array;
  state: SgdState;
  nIter: number;
  converged: boolean;
  random: RandomState;
}

/** The classes of a first batch, which may not have rows of each. */
export interface FirstBatch<L extends Label> {
  sampleWeight?: ArrayLike<number> | undefined;
  classes?: ArrayLike<L> | undefined;
}

/** The first fit. Epochs are its steps. */
export function* fitSgdClassifier<L extends Label>(
  owner: string,
  settings: SGDClassifierSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<L>,
  options: FirstBatch<L>,
  random: RandomStream,
): Steps<SgdClassifierFit<L>> {
  const rows = toRows(owner, x, { keepFloat32: true });
  yield;
  const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
  const given = options.classes === undefined ? null : toLabels(owner, options.classes, options.classes.length).classes;
  const found = toLabels(owner, y, n);
  yield;
  const classes = given ?? found.classes;
  if (classes.length < 2) {
    throw new DataError(`${owner}: y must have at least two classes, got only ${show(classes[0])}`);
  }
  const codes = given === null ? found.codes : knownCodes(owner, y, n, given, 'the option classes');
  const ofClass = classWeights(owner, settings.classWeight, classes, codes);
  const weights = checkSampleWeight(owner, options.sampleWeight, n);
  const scores = classes.length === 2 ? 1 : classes.length;
  const state = freshState(scores, d, Number(settings.average) > 0);
  yield;
  const result = yield* descend(owner, settings, rows, codes, weights, ofClass, state, random);
  state.t += result.nIter * n;
  return { classes, settings, classWeights: ofClass, state, ...result, random: random.state };
}

/** One epoch more, over other rows. */
export function* updateSgdClassifier<L extends Label>(
  owner: string,
  fit: SgdClassifierFit<L>,
  x: MatrixLike | SparseRows,
  y: ArrayLike<L>,
  sampleWeight: ArrayLike<number> | undefined,
  random: RandomStream,
): Steps<SgdClassifierFit<L>> {
  const d = fit.state.coef.length / fit.state.intercept.length;
  const rows = toRows(owner, x, { keepFloat32: true, columns: d });
  const n = isSparse(rows) ? rows.shape[0] : rows.rows;
  const codes = knownCodes(owner, y, n, fit.classes, 'the classes of the model');
  const weights = checkSampleWeight(owner, sampleWeight, n);
  const state = copyState(fit.state);
  const settings = { ...fit.settings, maxIter: 1, tol: null, earlyStopping: false };
  yield;
  yield* descend(owner, settings, rows, codes, weights, fit.classWeights, state, random);
  state.t += n;
  return { ...fit, state, nIter: 1, converged: false, random: random.state };
}

/** All scores one after the other, each of a class against the others; or together, for the multi-class hinge. */
function* descend(
  owner: string,
  settings: SGDClassifierSettings,
  rows: Matrix | SparseRows,
  codes: Int32Array,
  sampleWeight: Float64Array | null,
  ofClass: Float64Array,
  state: SgdState,
  random: RandomStream,
): Steps<SgdResult> {
  checkSize(owner, 'x', largestSize(rows.data));
  yield;
  const k = state.intercept.length;
  const { train, test } = settings.earlyStopping
    ? yield* holdOut(owner, codes.length, settings.validationFraction, codes, random)
    : { train: codes.map((_, i) => i), test: null };
  yield;
  // One against all others, the others weigh 1, as in scikit-learn.
  const weightsFor = (positive: number | null) =>
    new Float64Array(codes).map((code, i) => {
      const weight = positive === null || code === positive ? ofClass[code]! : 1;
      return weight * (sampleWeight?.[i] ?? 1);
    });
  const heldOut = test === null ? null : selectRows(rows, test);
  const heldWeights = test === null || sampleWeight === null ? null : selectNumbers(sampleWeight, test);
  const validator = (truth: Int32Array) => {
    if (heldOut === null) return null;
    const wanted = Int32Array.from(test!, (i) => truth[i]!);
    const labels = Array.from({ length: ofClass.length }, (_, c) => c);
    return (coef: Float64Array, intercept: Float64Array) => {
      const classes = intercept.length === 1 ? [0, 1] : labels;
      const predictor = new ClassPredictor(owner, classes, coef, intercept);
      return accuracyOf(predictor.codesOfRows(heldOut), wanted, heldWeights);
    };
  };
  const joint = settings.loss === 'multiclassHinge' && k > 1;
  const loss = settings.loss === 'multiclassHinge' ? 'hinge' : settings.loss;
  const ofOne = lossOf(loss, settings.epsilon);
  const descent = sgdSettings(settings);
  const run = (
    part: SgdState,
    truth: Float64Array,
    weights: Float64Array,
    of: JointLoss,
    validate: SgdData['validate'],
  ) => {
    const typicalSlope = (score: number) => ofOne.slope(score, 1);
    const own = random.fork();
    const data = { rows, truth, weights, places: train, validate, typicalSlope };
    return sgd(owner, data, of, descent, part, settings.shuffle ? own : null);
  };
  if (joint) {
    return yield* run({ ...state }, Float64Array.from(codes), weightsFor(null), multiclassHinge, validator(codes));
  }

  let [nIter, converged, told] = [0, true, 0];
  for (let c = 0; c < k; c++) {
    const positive = k === 1 ? 1 : c;
    const truth = new Float64Array(codes).map((code) => (code === positive ? 1 : -1));
    yield;
    const validate = validator(codes.map((code) => Number(code === positive)));
    yield;
    const weights = weightsFor(k === 1 ? null : c);
    yield;
    const steps = run(stateOf(state, c), truth, weights, single(ofOne), validate);
    let goOn: unknown;
    for (;;) {
      const { done, value } = steps.next(goOn);
      if (done) {
        nIter = Math.max(nIter, value.nIter);
        converged &&= value.converged;
        break;
      }
      const progress = value === undefined ? undefined : { ...value, step: ++told, total: k * settings.maxIter };
      goOn = yield progress;
    }
    if (goOn === false) break;
  }
  return { nIter, converged };
}

function knownCodes<L extends Label>(
  owner: string,
  y: ArrayLike<L>,
  n: number,
  classes: readonly L[],
  where: string,
): Int32Array {
  const codes = codesOf(owner, y, n, classes);
  const unknown = codes.indexOf(-1);
  if (unknown >= 0) throw new DataError(`${owner}: y[${unknown}] is ${show(y[unknown])}, which is not among ${where}`);
  return codes;
}
