import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  OptionError,
  randomFrom,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import type { ClassDataset } from '../dataset.ts';
import { groupSizes, pointSet } from './points.ts';

export interface BlobsOptions {
  /** Points in all, shared out evenly, or the points of each blob; 100. */
  nSamples?: number | readonly number[];
  /** Features, where the centers are drawn; 2. */
  nFeatures?: number;
  /** The number of blobs, or their centers [k, d]; 3. */
  centers?: number | readonly (readonly number[])[];
  /** Standard deviation of the blobs, or of each; 1. */
  clusterStd?: number | readonly number[];
  /** The box from which centers are drawn, [low, high] for every feature; [-10, 10]. */
  centerBox?: readonly [number, number];
  /** Put the points in random order, else blob after blob; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/** Blobs, with the centers they were drawn around [k, d]. */
export interface Blobs extends ClassDataset {
  readonly centers: readonly (readonly number[])[];
}

/**
 * Clouds of points around centers, x ~ N(c_k, σ_k² I), as scikit-learn's `make_blobs`: what clusterings are tried on. O(n d).
 */
export function makeBlobs(options: BlobsOptions = {}): Blobs {
  checkKnown('makeBlobs', options, ['nSamples', 'nFeatures', 'centers', 'clusterStd', 'centerBox', 'shuffle', 'seed']);
  const { nSamples = 100, centers: wanted = 3, clusterStd = 1, centerBox = [-10, 10], shuffle = true } = options;
  const nFeatures = checkInteger('makeBlobs', 'nFeatures', options.nFeatures ?? 2, { min: 1 });
  checkBoolean('makeBlobs', 'shuffle', shuffle);
  const [low, high] = checkBox(centerBox);
  if (typeof wanted === 'number') checkInteger('makeBlobs', 'centers', wanted, { min: 1 });
  else checkCenters(wanted, options.nFeatures);
  const k = typeof wanted === 'number' ? wanted : wanted.length;
  const sizes = groupSizes('makeBlobs', nSamples, k);
  const stds = typeof clusterStd === 'number' ? Array.from({ length: k }, () => clusterStd) : clusterStd;
  if (stds.length !== k)
    throw new ShapeError(`makeBlobs: clusterStd has ${stds.length} numbers, but there are ${k} centers`);
  for (const std of stds) checkNumber('makeBlobs', 'clusterStd', std, { min: 0 });

  const random = randomFrom(options.seed);
  const centers =
    typeof wanted === 'number'
      ? Array.from({ length: k }, () => Array.from({ length: nFeatures }, () => random.uniform(low, high)))
      : wanted.map((center) => center.slice());
  const classes = sizes.flatMap((size, blob) => Array.from({ length: size }, () => blob));
  const points = classes.map((blob) => centers[blob]!.map((c) => random.normal(c, stds[blob]!)));
  const description = `Blobs: ${classes.length} points around ${k} centers, made by makeBlobs.`;
  return { ...pointSet(random, { name: 'blobs', points, classes, nClasses: k, description }, shuffle), centers };
}

function checkBox(box: readonly [number, number]): readonly [number, number] {
  if (!Array.isArray(box) || box.length !== 2 || !box.every(Number.isFinite) || box[0] > box[1]) {
    throw new OptionError(`makeBlobs: centerBox must be [low, high], got ${show(box)}`);
  }
  return box;
}

function checkCenters(centers: readonly (readonly number[])[], nFeatures: number | undefined): void {
  if (
    !Array.isArray(centers) ||
    centers.length === 0 ||
    !centers.every((center) => Array.isArray(center) && center.length > 0)
  ) {
    throw new OptionError(`makeBlobs: centers must be a number or rows of numbers [k, d], got ${show(centers)}`);
  }
  const d = nFeatures ?? centers[0].length;
  for (const [k, center] of centers.entries()) {
    if (center.length !== d) {
      throw new ShapeError(
        `makeBlobs: centers[${k}] has ${center.length} columns, but ${nFeatures === undefined ? 'centers[0] has' : 'nFeatures is'} ${d}`,
      );
    }
    for (const [j, value] of center.entries()) checkNumber('makeBlobs', `centers[${k}, ${j}]`, value);
  }
}
