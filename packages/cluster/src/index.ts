export { KMeans, type KMeansOptions, type KMeansSettings } from './kmeans.ts';
export { KMeansModel } from './kmeans-model.ts';
