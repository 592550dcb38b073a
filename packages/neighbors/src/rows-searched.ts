/** The rows that are searched, [n, d] row by row. */
export interface Rows {
  readonly data: Float32Array | Float64Array;
  readonly n: number;
  readonly d: number;
}
