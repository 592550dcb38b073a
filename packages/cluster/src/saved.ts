import { DataError } from '@maru-ml/base';
import { decodeArray } from '@maru-ml/tensor';

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
  const numbers = decodeArray(owner, name, fields[name], { dtype: 'float64', shape });
  if (!numbers.every(Number.isFinite)) throw new DataError(`${owner}: ${name} must be finite`);
  return numbers;
}
