import { runSteps, type Steps } from '@maru-ml/base';

/** Numbers that are copied between two pauses. */
const STRETCH = 2 ** 18;

/** The rows at these places, as a matrix of their own. */
export function takeRows<T extends Float32Array | Float64Array>(data: T, columns: number, places: Int32Array): T {
  return runSteps(takeRowsSteps(data, columns, places));
}

/** The same, with pauses. */
export function* takeRowsSteps<T extends Float32Array | Float64Array>(
  data: T,
  columns: number,
  places: Int32Array,
): Steps<T> {
  const out = new (data.constructor as new (length: number) => T)(places.length * columns);
  const most = Math.ceil(STRETCH / columns);
  for (let i = 0; i < places.length; i++) {
    const from = places[i]! * columns;
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[from + j]!;
    if (i % most === most - 1) yield;
  }
  return out;
}

/** The elements at these places. */
export function takeAt<T extends Float64Array | Int32Array | Uint8Array>(values: T, places: Int32Array): T {
  const out = new (values.constructor as new (length: number) => T)(places.length);
  for (let i = 0; i < places.length; i++) out[i] = values[places[i]!]!;
  return out;
}
