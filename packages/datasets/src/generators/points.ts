import { checkInteger, OptionError, type Random, show } from '@maru-ml/base';
import { type ClassDataset, classDataset, type FlatMatrix } from '../dataset.ts';

/** What a generator of classes hands over: rows of points and the class of each. */
export interface LabelledPoints {
  name: string;
  points: readonly (readonly number[])[];
  classes: readonly number[];
  nClasses: number;
  description: string;
}

/** Points as a data set, in random order if `shuffle`. */
export function pointSet(
  random: Random,
  { name, points, classes, nClasses, description }: LabelledPoints,
  shuffle: boolean,
): ClassDataset {
  const n = points.length;
  const rows = order(random, n, shuffle);
  const x = flatten(rows.map((i) => points[i]!));
  return classDataset({
    name,
    x,
    y: Int32Array.from(rows, (i) => classes[i]!),
    featureNames: featureNames(x.shape[1]),
    targetName: 'class',
    targetNames: Array.from({ length: nClasses }, (_, k) => String(k)),
    description,
  });
}

export function flatten(rows: readonly (readonly number[])[]): FlatMatrix {
  const d = rows[0]!.length;
  const data = new Float64Array(rows.length * d);
  for (let i = 0; i < rows.length; i++) data.set(rows[i]!, i * d);
  return { data, shape: [rows.length, d] };
}

/** x0, x1, ... */
export function featureNames(d: number): string[] {
  return Array.from({ length: d }, (_, j) => `x${j}`);
}

/**
 * How many points each of `groups` gets: a total is shared out evenly, the first groups take the rest, and an array gives each its own.
 */
export function groupSizes(owner: string, nSamples: number | readonly number[], groups: number): number[] {
  if (typeof nSamples === 'object') {
    if (!Array.isArray(nSamples) || nSamples.length !== groups) {
      throw new OptionError(`${owner}: nSamples must be a number or ${groups} numbers, got ${show(nSamples)}`);
    }
    return nSamples.map((size, k) => checkInteger(owner, `nSamples[${k}]`, size, { min: 1 }));
  }
  const total = checkInteger(owner, 'nSamples', nSamples, { min: groups });
  return Array.from({ length: groups }, (_, k) => Math.floor(total / groups) + (k < total % groups ? 1 : 0));
}

/** Sizes of an outer and an inner group; of an odd total the inner one gets the rest, as in scikit-learn. */
export function pairSizes(owner: string, nSamples: number | readonly number[]): number[] {
  const sizes = groupSizes(owner, nSamples, 2);
  return typeof nSamples === 'number' ? sizes.reverse() : sizes;
}

/** The numbers 0 to n - 1, in random order if asked for. */
export function order(random: Random, n: number, shuffle: boolean): number[] {
  return shuffle ? Array.from(random.permutation(n)) : Array.from({ length: n }, (_, i) => i);
}
