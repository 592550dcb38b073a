import { checkSampleWeight, DataError, type Progress, type Steps, show } from '@maru-ml/base';
import { classWeights, type Label, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { type Kernel, type KernelFunctions, kernelFor } from './kernel.ts';
import { solveRows } from './kernel-rows.ts';
import { pairsOf, runsOf } from './pairs.ts';
import { calibrate, type Sigmoid } from './platt.ts';
import { checkGram, copied } from './rows.ts';
import { supportVectors } from './single-machine.ts';
import type { DualSolution, SolverSettings } from './smo.ts';
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
  const pairs = pairsOf(classes.length).map(([a, b]) =>
    twoClasses(members[a]!, members[b]!, classes.length === 2 ? -1 : 1, bound),
  );
  const solutions: DualSolution[] = [];
  const machines: Machines = { kernel, data, d, solver, stopped: false };
  for (const pair of pairs) solutions.push(yield* solveTwo(machines, pair));
  const sigmoids = settings.probability ? yield* calibrate(machines, pairs) : null;
  const { decisionFunctionShape, breakTies } = settings;
  const parts = arrange(members, pairs, solutions, n);
  return {
    classes,
    kernel,
    d,
    vectors: supportVectors(kernel, data, d, parts.support),
    ...parts,
    intercept: Float64Array.from(solutions, ({ bias }) => bias),
    margin: Float64Array.from(solutions, ({ squaredNorm }) =>
      squaredNorm > 0 ? 2 / Math.sqrt(squaredNorm) : Number.POSITIVE_INFINITY,
    ),
    sigmoids,
    decisionFunctionShape,
    breakTies,
    nIter: solutions.reduce((sum, { nIter }) => sum + nIter, 0),
    converged: solutions.every(({ converged }) => converged),
  };
}

/** What machines of two classes have in common. */
export interface Machines {
  kernel: Kernel;
  data: Float64Array;
  d: number;
  solver: SolverSettings;
  /** Whether the fit was told to stop: then no other machine is started. */
  stopped: boolean;
}

/** Minimizes ½ βᵀKβ - yᵀβ for one pair, with β = y α; all of the solution is 0 once the fit was told to stop. */
export function* solveTwo(machines: Machines, { rows, signs, bounds }: TwoClasses): Steps<DualSolution> {
  const start = new Float64Array(rows.length);
  if (machines.stopped) {
    return { beta: start, bias: 0, objective: 0, squaredNorm: 0, nIter: 0, converged: false, stopped: true };
  }
  const { kernel, data, d, solver } = machines;
  const problem = {
    linear: signs.map((sign) => -sign),
    lower: signs.map((sign, i) => (sign > 0 ? 0 : -bounds[i]!)),
    upper: signs.map((sign, i) => (sign > 0 ? bounds[i]! : 0)),
    epsilon: 0,
    start,
  };
  const solution = yield* solveRows(kernel, data, d, rows, problem, solver);
  machines.stopped = solution.stopped;
  return solution;
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
  solutions: readonly DualSolution[],
  n: number,
): Pick<SvcFit<Label>, 'support' | 'nSupport' | 'dualCoef'> {
  const supports = new Uint8Array(n);
  for (const [p, { beta }] of solutions.entries()) {
    for (const [at, b] of beta.entries()) if (b !== 0) supports[pairs[p]!.rows[at]!] = 1;
  }
  const byClass = members.map((places) => places.filter((i) => supports[i] === 1));
  const support = Int32Array.from(byClass.flat());
  const nSupport = Int32Array.from(byClass, (places) => places.length);
  const dualCoef = new Float64Array((members.length - 1) * support.length);
  for (const [p, runs] of runsOf(nSupport).entries()) {
    const betas = new Float64Array(n);
    for (const [at, b] of solutions[p]!.beta.entries()) betas[pairs[p]!.rows[at]!] = b;
    for (const [from, to, at] of runs)
      dualCoef.set(
        Float64Array.from(support.subarray(from, to), (i) => betas[i]!),
        at,
      );
  }
  return { support, nSupport, dualCoef };
}
