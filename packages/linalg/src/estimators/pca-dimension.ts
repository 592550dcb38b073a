/**
 * The number of components k, 1 ≤ k < d, under which n rows with these variances are most likely, by Laplace's approximation of
 * the evidence of probabilistic PCA. O(d³).
 *
 * T. Minka, "Automatic choice of dimensionality for PCA", NIPS (2000).
 *
 * @param variances [d], descending
 */
export function likelyDimension(variances: Float64Array, n: number): number {
  const logGamma = logGammaOfHalves(variances.length);
  let best = 1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 1; k < variances.length; k++) {
    const evidence = logEvidence(variances, k, n, logGamma);
    if (evidence > highest) {
      highest = evidence;
      best = k;
    }
  }
  return best;
}

/** Equation (77) of Minka's report, as a logarithm. */
function logEvidence(variances: Float64Array, k: number, n: number, logGamma: Float64Array): number {
  const d = variances.length;
  if (variances[k - 1]! < TINY) return Number.NEGATIVE_INFINITY;
  // p(U): a uniform prior over orthonormal directions.
  let prior = -k * Math.log(2);
  for (let i = 1; i <= k; i++) prior += logGamma[d - i + 1]! - (Math.log(Math.PI) * (d - i + 1)) / 2;
  let logs = 0;
  for (let i = 0; i < k; i++) logs += Math.log(variances[i]!);
  let rest = 0;
  for (let i = k; i < d; i++) rest += variances[i]!;
  const noise = Math.max(TINY, rest / (d - k));
  const parameters = d * k - (k * (k + 1)) / 2;

  // The determinant of the Hessian at the maximum. Equal variances, whose factor is 0, take the smallest positive one.
  let hessian = 0;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < d; j++) {
      const inverse = 1 / (j < k ? variances[j]! : noise) - 1 / variances[i]!;
      const factor = (variances[i]! - variances[j]!) * inverse;
      hessian += Math.log(Math.max(factor, Number.MIN_VALUE)) + Math.log(n);
    }
  }
  return (
    prior -
    (n * logs) / 2 -
    (n * (d - k) * Math.log(noise)) / 2 +
    (Math.log(2 * Math.PI) * (parameters + k)) / 2 -
    hessian / 2 -
    (k * Math.log(n)) / 2
  );
}

/** log Γ(m / 2) for m = 0 … d, from Γ(1/2) = √π, Γ(1) = 1 and Γ(x + 1) = x Γ(x). */
function logGammaOfHalves(d: number): Float64Array {
  const out = new Float64Array(d + 1);
  if (d >= 1) out[1] = Math.log(Math.PI) / 2;
  for (let m = 3; m <= d; m++) out[m] = out[m - 2]! + Math.log((m - 2) / 2);
  return out;
}

/** Below this a variance counts as none, as in scikit-learn. */
const TINY = 1e-15;
