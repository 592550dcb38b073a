import { DataError, runSteps } from '@maru-ml/base';
import {
  asSaved,
  decodeArray,
  type EncodedArray,
  encodeArray,
  savedCount,
  savedNumber,
  savedString,
} from '@maru-ml/tensor';
import type { Metric } from './metrics.ts';
import { checkSearch, NeighborSearch, type SearchSettings } from './search.ts';

/** Fitted rows and how they are searched, for a model's JSON form. The tree is built anew when it is read. */
export function saveSearch({ rows, settings }: NeighborSearch): Record<string, unknown> {
  return { ...settings, rows: encodeArray(rows.data, [rows.n, rows.d]) };
}

/** @throws DataError for what `saveSearch` has not written */
export function loadSearch(owner: string, name: string, fields: Record<string, unknown>): NeighborSearch {
  const data = decodeArray(owner, 'rows', fields.rows, { shape: [-1, -1], finite: true });
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length === 0) {
    throw new DataError(`${owner}: rows must be floats, and not empty`);
  }
  const [n, d] = (fields.rows as EncodedArray).shape as [number, number];
  const saved = {
    metric: savedString<Metric>(owner, fields, 'metric', [
      'euclidean',
      'manhattan',
      'chebyshev',
      'minkowski',
      'cosine',
    ]),
    p: savedNumber(owner, fields, 'p'),
    algorithm: savedString<SearchSettings['algorithm']>(owner, fields, 'algorithm', [
      'auto',
      'brute',
      'kdTree',
      'ballTree',
    ]),
    leafSize: savedCount(owner, fields, 'leafSize'),
  };
  const settings = asSaved(owner, () => checkSearch(owner, saved));
  return runSteps(NeighborSearch.make(name, { data, n, d }, settings));
}

/** How far neighbors are away at most. @throws DataError if it is no number ≥ 0 */
export function savedRadius(owner: string, fields: Record<string, unknown>): number {
  const radius = savedNumber(owner, fields, 'radius');
  if (radius >= 0) return radius;
  throw new DataError(`${owner}: radius must be ≥ 0, got ${radius}`);
}
