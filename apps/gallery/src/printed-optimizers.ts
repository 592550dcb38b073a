/** Where the optimizer stands, or ∂f there. */
export type Vector = readonly number[];
export type Gradient = (place: Vector) => Vector;

/** The places [steps + 1] that an update rule goes through from a start. */
export type Rule = (start: Vector, gradient: Gradient, steps: number) => Vector[];

/** Algorithms 8.2 to 8.7 of I. Goodfellow et al., "Deep Learning", 2016, line by line as the slides print them, on plain numbers. */
export interface Settings {
  /** ε */
  lr: number;
  /** α */
  momentum: number;
  /** ρ */
  rho: number;
}

/** 8.2: v ← αv - εg, θ ← θ + v. */
export const momentum =
  ({ lr, momentum: alpha }: Settings): Rule =>
  (start, gradient, steps) => {
    let v = start.map(() => 0);
    return walk(start, steps, (theta) => {
      const g = gradient(theta);
      v = v.map((vi, i) => alpha * vi - lr * g[i]!);
      return theta.map((ti, i) => ti + v[i]!);
    });
  };

/**
 * 8.3: the gradient at θ̃ = θ + αv. It returns the places θ̃, which are what PyTorch's form of the rule (and ours) calls the
 * parameters.
 */
export const nesterov =
  ({ lr, momentum: alpha }: Settings): Rule =>
  (start, gradient, steps) => {
    let v = start.map(() => 0);
    let theta: Vector = start;
    return walk(start, steps, (interim) => {
      const g = gradient(interim);
      v = v.map((vi, i) => alpha * vi - lr * g[i]!);
      theta = theta.map((ti, i) => ti + v[i]!);
      return theta.map((ti, i) => ti + alpha * v[i]!);
    });
  };

/** 8.4: r ← r + g ⊙ g, θ ← θ - ε g / (δ + √r), δ = 1e-7. */
export const adagrad =
  ({ lr }: Settings): Rule =>
  (start, gradient, steps) => {
    let r = start.map(() => 0);
    return walk(start, steps, (theta) => {
      const g = gradient(theta);
      r = r.map((ri, i) => ri + g[i]! ** 2);
      return theta.map((ti, i) => ti - (lr * g[i]!) / (1e-7 + Math.sqrt(r[i]!)));
    });
  };

/** 8.5: r ← ρr + (1 - ρ) g ⊙ g, θ ← θ - ε g / √(δ + r), δ = 1e-6. */
export const rmsprop =
  ({ lr, rho }: Settings): Rule =>
  (start, gradient, steps) => {
    let r = start.map(() => 0);
    return walk(start, steps, (theta) => {
      const g = gradient(theta);
      r = r.map((ri, i) => rho * ri + (1 - rho) * g[i]! ** 2);
      return theta.map((ti, i) => ti - (lr * g[i]!) / Math.sqrt(1e-6 + r[i]!));
    });
  };

/** 8.6: as 8.5 without δ, at θ̃ = θ + αv with v ← αv - ε g / √r. It returns the places θ̃, as 8.3 does. */
export const rmspropNesterov =
  ({ lr, momentum: alpha, rho }: Settings): Rule =>
  (start, gradient, steps) => {
    let v = start.map(() => 0);
    let r = start.map(() => 0);
    let theta: Vector = start;
    return walk(start, steps, (interim) => {
      const g = gradient(interim);
      r = r.map((ri, i) => rho * ri + (1 - rho) * g[i]! ** 2);
      v = v.map((vi, i) => alpha * vi - (lr * g[i]!) / Math.sqrt(r[i]!));
      theta = theta.map((ti, i) => ti + v[i]!);
      return theta.map((ti, i) => ti + alpha * v[i]!);
    });
  };

/** 8.7: s ← ρ₁s + (1 - ρ₁)g, r ← ρ₂r + (1 - ρ₂) g ⊙ g, both divided by 1 - ρᵗ, θ ← θ - ε ŝ / (√r̂ + δ), δ = 1e-8. */
export const adam =
  ({ lr }: Settings): Rule =>
  (start, gradient, steps) => {
    const [rho1, rho2] = [0.9, 0.999];
    let s = start.map(() => 0);
    let r = start.map(() => 0);
    let t = 0;
    return walk(start, steps, (theta) => {
      const g = gradient(theta);
      t++;
      s = s.map((si, i) => rho1 * si + (1 - rho1) * g[i]!);
      r = r.map((ri, i) => rho2 * ri + (1 - rho2) * g[i]! ** 2);
      return theta.map((ti, i) => {
        const [sHat, rHat] = [s[i]! / (1 - rho1 ** t), r[i]! / (1 - rho2 ** t)];
        return ti - (lr * sHat) / (Math.sqrt(rHat) + 1e-8);
      });
    });
  };

function walk(start: Vector, steps: number, next: (place: Vector) => Vector): Vector[] {
  const places = [start];
  for (let step = 0; step < steps; step++) places.push(next(places.at(-1)!));
  return places;
}
