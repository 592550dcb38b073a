/** The last steps s = x' - x and changes of the gradient y = g' - g, from which L-BFGS builds its direction. */
export class LbfgsHistory {
  readonly memory: number;
  readonly steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];

  constructor(memory: number) {
    this.memory = memory;
  }

  get size(): number {
    return this.steps.length;
  }

  /** Remembers a step, unless its curvature sᵀy is not positive or not finite; whether it does. */
  add(s: Float64Array, y: Float64Array): boolean {
    const curvature = dot(s, y);
    if (!(curvature > 2.2e-16 * dot(y, y) && curvature < Number.POSITIVE_INFINITY)) return false;
    this.steps.push({ s, y, rho: 1 / curvature });
    if (this.steps.length > this.memory) this.steps.shift();
    return true;
  }

  clear(): void {
    this.steps.length = 0;
  }

  /**
   * -Hg, where H stands for the inverse of the Hessian: what the steps have made of that which `start` applies, by default
   * that of the last step's curvature.
   * Source: J. Nocedal and S. Wright, "Numerical Optimization", 2006, algorithm 7.4 (the two-loop recursion).
   */
  direction(gradient: Float64Array, start?: (q: Float64Array) => Float64Array): Float64Array {
    let q: Float64Array = gradient.slice();
    const alphas: number[] = [];
    for (let i = this.steps.length - 1; i >= 0; i--) {
      const { s, y, rho } = this.steps[i]!;
      const alpha = rho * dot(s, q);
      alphas[i] = alpha;
      q = addScaled(q, -alpha, y);
    }
    let r = start ? start(q) : overCurvature(q, this.steps.at(-1));
    for (const [i, { s, y, rho }] of this.steps.entries()) {
      r = addScaled(r, alphas[i]! - rho * dot(y, r), s);
    }
    return r.map((value) => -value);
  }
}

/** q over the curvature of a step, which is 1 before there is one. */
function overCurvature(q: Float64Array, step: LbfgsHistory['steps'][number] | undefined): Float64Array {
  const scale = step === undefined ? 1 : 1 / (step.rho * dot(step.y, step.y));
  return q.map((value) => value * scale);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a + αb. */
export function addScaled(a: Float64Array, alpha: number, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! + alpha * b[i]!;
  return out;
}

/** The largest absolute value. */
export function largest(a: Float64Array): number {
  let max = 0;
  for (const value of a) max = Math.max(max, Math.abs(value));
  return max;
}
