/** Numbers from -1 to 1 as the scripts of the fixtures make them: a 32-bit xorshift. */
export function numbers(seed: number, n: number, d: number): number[][] {
  let s = seed | 0;
  const next = () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return ((s >>> 0) / 2 ** 32) * 2 - 1;
  };
  return Array.from({ length: n }, () => Array.from({ length: d }, next));
}

/** Rounded as Python does, half to even, where that matters not: these numbers are no halves. */
export function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
