/** The columns of X [n, k] that hold one value. */
export function constantColumns(x: Float64Array, rows: number, columns: number): number[] {
  const found: number[] = [];
  for (let j = 0; j < columns; j++) {
    let i = 1;
    while (i < rows && x[i * columns + j] === x[j]) i++;
    if (i >= rows) found.push(j);
  }
  return found;
}

/**
 * Whether a constant is among the columns of X [n, k] or a sum of them: R² and its kin are then about the mean. As statsmodels finds it:
 * a constant column that is not zero, or else the column of ones in the span of all, as where every level of a category has a column.
 */
export function spansConstant(x: Float64Array, rows: number, columns: number): boolean {
  const constant = constantColumns(x, rows, columns);
  if (constant.some((j) => x[j] !== 0)) return true;
  // What is no sum of columns in some rows is none in all of them: mostly a few rows tell.
  const few = 8 * columns + 64;
  if (rows > 4 * few) {
    const step = Math.floor(rows / few);
    const some = new Float64Array(few * columns);
    for (let i = 0; i < few; i++) some.set(x.subarray(i * step * columns, (i * step + 1) * columns), i * columns);
    if (residualOfOnes(some, few, columns) > FAR * Math.sqrt(few)) return false;
  }
  return residualOfOnes(x, rows, columns) <= TOLERANCE * Math.sqrt(rows);
}

/** How far off the span 1 may be, relative to its length; and how far it is beyond all doubt. */
const TOLERANCE = 1e-12;
const FAR = 1e-6;

/** The length of what the columns leave of a column of ones, by Gram and Schmidt, twice for each column. O(n k²). */
function residualOfOnes(x: Float64Array, rows: number, columns: number): number {
  const basis: Float64Array[] = [];
  const ones = new Float64Array(rows).fill(1);
  for (let j = 0; j < columns; j++) {
    const column = new Float64Array(rows);
    for (let i = 0; i < rows; i++) column[i] = x[i * columns + j]!;
    const length = norm(column);
    for (let pass = 0; pass < 2; pass++) for (const direction of basis) takeAway(column, direction);
    const left = norm(column);
    // A column that the others span adds only rounding.
    if (!(left > TOLERANCE * length)) continue;
    for (let i = 0; i < rows; i++) column[i]! /= left;
    basis.push(column);
    takeAway(ones, column);
  }
  return norm(ones);
}

function takeAway(column: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let i = 0; i < column.length; i++) along += direction[i]! * column[i]!;
  for (let i = 0; i < column.length; i++) column[i]! -= along * direction[i]!;
}

function norm(column: Float64Array): number {
  let sum = 0;
  for (const value of column) sum += value * value;
  return Math.sqrt(sum);
}
