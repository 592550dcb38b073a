import { counted, DataError, readable } from '@maru-ml/base';
import { type ClusterModel, checkSaved, encodeArray, savedColumns, savedCount, Table } from '@maru-ml/tensor';
import { savedFloats, savedRowLabels, savedSentences } from './saved.ts';
import { sizesOf } from './text.ts';

/** What a fit found out. */
export interface SpectralClusteringFit {
  labels: Int32Array;
  k: number;
  embedding: Float64Array;
  eigenvalues: Float64Array;
  columns: number;
  warnings: readonly string[];
}

/** The clusters that `SpectralClustering` found. It is made by `fit` or `fromJSON` and does not change. */
export interface SpectralClusteringModel extends FittedSpectralClustering {}

export class FittedSpectralClustering implements ClusterModel {
  /** The cluster of each row that it was fitted with [n]. */
  readonly labels: Int32Array;
  /** The number of clusters k. */
  readonly nClusters: number;
  /** What rows are described by [n, nComponents]: eigenvectors of the graph's Laplacian, divided by the roots of degrees. */
  readonly embedding: Table;
  /** Their eigenvalues, ascending: a leap after the first k speaks for k clusters. */
  readonly eigenvalues: Float64Array;
  /** What there is to beware of, such as rows that are near to no other; mostly nothing. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;

  /** @internal */
  constructor({ labels, k, embedding, eigenvalues, columns, warnings }: SpectralClusteringFit) {
    this.labels = labels;
    this.nClusters = k;
    this.embedding = new Table(embedding, labels.length, eigenvalues.length);
    this.eigenvalues = eigenvalues;
    this.warnings = warnings;
    this.nFeaturesIn = columns;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    return {
      type: 'SpectralClusteringModel',
      version: 1,
      labels: encodeArray(this.labels),
      nClusters: this.nClusters,
      embedding: encodeArray(this.embedding.data, this.embedding.shape),
      eigenvalues: encodeArray(this.eigenvalues),
      warnings: this.warnings,
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    const k = this.nClusters;
    return (
      `SpectralClusteringModel: ${counted(k, 'cluster')} of ${counted(this.labels.length, 'row')}` +
      `${sizesOf(this.labels, k)} in ${counted(this.nFeaturesIn, 'column')}, by ${counted(this.eigenvalues.length, 'eigenvector')}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SpectralClusteringModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): SpectralClusteringModel {
    const owner = 'SpectralClusteringModel.fromJSON';
    const fields = checkSaved('SpectralClusteringModel', 1, json);
    const k = savedCount(owner, fields, 'nClusters', { min: 1 });
    const labels = savedRowLabels(owner, fields, k);
    const eigenvalues = savedFloats(owner, fields, 'eigenvalues', [-1]);
    if (labels.length * eigenvalues.length === 0) {
      throw new DataError(`${owner}: labels and eigenvalues must not be empty`);
    }
    const embedding = savedFloats(owner, fields, 'embedding', [labels.length, eigenvalues.length]);
    const warnings = savedSentences(owner, fields, 'warnings');
    const columns = savedColumns(owner, fields);
    return new FittedSpectralClustering({ labels, k, embedding, eigenvalues, columns, warnings });
  },
};
