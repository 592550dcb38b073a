import { expit, log1pexp, logNdtr, ndtr } from '@maru-ml/special';
import type { Likelihood } from '../likelihood/newton.ts';

/** Which model of a choice. */
export type ChoiceKind = 'Logit' | 'Probit' | 'MNLogit';

/**
 * The probabilities of a choice among J classes, of linear predictors η of the m = J - 1 classes after the first, with their
 * derivatives.
 */
export interface Choice {
  /** P [J] into `p`. */
  probabilities(eta: ArrayLike<number>, p: Float64Array): void;
  /** log P [J] into `p`. */
  logProbabilities(eta: ArrayLike<number>, p: Float64Array): void;
  /** ∂P_c/∂ηₐ [J, m] into `first`, and ∂²P_c/∂ηₐ∂ηᵦ [J, m, m] into `second`. */
  derivatives(eta: ArrayLike<number>, first: Float64Array, second: Float64Array): void;
}

export function choiceOf(kind: ChoiceKind, classes: number): Choice {
  if (kind === 'MNLogit') return multinomial(classes);
  return kind === 'Logit' ? LOGIT : PROBIT;
}

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

const LOGIT: Choice = {
  probabilities(eta, p) {
    p[1] = expit(eta[0]!);
    p[0] = expit(-eta[0]!);
  },
  logProbabilities(eta, p) {
    p[1] = -log1pexp(-eta[0]!);
    p[0] = -log1pexp(eta[0]!);
  },
  derivatives(eta, first, second) {
    const [p, q] = [expit(eta[0]!), expit(-eta[0]!)];
    first[1] = p * q;
    second[1] = p * q * (q - p);
    first[0] = -first[1];
    second[0] = -second[1];
  },
};

const PROBIT: Choice = {
  probabilities(eta, p) {
    p[1] = ndtr(eta[0]!);
    p[0] = ndtr(-eta[0]!);
  },
  logProbabilities(eta, p) {
    p[1] = logNdtr(eta[0]!);
    p[0] = logNdtr(-eta[0]!);
  },
  derivatives(eta, first, second) {
    const density = Math.exp(-0.5 * eta[0]! * eta[0]! - LOG_SQRT_2_PI);
    first[1] = density;
    second[1] = -eta[0]! * density;
    first[0] = -first[1];
    second[0] = -second[1];
  },
};

/** P_c = exp(η_c) / Σ exp(η), with η = 0 for the first class. */
function multinomial(classes: number): Choice {
  const m = classes - 1;
  const logProbabilities = (eta: ArrayLike<number>, p: Float64Array) => {
    let largest = 0;
    for (let a = 0; a < m; a++) largest = Math.max(largest, eta[a]!);
    let sum = Math.exp(-largest);
    for (let a = 0; a < m; a++) sum += Math.exp(eta[a]! - largest);
    const total = largest + Math.log(sum);
    p[0] = -total;
    for (let a = 0; a < m; a++) p[a + 1] = eta[a]! - total;
  };
  const probabilities = (eta: ArrayLike<number>, p: Float64Array) => {
    logProbabilities(eta, p);
    for (let c = 0; c < classes; c++) p[c] = Math.exp(p[c]!);
  };
  return {
    probabilities,
    logProbabilities,
    derivatives(eta, first, second) {
      const p = new Float64Array(classes);
      probabilities(eta, p);
      const same = (a: number, b: number) => (a === b ? 1 : 0);
      for (let c = 0; c < classes; c++) {
        for (let a = 0; a < m; a++) {
          first[c * m + a] = p[c]! * (same(c, a + 1) - p[a + 1]!);
          for (let b = 0; b < m; b++) {
            const both = (same(c, a + 1) - p[a + 1]!) * (same(c, b + 1) - p[b + 1]!);
            second[(c * m + a) * m + b] = p[c]! * (both - p[a + 1]! * (same(a, b) - p[b + 1]!));
          }
        }
      }
    },
  };
}

/** The likelihood of the places of classes `codes` [n]. */
export function likelihoodOf(kind: ChoiceKind, codes: ArrayLike<number>, classes: number): Likelihood {
  if (kind === 'MNLogit') return multinomialLikelihood(codes, classes);
  return { equations: 1, evaluate: kind === 'Logit' ? logitOf(codes) : probitOf(codes) };
}

/** Rows between two pauses. */
export const ROWS: number = 1 << 14;

function logitOf(codes: ArrayLike<number>): Likelihood['evaluate'] {
  return function* (eta, scores, information) {
    let sum = 0;
    for (let i = 0; i < eta.length; i++) {
      if (i % ROWS === ROWS - 1) yield;
      // With t = ±η, 1 - P of what the row is is 1 / (1 + eᵗ).
      const one = codes[i] === 1;
      const t = one ? eta[i]! : -eta[i]!;
      const e = Math.exp(-Math.abs(t));
      const rest = (t > 0 ? e : 1) / (1 + e);
      sum -= Math.log1p(e) + (t < 0 ? -t : 0);
      scores[i] = one ? rest : -rest;
      information[i] = e / ((1 + e) * (1 + e));
    }
    return sum;
  };
}

/** With t = ±η and λ = φ(t) / Φ(t) the score is ±λ, and the information λ (λ + t). */
function probitOf(codes: ArrayLike<number>): Likelihood['evaluate'] {
  return function* (eta, scores, information) {
    let sum = 0;
    for (let i = 0; i < eta.length; i++) {
      if (i % ROWS === ROWS - 1) yield;
      const sign = codes[i] === 1 ? 1 : -1;
      const t = sign * eta[i]!;
      const log = logNdtr(t);
      const lambda = Math.exp(-0.5 * t * t - LOG_SQRT_2_PI - log);
      sum += log;
      scores[i] = sign * lambda;
      information[i] = Math.max(0, lambda * (lambda + t));
    }
    return sum;
  };
}

function multinomialLikelihood(codes: ArrayLike<number>, classes: number): Likelihood {
  const m = classes - 1;
  const choice = multinomial(classes);
  return {
    equations: m,
    *evaluate(eta, scores, information) {
      const n = codes.length;
      const row = new Float64Array(m);
      const p = new Float64Array(classes);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        if (i % ROWS === ROWS - 1) yield;
        for (let a = 0; a < m; a++) row[a] = eta[a * n + i]!;
        choice.logProbabilities(row, p);
        sum += p[codes[i]!]!;
        for (let c = 0; c < classes; c++) p[c] = Math.exp(p[c]!);
        for (let a = 0; a < m; a++) {
          scores[a * n + i] = (codes[i] === a + 1 ? 1 : 0) - p[a + 1]!;
          for (let b = 0; b < m; b++) {
            information[(a * m + b) * n + i] = p[a + 1]! * ((a === b ? 1 : 0) - p[b + 1]!);
          }
        }
      }
      return sum;
    },
  };
}
