import { checkInteger, checkKnown, checkNumber, counted, DataError, OptionError, readable } from '@maru-ml/base';
import { type ClusterModel, checkSaved, decodeArray, encodeArray, savedColumns, Table } from '@maru-ml/tensor';
import { cutTree } from './cut.ts';
import { savedFloats, savedRowLabels } from './saved.ts';
import { digits, sizesOf } from './text.ts';

/** What a fit found out. */
export interface AgglomerativeClusteringFit {
  labels: Int32Array;
  children: Int32Array;
  distances: Float64Array;
  columns: number;
}

/** Where to cut a tree: the number of clusters, or the distance from which on clusters stay apart. */
export type Cut = { nClusters: number } | { distanceThreshold: number };

/** The tree that `AgglomerativeClustering` found. It is made by `fit` or `fromJSON` and does not change. */
export interface AgglomerativeClusteringModel extends FittedAgglomerativeClustering {}

export class FittedAgglomerativeClustering implements ClusterModel {
  /** The cluster of each row that it was fitted with [n]. */
  readonly labels: Int32Array;
  /** The two nodes of each merge [n - 1, 2], row by row: rows are the nodes 0 to n - 1, and merge i makes the node n + i. */
  readonly children: Int32Array;
  /** How far apart the nodes of each merge were [n - 1]: the heights in a dendrogram. */
  readonly distances: Float64Array;
  /** The number of clusters of `labels`. */
  readonly nClusters: number;
  /** The number of rows n. */
  readonly nLeaves: number;
  readonly nFeaturesIn: number;

  /** @internal */
  constructor({ labels, children, distances, columns }: AgglomerativeClusteringFit) {
    this.labels = labels;
    this.children = children;
    this.distances = distances;
    this.nClusters = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
    this.nLeaves = labels.length;
    this.nFeaturesIn = columns;
    readable(this);
    Object.freeze(this);
  }

  /** The labels of the rows when the tree is cut elsewhere [n]. @throws OptionError for no such cut */
  cut(where: Cut): Int32Array {
    const name = 'AgglomerativeClusteringModel.cut';
    checkKnown(name, where, ['nClusters', 'distanceThreshold']);
    if ('nClusters' in where === 'distanceThreshold' in where) {
      throw new OptionError(`${name}: one of nClusters and distanceThreshold must be given`);
    }
    if ('nClusters' in where) {
      return cutTree(this.children, checkInteger(name, 'nClusters', where.nClusters, { min: 1, max: this.nLeaves }));
    }
    const threshold = checkNumber(name, 'distanceThreshold', where.distanceThreshold, { min: 0 });
    return cutTree(this.children, this.distances.filter((distance) => distance >= threshold).length + 1);
  }

  /** The tree as SciPy writes it [n - 1, 4]: the lower and the higher node of each merge, their distance, the rows below. */
  linkage(): Table {
    const n = this.nLeaves;
    const out = new Float64Array(4 * (n - 1));
    const sizes = new Float64Array(2 * n - 1).fill(1, 0, n);
    for (let i = 0; i < n - 1; i++) {
      const [a, b] = [this.children[2 * i]!, this.children[2 * i + 1]!];
      sizes[n + i] = sizes[a]! + sizes[b]!;
      out.set([Math.min(a, b), Math.max(a, b), this.distances[i]!, sizes[n + i]!], 4 * i);
    }
    return new Table(out, n - 1, 4, ['node', 'other', 'distance', 'rows']);
  }

  toJSON(): object {
    return {
      type: 'AgglomerativeClusteringModel',
      version: 1,
      labels: encodeArray(this.labels),
      children: encodeArray(this.children),
      distances: encodeArray(this.distances),
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    const k = this.nClusters;
    const top = this.nLeaves === 1 ? '' : `, merged up to distance ${digits(this.distances.at(-1)!)}`;
    return (
      `AgglomerativeClusteringModel: ${counted(k, 'cluster')} of ${counted(this.nLeaves, 'row')}` +
      `${sizesOf(this.labels, k)} in ${counted(this.nFeaturesIn, 'column')}${top}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const AgglomerativeClusteringModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): AgglomerativeClusteringModel {
    const owner = 'AgglomerativeClusteringModel.fromJSON';
    const fields = checkSaved('AgglomerativeClusteringModel', 1, json);
    const distances = savedFloats(owner, fields, 'distances', [-1]);
    const n = distances.length + 1;
    const labels = savedRowLabels(owner, fields, n);
    if (labels.length !== n) throw new DataError(`${owner}: labels must be ${n}, got ${labels.length}`);
    const children = decodeArray(owner, 'children', fields.children, { dtype: 'int32', shape: [2 * (n - 1)] });
    const used = new Set(children);
    if (used.size !== children.length || children.some((node, at) => node < 0 || node >= n + (at >> 1))) {
      throw new DataError(`${owner}: children must be different nodes, each made before it is merged`);
    }
    return new FittedAgglomerativeClustering({
      labels,
      children,
      distances,
      columns: savedColumns(owner, fields),
    });
  },
};
