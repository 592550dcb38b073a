// The order in which the twins of sums and products go through contiguous numbers; assembly/_reduce.ts has the same.

/** The numbers x[start + i], i < n, joined in eight lanes: (0+4 + 2+6) + (1+5 + 3+7), then the rest one by one. */
export function total(
  join: (a: number, b: number) => number,
  identity: number,
  term: (i: number) => number,
  start: number,
  n: number,
): number {
  let a = identity;
  let b = identity;
  let c = identity;
  let d = identity;
  let e = identity;
  let f = identity;
  let g = identity;
  let h = identity;
  const whole = start + n - (n % 8);
  const end = start + n;
  let i = start;
  for (; i < whole; i += 8) {
    a = join(a, term(i));
    b = join(b, term(i + 1));
    c = join(c, term(i + 2));
    d = join(d, term(i + 3));
    e = join(e, term(i + 4));
    f = join(f, term(i + 5));
    g = join(g, term(i + 6));
    h = join(h, term(i + 7));
  }
  let result = join(join(join(a, e), join(c, g)), join(join(b, f), join(d, h)));
  for (; i < end; i++) result = join(result, term(i));
  return result;
}

/** Joins `n` rows of `inner` numbers into `into`, row by row, which holds the identity before. */
export function columns(
  join: (a: number, b: number) => number,
  into: Float64Array,
  term: (i: number, column: number) => number,
  start: number,
  n: number,
  inner: number,
): void {
  for (let i = 0; i < n; i++) {
    const row = start + i * inner;
    for (let j = 0; j < inner; j++) into[j] = join(into[j]!, term(row + j, j));
  }
}
