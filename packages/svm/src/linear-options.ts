import { checkBoolean, checkInteger, checkNumber, checkSeed, type Seed } from '@maru-ml/base';

/** Options that both linear machines share. */
export interface LinearOptions {
  /** How much errors weigh, > 0; 1. */
  C?: number;
  /** Whether there is an intercept b; true. */
  fitIntercept?: boolean;
  /** What stands in the column for the intercept, > 0: the more, the less b is penalized; 1. */
  interceptScaling?: number;
  /** Stop when no derivative violates the optimality conditions by more, > 0; 1e-4. */
  tol?: number;
  /** The most passes over the rows; 1000. */
  maxIter?: number;
  /** What the order of the rows is drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** They with their defaults. */
export type LinearSettings = Readonly<Required<Omit<LinearOptions, 'seed'>> & { seed: Seed | undefined }>;

export const LINEAR_OPTIONS: readonly string[] = ['C', 'fitIntercept', 'interceptScaling', 'tol', 'maxIter', 'seed'];

/** Checks them. @throws OptionError */
export function checkLinear(owner: string, options: LinearOptions): LinearSettings {
  const { C = 1, fitIntercept = true, interceptScaling = 1, tol = 1e-4, maxIter = 1000, seed } = options;
  checkNumber(owner, 'C', C, { above: 0 });
  checkBoolean(owner, 'fitIntercept', fitIntercept);
  checkNumber(owner, 'interceptScaling', interceptScaling, { above: 0 });
  checkNumber(owner, 'tol', tol, { above: 0 });
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  return { C, fitIntercept, interceptScaling, tol, maxIter, seed };
}
