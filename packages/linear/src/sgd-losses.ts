import { exp, log } from '@maru-ml/kernels/scalar';

/** A loss of one score p, given the truth y: -1 or 1 for classes, any number for regression. */
export interface Loss {
  /** ℓ(p, y). */
  value(p: number, y: number): number;
  /** ∂ℓ / ∂p. */
  slope(p: number, y: number): number;
}

/** Losses for classes. */
export const CLASS_LOSSES = [
  'hinge',
  'logLoss',
  'modifiedHuber',
  'squaredHinge',
  'perceptron',
  'squaredError',
  'huber',
  'epsilonInsensitive',
  'squaredEpsilonInsensitive',
] as const;

/** Losses for numbers. */
export const NUMBER_LOSSES = ['squaredError', 'huber', 'epsilonInsensitive', 'squaredEpsilonInsensitive'] as const;

export type LossName = (typeof CLASS_LOSSES)[number];

/** The loss of a name; ε is the width of those that have one. They are those of scikit-learn, in formulas and names. */
export function lossOf(name: LossName, epsilon: number): Loss {
  switch (name) {
    case 'hinge':
      return hinge(1);
    case 'perceptron':
      return hinge(0);
    case 'squaredHinge':
      return {
        value: (p, y) => Math.max(0, 1 - p * y) ** 2,
        slope: (p, y) => (1 - p * y > 0 ? -2 * y * (1 - p * y) : 0),
      };
    case 'modifiedHuber':
      return {
        value: (p, y) => (p * y >= 1 ? 0 : p * y >= -1 ? (1 - p * y) ** 2 : -4 * p * y),
        slope: (p, y) => (p * y >= 1 ? 0 : p * y >= -1 ? -2 * y * (1 - p * y) : -4 * y),
      };
    case 'logLoss':
      return {
        value: (p, y) => Math.max(0, -p * y) + log(1 + exp(-Math.abs(p))),
        slope: (p, y) => {
          const e = exp(-Math.abs(p));
          return (-y * (p * y > 0 ? e : 1)) / (1 + e);
        },
      };
    case 'squaredError':
      return { value: (p, y) => 0.5 * (p - y) ** 2, slope: (p, y) => p - y };
    case 'huber':
      return {
        value: (p, y) => {
          const r = Math.abs(p - y);
          return r <= epsilon ? 0.5 * r * r : epsilon * r - 0.5 * epsilon * epsilon;
        },
        slope: (p, y) => Math.max(-epsilon, Math.min(epsilon, p - y)),
      };
    case 'epsilonInsensitive':
      return {
        value: (p, y) => Math.max(0, Math.abs(y - p) - epsilon),
        slope: (p, y) => (y - p > epsilon ? -1 : p - y > epsilon ? 1 : 0),
      };
    case 'squaredEpsilonInsensitive':
      return {
        value: (p, y) => Math.max(0, Math.abs(y - p) - epsilon) ** 2,
        slope: (p, y) => (y - p > epsilon ? -2 * (y - p - epsilon) : p - y > epsilon ? 2 * (p - y - epsilon) : 0),
      };
  }
}

/** max(0, threshold - p y). */
function hinge(threshold: number): Loss {
  return {
    value: (p, y) => Math.max(0, threshold - p * y),
    slope: (p, y) => (p * y <= threshold ? -y : 0),
  };
}

/** A loss of the scores of all classes [k] together, given the place of the true one. */
export interface JointLoss {
  /** The loss; its derivatives by the scores go to `slopes` [k]. */
  evaluate(scores: Float64Array, truth: number, slopes: Float64Array): number;
}

/** A loss of one score as one of all scores, of which there is one. */
export function single(loss: Loss): JointLoss {
  return {
    evaluate(scores, truth, slopes) {
      slopes[0] = loss.slope(scores[0]!, truth);
      return loss.value(scores[0]!, truth);
    },
  };
}

/**
 * Σ_{c ≠ y} max(0, s_c - s_y + 1): every other class should score lower by 1.
 * J. Weston and C. Watkins, "Support vector machines for multi-class pattern recognition", ESANN (1999).
 */
export const multiclassHinge: JointLoss = {
  evaluate(scores, truth, slopes) {
    let sum = 0;
    let above = 0;
    for (let c = 0; c < scores.length; c++) {
      slopes[c] = 0;
      const margin = scores[c]! - scores[truth]! + 1;
      if (c === truth || margin <= 0) continue;
      sum += margin;
      slopes[c] = 1;
      above++;
    }
    slopes[truth] = -above;
    return sum;
  },
};
