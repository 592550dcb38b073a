/** The rows at these places, as a matrix of their own. */
export function takeRows<T extends Float32Array | Float64Array>(data: T, columns: number, places: Int32Array): T {
  const out = new (data.constructor as new (length: number) => T)(places.length * columns);
  for (let i = 0; i < places.length; i++) {
    const from = places[i]! * columns;
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[from + j]!;
  }
  return out;
}

/** The elements at these places. */
export function takeAt(values: Float64Array, places: Int32Array): Float64Array {
  return Float64Array.from(places, (i) => values[i]!);
}
