export { answerSteps, joined } from './answers.ts';
export { grad, valueAndGrad } from './backward.ts';
export { bestClass, toLogProbabilities, toProbabilities } from './class-scores.ts';
export { type ClassWeight, checkClassWeight, classWeights } from './class-weight.ts';
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
  type Hook,
  isGradEnabled,
  type NotPromise,
  noGrad,
  record,
  type Vjp,
} from './graph.ts';
export { holdOut } from './hold-out.ts';
export { assign, buffer, free, parameter, resident, withViews, zeroGrad } from './inplace.ts';
export { allFinite, type Columns, type Matrix, type MatrixLike, type MatrixOptions, toMatrix } from './matrix.ts';
export { adaptiveAvgPool2d, adaptiveMaxPool2d } from './ops/adaptive-pooling.ts';
export { add, div, mul, neg, sub } from './ops/arithmetic.ts';
export { type BatchNormOptions, type BatchNormResult, batchNorm } from './ops/batch-norm.ts';
export { hardtanh, piecewiseLinear, softsign } from './ops/bounded.ts';
export { broadcastTo } from './ops/broadcast.ts';
export { cast } from './ops/cast.ts';
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/compare.ts';
export { type Conv1dOptions, type Conv2dOptions, conv1d, conv2d } from './ops/convolution.ts';
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
export { type CrossEntropyOptions, crossEntropy } from './ops/cross-entropy.ts';
export { cumprod, cumsum } from './ops/cumulative.ts';
export { diag, diagonal, tril, triu } from './ops/diagonal.ts';
export { type DropoutOptions, dropout } from './ops/dropout.ts';
export { einsum } from './ops/einsum.ts';
export { elu, selu } from './ops/elu.ts';
export { erf } from './ops/erf.ts';
export { exp, expm1, log, log1p } from './ops/exponential.ts';
export { argmax, argmin, max, min } from './ops/extrema.ts';
export { clamp, maximum, minimum } from './ops/extremes.ts';
export { gather, type Indices, indexSelect, scatter, scatterAdd } from './ops/gather.ts';
export { type GeluOptions, gelu } from './ops/gelu.ts';
export { cosh, sinh, tanh } from './ops/hyperbolic.ts';
export { type InterpolateOptions, interpolate } from './ops/interpolate.ts';
export { chunk, concat, split, stack, unbind } from './ops/join.ts';
export { type LayerNormOptions, layerNorm } from './ops/layer-norm.ts';
export { linear } from './ops/linear.ts';
export { logSumExp } from './ops/log-sum-exp.ts';
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
export { maxout } from './ops/maxout.ts';
export { norm } from './ops/norm.ts';
export { type OneHotOptions, oneHot } from './ops/one-hot.ts';
export { type Padding, type PadOptions, pad } from './ops/pad.ts';
export {
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  avgPool1d,
  avgPool2d,
  type MaxPool1dOptions,
  type MaxPool2dOptions,
  maxPool1d,
  maxPool2d,
} from './ops/pooling.ts';
export { pow } from './ops/pow.ts';
export { prod } from './ops/prod.ts';
export { dot, inner, outer } from './ops/products.ts';
export { median, quantile } from './ops/quantile.ts';
export { clone, flip, roll, type ShuffleOptions, shuffle } from './ops/rearrange.ts';
export { leakyRelu, prelu, relu } from './ops/relu.ts';
export { remainder } from './ops/remainder.ts';
export { flatten, squeeze, unsqueeze } from './ops/reshape.ts';
export { reciprocal, rsqrt, sqrt, square } from './ops/roots.ts';
export { ceil, floor, round, trunc } from './ops/rounding.ts';
export { type IndexPutOptions, index, indexPut, maskedSelect, nonzero } from './ops/select.ts';
export { reshape, transpose } from './ops/shape.ts';
export { logSigmoid, sigmoid, softplus } from './ops/sigmoid.ts';
export { abs, sign, step } from './ops/sign.ts';
export { mish, silu } from './ops/silu.ts';
export { type SliceRange, slice, sliceScatter } from './ops/slice.ts';
export { logSoftmax, softmax } from './ops/softmax.ts';
export { argsort, type Sorted, type SortOptions, sort, type TopkOptions, topk } from './ops/sort.ts';
export { type AxisOptions, mean, sum } from './ops/sum.ts';
export { type MeshgridOptions, meshgrid, repeatInterleave, tile } from './ops/tile.ts';
export {
  type ConvTranspose1dOptions,
  type ConvTranspose2dOptions,
  convTranspose1d,
  convTranspose2d,
} from './ops/transposed-convolution.ts';
export { acos, asin, atan, cos, sin, tan } from './ops/trigonometric.ts';
export { all, any, countNonzero } from './ops/truth.ts';
export { type SearchSortedOptions, searchsorted, type Unique, unique } from './ops/unique.ts';
export { std, type VarianceOptions, variance } from './ops/variance.ts';
export { where } from './ops/where.ts';
export type { Pair } from './ops/window.ts';
export { toRows } from './rows.ts';
export {
  type ArrayTypes,
  type DecodeOptions,
  decodeArray,
  decodeTensor,
  type EncodedArray,
  encodeArray,
  encodeTensor,
} from './saving/encode.ts';
export { saveBytes } from './saving/files.ts';
export {
  asSaved,
  checkSaved,
  savedBoolean,
  savedColumns,
  savedCount,
  savedLabels,
  savedNumber,
  savedString,
} from './saving/header.ts';
export { fromBytes, jsonFromBytes, toBytes } from './saving/model.ts';
export { keep, type Scope, scope } from './scope.ts';
export type { Shape } from './shape.ts';
export {
  checkSparse,
  isSparse,
  type SparseElement,
  type SparseRows,
  selectSparseRows,
  sparseFromElements,
  sparseMatmul,
  sparseRow,
  sparseRows,
  toDense,
  toSparse,
} from './sparse.ts';
export { Table } from './table.ts';
export {
  accuracyOf,
  checkOut,
  codesOf,
  type EncodedLabels,
  isLabel,
  labelsAt,
  rSquaredOf,
  takeRow,
  toLabels,
  toTargets,
} from './targets.ts';
export { isTensor, type NestedArray, Tensor, type TensorLike } from './tensor.ts';
