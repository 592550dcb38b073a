export { mean } from './mean.ts';
export { PCA, type PCAOptions, type PCASettings } from './estimators/pca.ts';
export { PCAModel } from './estimators/pca-model.ts';
export { type ComponentVariance, VarianceTable, varianceTable } from './estimators/variance-table.ts';
