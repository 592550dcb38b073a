export { exp, expm1, sigmoid, silu, tanh } from './exponential.ts';
export { cosh, sinh } from './hyperbolic.ts';
export { log, log1p, logSigmoid, softplus } from './logarithm.ts';
export { cos, sin, tan } from './trigonometric.ts';
