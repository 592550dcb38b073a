export { fromBytes, toBytes } from '@maru-ml/tensor';
export { cholesky, choleskySolve } from './cholesky.ts';
export { det, type LogDeterminant, slogdet } from './determinant.ts';
export { type ComplexTensor, type Eig, eig } from './eig.ts';
export { type Eigh, eigh, eigvalsh } from './eigh.ts';
export {
  FactorAnalysis,
  type FactorAnalysisOptions,
  type FactorAnalysisSettings,
} from './estimators/factor-analysis.ts';
export { FactorAnalysisModel } from './estimators/factor-analysis-model.ts';
export { type FisherDiscriminant, fisherDiscriminant } from './estimators/fisher.ts';
export { HebbianPCA, type HebbianPCAOptions, type HebbianPCASettings } from './estimators/hebbian-pca.ts';
export { HebbianPCAModel } from './estimators/hebbian-pca-model.ts';
export { hypercubeEdge } from './estimators/hypercube.ts';
export type { KernelFunction, KernelName } from './estimators/kernel.ts';
export {
  KernelPCA,
  type KernelPCAFitAsyncOptions,
  type KernelPCAFitOptions,
  type KernelPCAOptions,
  type KernelPCASettings,
} from './estimators/kernel-pca.ts';
export { KernelPCAModel } from './estimators/kernel-pca-model.ts';
export {
  LinearDiscriminantAnalysis,
  type LinearDiscriminantAnalysisOptions,
  type LinearDiscriminantAnalysisSettings,
} from './estimators/lda.ts';
export { LinearDiscriminantAnalysisModel } from './estimators/lda-model.ts';
export {
  type Merge,
  type MergeCorrelatedOptions,
  type MergedVariables,
  mergeCorrelated,
} from './estimators/merge-correlated.ts';
export { PCA, type PCAOptions, type PCASettings } from './estimators/pca.ts';
export { PCAModel } from './estimators/pca-model.ts';
export {
  QuadraticDiscriminantAnalysis,
  type QuadraticDiscriminantAnalysisOptions,
  type QuadraticDiscriminantAnalysisSettings,
} from './estimators/qda.ts';
export { QuadraticDiscriminantAnalysisModel } from './estimators/qda-model.ts';
export { type RotationOptions, rotateLoadings } from './estimators/rotation.ts';
export { ledoitWolf, type ShrunkCovariance } from './estimators/shrinkage.ts';
export { TruncatedSVD, type TruncatedSVDOptions, type TruncatedSVDSettings } from './estimators/truncated-svd.ts';
export { TruncatedSVDModel } from './estimators/truncated-svd-model.ts';
export { type ComponentVariance, VarianceTable, varianceTable } from './estimators/variance-table.ts';
export { expm } from './expm.ts';
export type { MatrixInput, MlMatrixLike, RightSide } from './input.ts';
export { type Lstsq, type LstsqOptions, lstsq } from './lstsq.ts';
export { type Lu, lu } from './lu.ts';
export { cond, type MatrixNorm, type MatrixRankOptions, matrixNorm, matrixRank } from './norms.ts';
export { type PinvOptions, pinv } from './pinv.ts';
export { type PivotedQr, type PivotedQrOptions, type Qr, type QrOptions, qr, qrPivoted } from './qr.ts';
export { type RandomizedSvdOptions, randomizedSvd } from './randomized-svd.ts';
export { inv, solve } from './solve.ts';
export { type SolveTriangularOptions, solveTriangular } from './solve-triangular.ts';
export { nullSpace, orth, type SpaceOptions } from './spaces.ts';
export { type Svd, type SvdOptions, svd, svdvals } from './svd.ts';
