import { DataError, runSteps } from '@maru-ml/base';
import { decodeArray, type EncodedArray, encodeArray, savedNumber, savedString } from '@maru-ml/tensor';
import type { Metric } from './metrics.ts';
import { checkSearch, NeighborSearch, type SearchSettings } from './search.ts';

/** Fitted rows and how they are searched, for a model's JSON form. The tree is built anew when it is read. */
export function saveSearch({ rows, settings }: NeighborSearch): Record<string, unknown> {
  return { ...settings, rows: encodeArray(rows.data, [rows.n, rows.d]) };
}

/** @throws DataError, OptionError for what `saveSearch` has not written */
export function loadSearch(owner: string, name: string, fields: Record<string, unknown>): NeighborSearch {
  const data = decodeArray(owner, 'rows', fields.rows, { shape: [-1, -1] });
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length === 0) {
    throw new DataError(`${owner}: rows must be floats, and not empty`);
  }
  const [n, d] = (fields.rows as EncodedArray).shape as [number, number];
  const settings = checkSearch(owner, {
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
    leafSize: savedNumber(owner, fields, 'leafSize'),
  });
  return runSteps(NeighborSearch.make(name, { data, n, d }, settings));
}
