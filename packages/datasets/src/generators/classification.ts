import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  OptionError,
  type Random,
  randomFrom,
  type Seed,
} from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { order, pointSet } from './points.ts';

export interface ClassificationOptions {
  /** Rows; 100. */
  nSamples?: number;
  /** Features; 20. */
  nFeatures?: number;
  /** Features that tell the classes apart; 2. */
  nInformative?: number;
  /** Features that are linear combinations of the informative ones; 2. */
  nRedundant?: number;
  /** Features that repeat informative or redundant ones; 0. */
  nRepeated?: number;
  /** Classes; 2. */
  nClasses?: number;
  /** Clusters that each class is made of; 2. */
  nClustersPerClass?: number;
  /** Share of each class; equal shares. */
  weights?: readonly number[];
  /** Share of rows whose class is drawn anew; .01. */
  flipY?: number;
  /** Half the side of the cube whose corners the clusters lie around; 1. */
  classSep?: number;
  /** Put the rows and the features in random order, else informative, redundant, repeated, useless; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

const DEFAULTS = {
  nSamples: 100,
  nFeatures: 20,
  nInformative: 2,
  nRedundant: 2,
  nRepeated: 0,
  nClasses: 2,
  nClustersPerClass: 2,
  flipY: 0.01,
  classSep: 1,
  shuffle: true,
};

/**
 * Classes of normal clusters at the corners of a cube among features that are redundant, repeated or useless, as scikit-learn's
 * `make_classification`. Each cluster is z A + corner with z ~ N(0, I) and A ~ U(-1, 1), so that its features depend on each other. O(n d).
 *
 * Source: I. Guyon, "Design of experiments for the NIPS 2003 variable selection benchmark", 2003 (the Madelon set).
 */
export function makeClassification(options: ClassificationOptions = {}): ClassDataset {
  const settings = checked(options);
  const { nFeatures, nInformative, nRedundant, nRepeated, nClasses, nClustersPerClass, flipY, classSep, shuffle } =
    settings;
  const random = randomFrom(options.seed);
  const nClusters = nClasses * nClustersPerClass;
  const sizes = clusterSizes(settings.nSamples, settings.weights, nClusters);
  const corners = drawCorners(random, nClusters, nInformative);
  const redundant = uniformMatrix(random, nInformative, nRedundant);
  const repeated = Array.from({ length: nRepeated }, () => random.integer(nInformative + nRedundant));
  const nUseless = nFeatures - nInformative - nRedundant - nRepeated;
  const columns = order(random, nFeatures, shuffle);

  const points: number[][] = [];
  const classes: number[] = [];
  for (const [cluster, size] of sizes.entries()) {
    const mixing = uniformMatrix(random, nInformative, nInformative);
    const corner = corners[cluster]!.map((sign) => sign * classSep);
    for (let i = 0; i < size; i++) {
      const z = Array.from({ length: nInformative }, () => random.normal());
      const informative = times(z, mixing, nInformative).map((value, j) => value + corner[j]!);
      const telling = [...informative, ...times(informative, redundant, nRedundant)];
      const row = [
        ...telling,
        ...repeated.map((j) => telling[j]!),
        ...Array.from({ length: nUseless }, () => random.normal()),
      ];
      points.push(columns.map((j) => row[j]!));
      classes.push(random.uniform() < flipY ? random.integer(nClasses) : cluster % nClasses);
    }
  }
  const description = `Classification: ${points.length} rows of ${nClasses} classes, ${nInformative} of ${nFeatures} features tell them apart, made by makeClassification.`;
  return pointSet(random, { name: 'classification', points, classes, nClasses, description }, shuffle);
}

function checked(options: ClassificationOptions): typeof DEFAULTS & { weights: readonly number[] } {
  const owner = 'makeClassification';
  checkKnown(owner, options, [...Object.keys(DEFAULTS), 'weights', 'seed']);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...given } as typeof DEFAULTS & ClassificationOptions;
  for (const name of ['nSamples', 'nFeatures', 'nInformative', 'nClasses', 'nClustersPerClass'] as const) {
    checkInteger(owner, name, settings[name], { min: 1 });
  }
  for (const name of ['nRedundant', 'nRepeated'] as const) checkInteger(owner, name, settings[name], { min: 0 });
  checkNumber(owner, 'flipY', settings.flipY, { min: 0, max: 1 });
  checkNumber(owner, 'classSep', settings.classSep, { min: 0 });
  checkBoolean(owner, 'shuffle', settings.shuffle);
  const { nFeatures, nInformative, nRedundant, nRepeated, nClasses, nClustersPerClass } = settings;
  const telling = nInformative + nRedundant + nRepeated;
  if (telling > nFeatures) {
    throw new OptionError(
      `${owner}: nInformative + nRedundant + nRepeated must be at most nFeatures = ${nFeatures}, got ${telling}`,
    );
  }
  if (nClasses * nClustersPerClass > 2 ** nInformative) {
    throw new OptionError(
      `${owner}: nClasses · nClustersPerClass must be at most 2^nInformative = ${2 ** nInformative}, the corners of the cube, got ${nClasses * nClustersPerClass}`,
    );
  }
  return { ...settings, weights: checkWeights(owner, settings.weights, nClasses) };
}

function checkWeights(owner: string, weights: readonly number[] | undefined, nClasses: number): readonly number[] {
  if (weights === undefined) return Array.from({ length: nClasses }, () => 1 / nClasses);
  if (!Array.isArray(weights) || weights.length !== nClasses) {
    throw new OptionError(`${owner}: weights must be ${nClasses} numbers, one for each class, got ${weights.length}`);
  }
  for (const [k, weight] of weights.entries()) checkNumber(owner, `weights[${k}]`, weight, { min: 0 });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (Math.abs(total - 1) > 1e-9) throw new OptionError(`${owner}: weights must add up to 1, got ${total}`);
  return weights;
}

/** Rows of each cluster: its class's share over the clusters of the class; what rounding leaves goes to the first ones. */
function clusterSizes(nSamples: number, weights: readonly number[], nClusters: number): number[] {
  const perClass = nClusters / weights.length;
  const sizes = Array.from({ length: nClusters }, (_, k) =>
    Math.floor((nSamples * weights[k % weights.length]!) / perClass),
  );
  const left = nSamples - sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; i < left; i++) sizes[i % nClusters]!++;
  return sizes;
}

/** `count` different corners of the cube [-1, 1]^d. */
function drawCorners(random: Random, count: number, d: number): number[][] {
  const corners = new Map<string, number[]>();
  while (corners.size < count) {
    const corner = Array.from({ length: d }, () => (random.integer(2) === 1 ? 1 : -1));
    corners.set(corner.join(), corner);
  }
  return [...corners.values()];
}

/** Numbers from U(-1, 1) [rows, columns], row by row. */
function uniformMatrix(random: Random, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, () => random.uniform(-1, 1));
}

/** The row z times a matrix of `columns` columns. */
function times(z: readonly number[], matrix: Float64Array, columns: number): number[] {
  return Array.from({ length: columns }, (_, j) =>
    z.reduce((sum, value, i) => sum + value * matrix[i * columns + j]!, 0),
  );
}
