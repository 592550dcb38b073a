import { checkBoolean, checkInteger, checkNumber } from '@maru-ml/base';

/** Options of the solver that all machines with kernels share. */
export interface SolverOptions {
  /** Stop when no two coefficients violate the optimality conditions by more, > 0; 1e-3. */
  tol?: number;
  /** The most iterations; -1 for as many as it takes, up to 100 n or 10⁷, whichever is more; -1. */
  maxIter?: number;
  /** The megabytes of kernel rows that are kept, > 0; 200. */
  cacheSize?: number;
  /** Whether rows that seem to be done are left out on the way; true. */
  shrinking?: boolean;
}

/** The defaults of those options. */
export const SOLVER_DEFAULTS: Required<SolverOptions> = { tol: 1e-3, maxIter: -1, cacheSize: 200, shrinking: true };

/** Checks the options of the solver. @throws OptionError */
export function checkSolver(owner: string, { tol, maxIter, cacheSize, shrinking }: Required<SolverOptions>): void {
  checkNumber(owner, 'tol', tol, { above: 0 });
  if (maxIter !== -1) checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  checkNumber(owner, 'cacheSize', cacheSize, { above: 0 });
  checkBoolean(owner, 'shrinking', shrinking);
}
