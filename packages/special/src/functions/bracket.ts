/**
 * The x between `low` and `high` at which an increasing function is 0, to the last bits: the interpolation of Illinois (a false
 * position that halves the value at the end that stays), with a bisection wherever that is slow. `low` and `high` may be off: f is
 * taken as negative at the one and positive at the other.
 */
export function findZero(f: (x: number) => number, low: number, high: number): number {
  let a = low;
  let b = high;
  let fa = Number.NEGATIVE_INFINITY;
  let fb = Number.POSITIVE_INFINITY;
  let side = 0;
  for (let i = 0; i < 200; i++) {
    const width = b - a;
    let x = b - (width * fb) / (fb - fa);
    // In the first steps and every fourth one the middle is taken, so that the interval shrinks in any case.
    if (!(x > a && x < b) || i % 4 === 3) x = a + 0.5 * width;
    if (!(x > a && x < b)) break;
    const fx = f(x);
    if (fx === 0) return x;
    if (fx < 0) {
      a = x;
      fa = fx;
      if (side === -1) fb *= 0.5;
      side = -1;
    } else {
      b = x;
      fb = fx;
      if (side === 1) fa *= 0.5;
      side = 1;
    }
    if (b - a <= 2e-16 * Math.abs(b)) break;
  }
  return a + 0.5 * (b - a);
}

interface Logarithms {
  logCdf(x: number): number;
  logSf(x: number): number;
}

/** The quantile between `low` and `high`, by the tail that is at most ½ on the scale of logarithms. */
export function bracketedQuantile(tails: Logarithms, p: number, upper: boolean, low: number, high: number): number {
  if (Number.isNaN(p)) return p;
  if (p > 0.5) return bracketedQuantile(tails, 1 - p, !upper, low, high);
  if (p === 0) return upper ? high : low;
  const target = Math.log(p);
  if (upper) return findZero((x) => target - tails.logSf(x), low, high);
  return findZero((x) => tails.logCdf(x) - target, low, high);
}
