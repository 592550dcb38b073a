import { checkSampleWeight, DataError, type Progress, type Steps, show } from '@maru-ml/base';
import { classWeights, type Label, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { type Kernel, type KernelFunctions, kernelFor } from './kernel.ts';
import { kernelRows } from './kernel-rows.ts';
import { calibrate, type Sigmoid } from './platt.ts';
import { checkGram, copied, vectorsOf } from './rows.ts';
import { type DualSolution, type SolverSettings, solve } from './smo.ts';
import type { SVCSettings } from './svc.ts';

const OWNER = 'SVC';

/** What a fit found out; arrays are laid out as in `SVCModel`. */
export interface SvcFit<L extends Label> {
  classes: readonly L[];
  kernel: Kernel;
  d: number;
  support: Int32Array;
  nSupport: Int32Array;
  /** [s, d]; empty for 'precomputed'. */
  vectors: Float64Array;
  /** [k - 1, s]. */
  dualCoef: Float64Array;
  intercept: Float64Array;
  /** 2 / ‖w‖ of each pair. */
  margin: Float64Array;
  /** Of each pair; null without probabilities. */
  sigmoids: readonly Sigmoid[] | null;
  decisionFunctionShape: 'ovr' | 'ovo';
  breakTies: boolean;
  nIter: number;
  converged: boolean;
}

/** Rows of two classes with the signs of their labels and the bounds of their multipliers. */
export interface TwoClasses {
  /** Places in x [m]. */
  rows: Int32Array;
  /** 1 or -1 [m]. */
  signs: Float64Array;
  /** [m]. */
  bounds: Float64Array;
}

/** The fit of `SVC`: one machine for each pair of classes. Iterations of all of them are its steps. */
export function* fitSvc<L extends Label>(
  settings: SVCSettings,
  functions: KernelFunctions,
  x: MatrixLike,
  y: ArrayLike<L>,
  sampleWeight: ArrayLike<number> | undefined,
): Steps<SvcFit<L>> {
  const matrix = toMatrix(OWNER, x);
  const { rows: n, columns: d } = matrix;
  const data = yield* copied(matrix.data);
  const { classes, codes } = toLabels(OWNER, y, n);
  const weights = checkSampleWeight(OWNER, sampleWeight, n);
  const ofClass = classWeights(OWNER, settings.classWeight, classes, codes);
  const bound = (i: number) => settings.C * ofClass[codes[i]!]! * (weights?.[i] ?? 1);
  const members = membersOf(classes, codes, bound);
  yield;
  if (settings.kernel === 'precomputed') yield* checkGram(OWNER, data, n, d);
  const kernel = yield* kernelFor(OWNER, settings, functions, data, d);

  let step = 0;
  const solver: SolverSettings = {
    ...settings,
    owner: OWNER,
    tell: (violation): Progress => ({ step: ++step, unit: 'iteration', metrics: { violation } }),
  };
  const k = classes.length;
  const pairs: TwoClasses[] = [];
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) pairs.push(twoClasses(members[a]!, members[b]!, k === 2 ? -1 : 1, bound));
  }
  const solutions: (DualSolution | null)[] = [];
  let stopped = false;
  for (const pair of pairs) {
    const solution: DualSolution | null = stopped ? null : yield* solveTwo(kernel, data, d, pair, solver);
    stopped ||= solution!.stopped;
    solutions.push(solution);
  }
  const sigmoids = settings.probability
    ? yield* calibrate({ kernel, data, d, pairs, solver, seed: settings.seed, stopped })
    : null;
  const nIter = solutions.reduce((sum, solution) => sum + (solution?.nIter ?? 0), 0);
  const converged = !stopped && solutions.every((solution) => solution?.converged === true);
  const margin = Float64Array.from(solutions, (solution) => {
    const squaredNorm = solution?.squaredNorm ?? 0;
    return squaredNorm > 0 ? 2 / Math.sqrt(squaredNorm) : Number.POSITIVE_INFINITY;
  });
  const { decisionFunctionShape, breakTies } = settings;
  const parts = arrange(members, pairs, solutions, n);
  const vectors = kernel.name === 'precomputed' ? new Float64Array(0) : vectorsOf(data, d, parts.support);
  return {
    classes,
    kernel,
    d,
    vectors,
    ...parts,
    margin,
    sigmoids,
    decisionFunctionShape,
    breakTies,
    nIter,
    converged,
  };
}

/** Minimizes ½ βᵀKβ - yᵀβ for one pair, with β = y α. */
export function* solveTwo(
  kernel: Kernel,
  x: Float64Array,
  d: number,
  { rows, signs, bounds }: TwoClasses,
  settings: SolverSettings,
): Steps<DualSolution> {
  const rowsOfKernel = yield* kernelRows(OWNER, kernel, x, d, rows);
  try {
    return yield* solve(
      {
        kernel: rowsOfKernel,
        linear: signs.map((sign) => -sign),
        lower: signs.map((sign, i) => (sign > 0 ? 0 : -bounds[i]!)),
        upper: signs.map((sign, i) => (sign > 0 ? bounds[i]! : 0)),
        epsilon: 0,
        start: new Float64Array(rows.length),
      },
      settings,
    );
  } finally {
    rowsOfKernel.free();
  }
}

/** The places of each class's rows that weigh something. @throws DataError unless each of two classes or more has some */
function membersOf<L extends Label>(
  classes: readonly L[],
  codes: Int32Array,
  bound: (i: number) => number,
): number[][] {
  if (classes.length < 2) {
    throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
  }
  const members: number[][] = classes.map(() => []);
  for (const [i, code] of codes.entries()) if (bound(i) > 0) members[code]!.push(i);
  for (const [code, places] of members.entries()) {
    if (places.length > 0) continue;
    throw new DataError(`${OWNER}: all rows of class ${show(classes[code])} weigh 0; leave them out`);
  }
  return members;
}

/** @param sign of the first class */
function twoClasses(first: number[], second: number[], sign: number, bound: (i: number) => number): TwoClasses {
  const rows = Int32Array.from([...first, ...second]);
  const signs = new Float64Array(rows.length).fill(sign, 0, first.length).fill(-sign, first.length);
  return { rows, signs, bounds: Float64Array.from(rows, bound) };
}

/** Lays out support vectors by class, and each pair's coefficients where LIBSVM has them. */
function arrange(
  members: readonly number[][],
  pairs: readonly TwoClasses[],
  solutions: readonly (DualSolution | null)[],
  n: number,
): Pick<SvcFit<Label>, 'support' | 'nSupport' | 'dualCoef' | 'intercept'> {
  const supports = new Uint8Array(n);
  for (const [p, solution] of solutions.entries()) {
    solution?.beta.forEach((b, at) => {
      if (b !== 0) supports[pairs[p]!.rows[at]!] = 1;
    });
  }
  const byClass = members.map((places) => places.filter((i) => supports[i] === 1));
  const support = Int32Array.from(byClass.flat());
  const nSupport = Int32Array.from(byClass, (places) => places.length);
  const column = new Int32Array(n);
  for (const [s, i] of support.entries()) column[i] = s;
  const k = members.length;
  const dualCoef = new Float64Array((k - 1) * support.length);
  let p = 0;
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++, p++) {
      const size = members[a]!.length;
      solutions[p]?.beta.forEach((value, at) => {
        if (value !== 0) dualCoef[(at < size ? b - 1 : a) * support.length + column[pairs[p]!.rows[at]!]!] = value;
      });
    }
  }
  const intercept = Float64Array.from(solutions, (solution) => solution?.bias ?? 0);
  return { support, nSupport, dualCoef, intercept };
}
