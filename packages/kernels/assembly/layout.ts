/** out[b, j, i] = x[b, i, j] for numbers of 4 or 8 bytes, in square blocks so that both sides stay in the nearest cache. */
export function transpose(x: usize, out: usize, batch: usize, rows: usize, columns: usize, wide: i32): void {
  const size = rows * columns << (wide ? 3 : 2);
  for (let b: usize = 0; b < batch; b++) {
    if (wide) matrix<u64>(x, out, rows, columns);
    else matrix<u32>(x, out, rows, columns);
    x += size;
    out += size;
  }
}

const BLOCK: usize = 16;

// @ts-ignore: decorator
@inline
function matrix<T>(x: usize, out: usize, rows: usize, columns: usize): void {
  const rowStep = columns * sizeof<T>(), columnStep = rows * sizeof<T>();
  for (let i: usize = 0; i < rows; i += BLOCK) {
    for (let j: usize = 0; j < columns; j += BLOCK) {
      const iEnd = min(i + BLOCK, rows), jEnd = min(j + BLOCK, columns);
      for (let k = j; k < jEnd; k++) {
        let from = x + i * rowStep + k * sizeof<T>(), to = out + k * columnStep + i * sizeof<T>();
        for (const end = out + k * columnStep + iEnd * sizeof<T>(); to < end; to += sizeof<T>()) {
          store<T>(to, load<T>(from));
          from += rowStep;
        }
      }
    }
  }
}
