export { erf, erfc, gelu } from './errorFunction.ts';
export { exp, expm1, sigmoid, silu, tanh } from './exponential.ts';
export { cosh, sinh } from './hyperbolic.ts';
export { acos, asin, atan } from './inverse.ts';
export { log } from './log.ts';
export { pow } from './power.ts';
export { log1p, logSigmoid, softplus } from './softplus.ts';
export { cos, sin, tan } from './trigonometric.ts';
export { rsqrt, sigmoidBackward, tanhBackward } from './unary.ts';
