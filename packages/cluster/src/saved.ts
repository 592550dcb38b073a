import { DataError } from '@maru-ml/base';
import { decodeArray, type EncodedArray, encodeArray, type Table } from '@maru-ml/tensor';
import type { NearestCenter } from './nearest-center.ts';

type Fields = Record<string, unknown>;

/** The labels of rows in a model's JSON form: from `least` (-1 where there is noise) to k - 1. */
export function savedRowLabels(owner: string, fields: Fields, k: number, least = 0): Int32Array {
  const labels = decodeArray(owner, 'labels', fields.labels, { dtype: 'int32', shape: [-1] });
  if (labels.some((label) => label < least || label >= k)) {
    throw new DataError(`${owner}: labels must be from ${least} to ${k - 1}`);
  }
  return labels;
}

/** Sentences in a model's JSON form. */
export function savedSentences(owner: string, fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return Object.freeze([...value]);
  throw new DataError(`${owner}: ${name} must be an array of strings`);
}

/** Finite float64 numbers in a model's JSON form. */
export function savedFloats(owner: string, fields: Fields, name: string, shape: readonly number[]): Float64Array {
  return decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: true });
}

/** Centers for a model's JSON form, as they were when it was made, in the rows' type. */
export function savedCenters({ shape, dtype }: Table, { centers }: NearestCenter): EncodedArray {
  return encodeArray(dtype === 'float32' ? Float32Array.from(centers) : centers, shape);
}

/** The centers [k, columns] in a model's JSON form. */
export function loadCenters(
  owner: string,
  fields: Fields,
): { centers: Float32Array | Float64Array; k: number; columns: number } {
  const centers = decodeArray(owner, 'clusterCenters', fields.clusterCenters, { shape: [-1, -1], finite: true });
  const [k, columns] = (fields.clusterCenters as EncodedArray).shape as [number, number];
  if (!(centers instanceof Float64Array || centers instanceof Float32Array)) {
    throw new DataError(`${owner}: clusterCenters must be floats`);
  }
  if (centers.length === 0) throw new DataError(`${owner}: clusterCenters must not be empty`);
  return { centers, k, columns };
}
