import { counted, show } from '@maru-ml/base';

/** `Ridge { alpha: 1, solver: 'auto' }`. */
export function describeEstimator(owner: string, options: object): string {
  const shown = Object.entries(options).map(([name, value]) => `${name}: ${show(value)}`);
  return `${owner} { ${shown.join(', ')} }`;
}

/** `RidgeModel: 3 coefficients (1, 2, -0.5), intercept 4`. */
export function describeLine(owner: string, { coef, intercept }: { coef: Float64Array; intercept: number }): string {
  return `${owner}Model: ${describeNumbers(coef, 'coefficient')}, intercept ${short(intercept)}`;
}

/** `3 coefficients (1, 2, -0.5)`; only their number if there are many. */
export function describeNumbers(values: Float64Array, what: string): string {
  const shown = values.length > 6 ? '' : ` (${Array.from(values, short).join(', ')})`;
  return `${counted(values.length, what)}${shown}`;
}

/** With six digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
