import type { Steps } from '@maru-ml/base';

/**
 * A minimum of a function of one variable, near where it falls: first a bracket is widened downhill from `a` and `b`, then
 * Brent's method closes it, by parabolas through the three best points where they help and golden sections where they do not.
 * The function may be Infinity where it is not defined. Some 10 to 40 evaluations, with a pause after each.
 *
 * R. P. Brent, "Algorithms for Minimization without Derivatives", chapter 5 (1973).
 *
 * @param tolerance relative, of the place; the square root of the rounding is as good as it gets
 */
export function* minimizeScalar(f: (x: number) => number, a: number, b: number, tolerance = 1e-9): Steps<number> {
  return yield* closeBracket(f, yield* widenBracket(f, a, b), tolerance);
}

/** Three places of which the middle one is lowest. */
interface Bracket {
  low: number;
  middle: number;
  high: number;
  value: number;
}

const GOLDEN = (1 + Math.sqrt(5)) / 2;

function* widenBracket(f: (x: number) => number, a: number, b: number): Steps<Bracket> {
  let [left, middle] = [a, b];
  let [fLeft, fMiddle] = [f(left), f(middle)];
  yield;
  if (fLeft < fMiddle) {
    [left, middle] = [middle, left];
    [fLeft, fMiddle] = [fMiddle, fLeft];
  }
  let right = middle + GOLDEN * (middle - left);
  let fRight = f(right);
  for (let step = 0; fRight < fMiddle && step < 200; step++) {
    [left, middle, right] = [middle, right, right + GOLDEN * (right - middle)];
    [fMiddle, fRight] = [fRight, f(right)];
    yield;
  }
  return { low: Math.min(left, right), middle, high: Math.max(left, right), value: fMiddle };
}

function* closeBracket(f: (x: number) => number, bracket: Bracket, tolerance: number): Steps<number> {
  let { low, high } = bracket;
  // x is the best place, w the second best, v the one that w was before.
  let [x, w, v] = [bracket.middle, bracket.middle, bracket.middle];
  let [fx, fw, fv] = [bracket.value, bracket.value, bracket.value];
  let [step, before] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const center = (low + high) / 2;
    const least = tolerance * Math.abs(x) + 1e-11;
    if (Math.abs(x - center) <= 2 * least - (high - low) / 2) break;
    const parabola = parabolaStep(x, w, v, fx, fw, fv);
    const useful =
      Math.abs(before) > least &&
      Math.abs(parabola) < Math.abs(before / 2) &&
      x + parabola > low &&
      x + parabola < high;
    if (useful) {
      before = step;
      step = parabola;
      // Not closer to an end than what can be told apart.
      if (x + step - low < 2 * least || high - x - step < 2 * least) step = x < center ? least : -least;
    } else {
      before = x < center ? high - x : low - x;
      step = (2 - GOLDEN) * before;
    }
    const u = x + (Math.abs(step) >= least ? step : step > 0 ? least : -least);
    const fu = f(u);
    yield;
    if (fu <= fx) {
      if (u < x) high = x;
      else low = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu <= fw || w === x) {
        [v, w] = [w, u];
        [fv, fw] = [fw, fu];
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return x;
}

/** From x to the lowest point of the parabola through three places; NaN where there is none. */
function parabolaStep(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  return -((x - v) * q - (x - w) * r) / (2 * (q - r));
}
