export { type DType, isDType, promoteTypes, type TypedArray } from './dtype.ts';
export type {
  Classifier,
  ClassifierModel,
  Clusterer,
  ClusterModel,
  Estimator,
  IterativeModel,
  Label,
  Model,
  PredictingClusterModel,
  Regressor,
  RegressorModel,
  ScoreOptions,
  Transformer,
  TransformerModel,
} from './estimators.ts';
export { type CheckpointInput, checkpoint, type Rewindable } from './functional/checkpoint.ts';
export { type CustomVjp, customGrad } from './functional/custom-grad.ts';
export { type Graph, type GraphEdge, type GraphNode, graphOf } from './functional/graph-of.ts';
export { type DerivativeOptions, hessian, hvp, jacobian } from './functional/jacobian.ts';
export {
  type BackwardOptions,
  enableGrad,
  type GradNode,
  type GradOptions,
  grad,
  type Hook,
  isGradEnabled,
  type NotPromise,
  noGrad,
  record,
  type Vjp,
  valueAndGrad,
} from './graph.ts';
export { assign, buffer, free, parameter, resident, withViews, zeroGrad } from './inplace.ts';
export { type Columns, type Matrix, type MatrixLike, type MatrixOptions, toMatrix } from './matrix.ts';
export { add, div, mul, neg, sub } from './ops/arithmetic.ts';
export { broadcastTo } from './ops/broadcast.ts';
export { cast } from './ops/cast.ts';
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/compare.ts';
export {
  arange,
  bernoulli,
  eye,
  fromTypedArray,
  full,
  linspace,
  normal,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randn,
  randperm,
  type TensorData,
  type TensorOptions,
  tensor,
  uniform,
  zeros,
  zerosLike,
} from './ops/create.ts';
export { diag, diagonal, tril, triu } from './ops/diagonal.ts';
export { exp, log } from './ops/exponential.ts';
export { gather, type Indices, indexSelect, scatter, scatterAdd } from './ops/gather.ts';
export { chunk, concat, split, stack, unbind } from './ops/join.ts';
export {
  allClose,
  type CloseOptions,
  isFinite,
  isNaN,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
} from './ops/logical.ts';
export { type MatmulOptions, matmul } from './ops/matmul.ts';
export { type OneHotOptions, oneHot } from './ops/one-hot.ts';
export { type Padding, type PadOptions, pad } from './ops/pad.ts';
export { pow } from './ops/pow.ts';
export { clone, flip, roll, type ShuffleOptions, shuffle } from './ops/rearrange.ts';
export { flatten, squeeze, unsqueeze } from './ops/reshape.ts';
export { type IndexPutOptions, index, indexPut, maskedSelect, nonzero } from './ops/select.ts';
export { reshape, transpose } from './ops/shape.ts';
export { type SliceRange, slice, sliceScatter } from './ops/slice.ts';
export { argsort, type Sorted, type SortOptions, sort, type TopkOptions, topk } from './ops/sort.ts';
export { type AxisOptions, mean, sum } from './ops/sum.ts';
export { type MeshgridOptions, meshgrid, repeatInterleave, tile } from './ops/tile.ts';
export { type SearchSortedOptions, searchsorted, type Unique, unique } from './ops/unique.ts';
export { where } from './ops/where.ts';
export {
  type ArrayTypes,
  type DecodeOptions,
  decodeArray,
  decodeTensor,
  type EncodedArray,
  encodeArray,
  encodeTensor,
} from './saving/encode.ts';
export { checkSaved, savedBoolean, savedNumber } from './saving/header.ts';
export { modelFromBytes, modelToBytes } from './saving/model.ts';
export { keep, type Scope, scope } from './scope.ts';
export type { Shape } from './shape.ts';
export { isTensor, type NestedArray, Tensor, type TensorLike } from './tensor.ts';
