/** Data for the checks: small, made by arithmetic, the same on every machine. */

/** @typedef {import('./kit.js').Data} Data */

/** Numbers from [0, 1): a linear congruential generator. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const CENTERS = [
  [0, 0, 0, 0],
  [6, 6, 0, -6],
  [-6, 6, 6, 3],
];

/** Three groups of 12 rows in four columns, far apart, mixed; y is the group. @returns {Data} */
export function groups() {
  const next = numbers(1);
  const y = Array.from({ length: 36 }, (_, i) => (i * 7) % 3);
  const x = y.map((group) => (CENTERS[group] ?? []).map((center) => center + next() + next() - 1));
  return { x, y };
}

/** Forty rows in four columns; y is linear in them but for a little noise. @returns {Data} */
export function line() {
  const next = numbers(2);
  const x = Array.from({ length: 40 }, () => [2 * next() - 1, 4 * next(), next() - 3, 2 * next()]);
  const y = x.map(([a = 0, b = 0, c = 0, d = 0]) => 2 + 3 * a - 2 * b + c - 0.5 * d + 0.1 * next());
  return { x, y };
}

/** The rows at these places. @template T @param {T[]} rows @param {number[]} places @returns {T[]} */
export function take(rows, places) {
  return places.map((i) => /** @type {T} */ (rows[i]));
}

/** The places 0 to n - 1 in another order. @param {number} n */
export function reordered(n) {
  // Steps of 7 reach every place unless 7 divides n.
  return Array.from({ length: n }, (_, i) => (n % 7 === 0 ? n - 1 - i : (i * 7 + 3) % n));
}
