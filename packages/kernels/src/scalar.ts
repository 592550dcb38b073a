import { expm1Of, longExp, longLog, longLog1p } from './lanes.ts';

// The functions of `math` for one number, to the same last bit as in arrays: for algorithms that need one at a time, and for
// bundles that cannot afford a kernel.

/** eˣ of one number. */
export function exp(x: number): number {
  return longExp(x);
}

/** eˣ - 1 of one number, exact to the last digits for small x too. */
export function expm1(x: number): number {
  return expm1Of(x, false);
}

/** ln x of one number: -∞ at 0, NaN below. */
export function log(x: number): number {
  return longLog(x, 0);
}

/** ln(1 + x) of one number, exact to the last digits for small x too. */
export function log1p(x: number): number {
  return longLog1p(x);
}
