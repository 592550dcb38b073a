import { bytes } from './generated/log.ts';
import { logOf } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'log'>(bytes);
const kernel = () => kernels()?.log;

/** out = ln x: -∞ at 0, NaN below. `out` has the length of `x` and may be `x`. */
export function log(x: NumberArray, out: NumberArray): void {
  apply(kernel, 0, 1, (v, short) => logOf(v, 0, short), x, out);
}
