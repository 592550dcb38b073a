// What penalties weigh of coefficients, as textbooks have them: R(w) in loss + λ R(w).

/** Σ wⱼ². */
export function l2Penalty(w: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += w[j]! * w[j]!;
  return sum;
}

/** Σ |wⱼ|. */
export function l1Penalty(w: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += Math.abs(w[j]!);
  return sum;
}

/** Σ (β wⱼ² + |wⱼ|). */
export function elasticNetPenalty(w: ArrayLike<number>, beta: number): number {
  return beta * l2Penalty(w) + l1Penalty(w);
}
