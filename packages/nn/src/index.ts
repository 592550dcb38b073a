export { DataLoader, type DataLoaderOptions, type Dataset, type LoaderState } from './data-loader.ts';
export type { EarlyStopping } from './early-stopping.ts';
export {
  calculateGain,
  type InitOptions,
  initConstant,
  initNormal,
  initUniform,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  type Nonlinearity,
  orthogonal,
  xavierNormal,
  xavierUniform,
} from './init.ts';
export {
  ELU,
  GELU,
  Hardtanh,
  Identity,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  Maxout,
  Mish,
  PiecewiseLinear,
  PReLU,
  ReLU,
  SELU,
  Sigmoid,
  Sign,
  SiLU,
  Softmax,
  Softplus,
  Softsign,
  Step,
  Tanh,
} from './layers/activations.ts';
export { Conv1d, Conv2d, type ConvOptions, ConvTranspose2d, type Pair } from './layers/conv.ts';
export { Dropout, type DropoutOptions } from './layers/dropout.ts';
export { Embedding, type EmbeddingOptions } from './layers/embedding.ts';
export { Flatten } from './layers/flatten.ts';
export { Linear, type LinearOptions } from './layers/linear.ts';
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions, LayerNorm, type LayerNormOptions } from './layers/norm.ts';
export {
  AdaptiveAvgPool2d,
  AdaptiveMaxPool2d,
  AvgPool1d,
  AvgPool2d,
  MaxPool1d,
  MaxPool2d,
  type Pool1dOptions,
  type PoolOptions,
} from './layers/pool.ts';
export { Sequential } from './layers/sequential.ts';
export {
  accuracy,
  bceWithLogits,
  binaryCrossEntropy,
  hingeLoss,
  huberLoss,
  klDivLoss,
  type LossOptions,
  l1Loss,
  mseLoss,
  multiClassHingeLoss,
  nllLoss,
  type Reduction,
  smoothL1Loss,
} from './losses.ts';
export { type AnyModule, type LoadOptions, Module, type StateDict } from './module.ts';
export { type Summary, type SummaryRow, summary } from './summary.ts';
export {
  type History,
  type LossFunction,
  type Metric,
  type TrainableOptimizer,
  type TrainableScheduler,
  Trainer,
  type TrainerOptions,
  type TrainOptions,
} from './trainer.ts';
export type { EpochRecord } from './trainer-state.ts';
