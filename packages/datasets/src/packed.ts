/** A table of decimal numbers in the compact and exact form that scripts/make_embedded.py writes. */
export interface PackedTable {
  rows: number;
  /** Decimal places of each column. */
  decimals: readonly number[];
  /** Bytes of each value of a column. */
  widths: readonly number[];
  /** Values that are no short decimals: row, column, value. */
  exact?: readonly (readonly [number, number, number])[];
  /** Column after column, each value times 10^decimals as an unsigned little-endian integer. */
  base64: string;
}

/** The numbers of a packed table, row by row [rows, columns]. An integer over a power of ten is the very double of its decimal text. */
export function unpack({ rows, decimals, widths, exact = [], base64 }: PackedTable): Float64Array {
  const bytes = atob(base64);
  const columns = decimals.length;
  const values = new Float64Array(rows * columns);
  let at = 0;
  for (let j = 0; j < columns; j++) {
    const unit = 10 ** decimals[j]!;
    for (let i = 0; i < rows; i++) {
      let integer = 0;
      for (let k = widths[j]! - 1; k >= 0; k--) integer = integer * 256 + bytes.charCodeAt(at + k);
      at += widths[j]!;
      values[i * columns + j] = integer / unit;
    }
  }
  for (const [i, j, value] of exact) values[i * columns + j] = value;
  return values;
}
