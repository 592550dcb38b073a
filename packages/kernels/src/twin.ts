import type { NumberArray } from './memory.ts';

/** out[i] = f(x[i]): the plain loop behind the functions of one array. */
export function map(f: (x: number) => number, x: NumberArray, out: NumberArray): void {
  const n = out.length;
  for (let i = 0; i < n; i++) out[i] = f(x[i]!);
}

/** out[k] = f(a[k], b[k]), where an operand that is shorter than `out` starts again at its end. */
export function zip(f: (a: number, b: number) => number, a: NumberArray, b: NumberArray, out: NumberArray): void {
  const n = out.length;
  const na = a.length;
  const nb = b.length;
  if (na === nb) for (let k = 0; k < n; k++) out[k] = f(a[k]!, b[k]!);
  else {
    for (let k = 0, i = 0, j = 0; k < n; k++) {
      out[k] = f(a[i]!, b[j]!);
      if (++i === na) i = 0;
      if (++j === nb) j = 0;
    }
  }
}

/** The rounding after each operation in the array's precision. */
export function rounding(array: NumberArray): (x: number) => number {
  return array instanceof Float32Array ? Math.fround : exact;
}

function exact(x: number): number {
  return x;
}
