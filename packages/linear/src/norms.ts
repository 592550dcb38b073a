/** Σ |wⱼ|: what the lasso penalizes. */
export function l1Norm(w: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += Math.abs(w[j]!);
  return sum;
}

/** Σ wⱼ²: what a ridge penalizes. */
export function squaredNorm(w: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += w[j]! * w[j]!;
  return sum;
}
