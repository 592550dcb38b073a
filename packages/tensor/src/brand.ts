import type { Tensor } from './tensor.ts';

// Apart from the class, so that what only asks whether it was given a tensor does not bring all of it along.

/** What tells a tensor from other objects, whichever copy of the package made it. */
export const BRAND: unique symbol = /* @__PURE__ */ Symbol.for('maru.tensor') as never;

/** Whether `value` is a tensor, of this copy of the package or another. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && BRAND in value;
}
