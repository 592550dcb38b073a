import { counted, DataError, readable } from '@maru-ml/base';
import { type ClusterModel, checkSaved, decodeArray, encodeArray, savedColumns } from '@maru-ml/tensor';
import { savedRowLabels } from './saved.ts';
import { sizesOf } from './text.ts';

/** What a fit found out. */
export interface DBSCANFit {
  labels: Int32Array;
  coreSampleIndices: Int32Array;
  columns: number;
}

/** The clusters that `DBSCAN` found. It is made by `fit` or `fromJSON` and does not change. */
export interface DBSCANModel extends FittedDBSCAN {}

export class FittedDBSCAN implements ClusterModel {
  /** The cluster of each row that it was fitted with [n]; -1 for noise. */
  readonly labels: Int32Array;
  /** The places of the core rows, ascending. */
  readonly coreSampleIndices: Int32Array;
  /** The number of clusters. */
  readonly nClusters: number;
  readonly nFeaturesIn: number;

  /** @internal */
  constructor({ labels, coreSampleIndices, columns }: DBSCANFit) {
    this.labels = labels;
    this.coreSampleIndices = coreSampleIndices;
    this.nClusters = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
    this.nFeaturesIn = columns;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    return {
      type: 'DBSCANModel',
      version: 1,
      labels: encodeArray(this.labels),
      coreSampleIndices: encodeArray(this.coreSampleIndices),
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    const noise = this.labels.reduce((sum, label) => sum + (label === -1 ? 1 : 0), 0);
    return (
      `DBSCANModel: ${counted(this.nClusters, 'cluster')} of ${counted(this.labels.length, 'row')}` +
      `${sizesOf(this.labels, this.nClusters)} in ${counted(this.nFeaturesIn, 'column')}, ` +
      `${counted(this.coreSampleIndices.length, 'core row')}, ${counted(noise, 'row')} of noise`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DBSCANModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): DBSCANModel {
    const owner = 'DBSCANModel.fromJSON';
    const fields = checkSaved('DBSCANModel', 1, json);
    const labels = savedRowLabels(owner, fields, 2 ** 31 - 1, -1);
    const indices = fields.coreSampleIndices;
    const coreSampleIndices = decodeArray(owner, 'coreSampleIndices', indices, { dtype: 'int32', shape: [-1] });
    if (coreSampleIndices.some((place) => !((labels[place] ?? -1) >= 0))) {
      throw new DataError(`${owner}: coreSampleIndices must be places of rows with a cluster`);
    }
    return new FittedDBSCAN({ labels, coreSampleIndices, columns: savedColumns(owner, fields) });
  },
};
