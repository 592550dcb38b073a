export { fromBytes, toBytes } from '@maru-ml/tensor';
export {
  AgglomerativeClustering,
  type AgglomerativeClusteringOptions,
  type AgglomerativeClusteringSettings,
} from './agglomerative.ts';
export { AgglomerativeClusteringModel, type Cut } from './agglomerative-model.ts';
export { DBSCAN, type DBSCANOptions, type DBSCANSettings } from './dbscan.ts';
export { DBSCANModel } from './dbscan-model.ts';
export { type Dendrogram, dendrogram } from './dendrogram.ts';
export { type Elbow, type ElbowOptions, elbow, elbowAsync, kneeOf } from './elbow.ts';
export { FuzzyCMeans, type FuzzyCMeansOptions, type FuzzyCMeansSettings } from './fuzzy-cmeans.ts';
export type { FuzzyOptions, FuzzySettings } from './fuzzy-fit.ts';
export { FuzzyKMeans, type FuzzyKMeansOptions, type FuzzyKMeansSettings } from './fuzzy-kmeans.ts';
export { FuzzyModel } from './fuzzy-model.ts';
export {
  GaussianMixture,
  type GaussianMixtureOptions,
  type GaussianMixtureSettings,
  type Nested,
} from './gaussian-mixture.ts';
export { GaussianMixtureModel } from './gaussian-mixture-model.ts';
export { KMeans, type KMeansOptions, type KMeansSettings } from './kmeans.ts';
export { KMeansModel } from './kmeans-model.ts';
export type { Membership } from './membership.ts';
export type { Linkage } from './merge-tree.ts';
export { MiniBatchKMeans, type MiniBatchKMeansOptions, type MiniBatchKMeansSettings } from './mini-batch-kmeans.ts';
export { MiniBatchKMeansModel } from './mini-batch-model.ts';
export type { CovarianceType } from './mixture.ts';
export type { PairMetric } from './pair-distances.ts';
export { SpectralClustering, type SpectralClusteringOptions, type SpectralClusteringSettings } from './spectral.ts';
export { SpectralClusteringModel } from './spectral-model.ts';
export type { VicinityMetric } from './vicinity.ts';
