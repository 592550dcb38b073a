import { exp, log } from '@maru-ml/kernels/scalar';

/** How the squared distances of a row from the centers become its memberships, whose sum is 1. */
export type Membership = { readonly beta: number } | { readonly m: number };

/**
 * Turns squared distances d² of a row [k], which begin at `at`, into memberships, and returns what the row adds to the
 * objective:
 *
 *   beta  u_k = e^(-β d_k²) / Σ e^(-β d²), the minimum of Σ u_k d_k² + Σ u_k ln u_k / β, which is -ln Σ e^(-β d²) / β
 *   m     u_k = d_k^(-2/(m-1)) / Σ d^(-2/(m-1)), the minimum of Σ u_k^m d_k²; a row on centers belongs to these alone
 */
export function takeMemberships(values: Float64Array, at: number, k: number, membership: Membership): number {
  let least = Number.POSITIVE_INFINITY;
  for (let c = at; c < at + k; c++) if (values[c]! < least) least = values[c]!;
  let sum = 0;
  if ('beta' in membership) {
    const { beta } = membership;
    for (let c = at; c < at + k; c++) sum += values[c] = exp(beta * (least - values[c]!));
    for (let c = at; c < at + k; c++) values[c]! /= sum;
    return least - log(sum) / beta;
  }
  const { m } = membership;
  if (least === 0) {
    for (let c = at; c < at + k; c++) sum += values[c] = values[c] === 0 ? 1 : 0;
    for (let c = at; c < at + k; c++) values[c]! /= sum;
    return 0;
  }
  // Relative to the nearest center, so that no power overflows.
  const power = 1 / (m - 1);
  for (let c = at; c < at + k; c++) sum += values[c] = raised(least / values[c]!, power);
  for (let c = at; c < at + k; c++) values[c]! /= sum;
  // Σ u^m d² with u = (least / d²)^power / sum is least · sum^(1 - m).
  return least * raised(sum, 1 - m);
}

/** What a membership weighs in the means: u, or u^m. */
export function weightOf(u: number, membership: Membership): number {
  if ('beta' in membership) return u;
  return raised(u, membership.m);
}

/** v^p for v ≥ 0, the same on every machine. */
function raised(v: number, p: number): number {
  if (p === 1) return v;
  if (p === 2) return v * v;
  return v === 0 ? 0 : exp(p * log(v));
}
