export { mean } from './mean.ts';
export { PCA, type PCAOptions, type PCASettings } from './estimators/pca.ts';
export { PCAModel } from './estimators/pca-model.ts';
export { type ComponentVariance, VarianceTable, varianceTable } from './estimators/variance-table.ts';
export {
  LinearDiscriminantAnalysis,
  type LinearDiscriminantAnalysisOptions,
  type LinearDiscriminantAnalysisSettings,
} from './estimators/lda.ts';
export { LinearDiscriminantAnalysisModel } from './estimators/lda-model.ts';
export { ledoitWolf, type ShrunkCovariance } from './estimators/shrinkage.ts';
export { type FisherDiscriminant, fisherDiscriminant } from './estimators/fisher.ts';
export {
  QuadraticDiscriminantAnalysis,
  type QuadraticDiscriminantAnalysisOptions,
  type QuadraticDiscriminantAnalysisSettings,
} from './estimators/qda.ts';
export { QuadraticDiscriminantAnalysisModel } from './estimators/qda-model.ts';
export type { KernelFunction, KernelName } from './estimators/kernel.ts';
export {
  KernelPCA,
  type KernelPCAFitAsyncOptions,
  type KernelPCAFitOptions,
  type KernelPCAOptions,
  type KernelPCASettings,
} from './estimators/kernel-pca.ts';
export { KernelPCAModel } from './estimators/kernel-pca-model.ts';
export { TruncatedSVD, type TruncatedSVDOptions, type TruncatedSVDSettings } from './estimators/truncated-svd.ts';
export { TruncatedSVDModel } from './estimators/truncated-svd-model.ts';
