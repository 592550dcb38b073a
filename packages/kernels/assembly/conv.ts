/** Copies rows of `bytes` bytes (a multiple of 4), which lie without gaps, to places further apart. */
export function inset(from: usize, to: usize, planes: i32, rows: i32, bytes: usize, toPlane: usize, toRow: usize): void {
  for (let p = 0; p < planes; p++) {
    for (let r = 0; r < rows; r++) {
      const row = to + p * toPlane + r * toRow;
      let i: usize = 0;
      for (; i + 16 <= bytes; i += 16) v128.store(row + i, v128.load(from + i));
      for (; i < bytes; i += 4) store<u32>(row + i, load<u32>(from + i));
      from += bytes;
    }
  }
}

/** to += from. */
export function add(size: i32, from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  if (size == 4) {
    for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
  } else {
    for (; i + 16 <= bytes; i += 16) v128.store(to + i, f64x2.add(v128.load(to + i), v128.load(from + i)));
    if (i < bytes) store<f64>(to + i, load<f64>(to + i) + load<f64>(from + i));
  }
}
