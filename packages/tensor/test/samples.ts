import type * as tensor from '../src/index.ts';
import type { Sample } from './draw.ts';
import { core } from './samples/core.ts';
import { elementwise } from './samples/elementwise.ts';
import { moving } from './samples/moving.ts';

/** Exported functions that are no differentiable operations, and so have no sample. */
export const plain = [
  'allClose',
  'arange',
  'argsort',
  'assign',
  'bernoulli',
  'buffer',
  'decodeArray',
  'decodeTensor',
  'enableGrad',
  'encodeArray',
  'encodeTensor',
  'equal',
  'eye',
  'free',
  'fromTypedArray',
  'full',
  'grad',
  'greater',
  'greaterEqual',
  'isDType',
  'isFinite',
  'isGradEnabled',
  'isNaN',
  'isTensor',
  'keep',
  'less',
  'lessEqual',
  'linspace',
  'logicalAnd',
  'logicalNot',
  'logicalOr',
  'logicalXor',
  'modelFromBytes',
  'modelToBytes',
  'noGrad',
  'nonzero',
  'normal',
  'notEqual',
  'oneHot',
  'ones',
  'onesLike',
  'parameter',
  'promoteTypes',
  'rand',
  'randint',
  'randn',
  'randperm',
  'record',
  'resident',
  'scope',
  'searchsorted',
  'Tensor',
  'tensor',
  'toMatrix',
  'uniform',
  'unique',
  'valueAndGrad',
  'withViews',
  'zeroGrad',
  'zeros',
  'zerosLike',
] as const;

/** What must have a sample: a name exported by the package that is neither here nor in `plain` does not compile. */
type Operation = Exclude<keyof typeof tensor, (typeof plain)[number]>;

/** For each differentiable operation one sample, or several where it has several ways to work. */
export const samples: Readonly<Record<Operation, Sample | readonly Sample[]>> = {
  ...core,
  ...elementwise,
  ...moving,
};
