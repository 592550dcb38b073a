/** Below this many numbers, comparing them is faster than counting their digits. */
const FEW = 4096;

/**
 * The places of finite numbers in ascending order, equal ones as they come. O(n): a radix sort by the four 16-bit digits of
 * the bits, which are those of ordered integers once the sign is folded in.
 */
export function argsort(values: Float64Array): Uint32Array {
  const n = values.length;
  let places: Uint32Array<ArrayBuffer> = new Uint32Array(n);
  for (let i = 0; i < n; i++) places[i] = i;
  if (n < FEW) return places.sort((a, b) => values[a]! - values[b]! || a - b);

  const keys = orderedBits(values);
  let next: Uint32Array<ArrayBuffer> = new Uint32Array(n);
  const starts = new Uint32Array(65536);
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[keys[4 * i + digit]!]! += 1;
    if (starts[keys[digit]!] === n) continue; // all are alike in it
    let sum = 0;
    for (let key = 0; key < 65536; key++) {
      const count = starts[key]!;
      starts[key] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const place = places[i]!;
      next[starts[keys[4 * place + digit]!]!++] = place;
    }
    [places, next] = [next, places];
  }
  return places;
}

/** The bits of numbers, low digits first, changed so that they order as the numbers do. */
function orderedBits(values: Float64Array): Uint16Array {
  const copy = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) copy[i] = values[i]! + 0; // -0 becomes 0
  const words = new Uint32Array(copy.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + 1]!;
    if (high >= 2 ** 31) {
      words[i] = ~words[i]!;
      words[i + 1] = ~high;
    } else words[i + 1] = high | 0x80000000;
  }
  return new Uint16Array(copy.buffer);
}
