export { DBSCAN, type DBSCANOptions, type DBSCANSettings } from './dbscan.ts';
export { DBSCANModel } from './dbscan-model.ts';
export { KMeans, type KMeansOptions, type KMeansSettings } from './kmeans.ts';
export { KMeansModel } from './kmeans-model.ts';
export type { VicinityMetric } from './vicinity.ts';
