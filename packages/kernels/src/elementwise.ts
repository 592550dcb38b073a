export {
  add,
  axpy,
  clamp,
  div,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  remainder,
  square,
  sub,
} from './arithmetic.ts';
export { equal, greater, greaterEqual, less, lessEqual, notEqual, where } from './compare.ts';
export { cast, expand, fill, transpose } from './layout.ts';
export { standardize } from './standardize.ts';
export { abs, ceil, floor, leakyRelu, relu, reluBackward, round, sign, sqrt, trunc } from './unary.ts';
