export { cumsum } from './cumulative.ts';
export { dot } from './dot.ts';
export { argmax, argmin, max, min, prod } from './fold.ts';
export { meanVariance } from './moments.ts';
export { logSoftmax, logSumExp, softmax } from './softmax.ts';
export { logSoftmaxBackward, softmaxBackward } from './softmaxBackward.ts';
export { sum } from './sum.ts';
