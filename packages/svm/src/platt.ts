import type { Steps } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import { vectorsOf } from './rows.ts';
import { singleFit, singleMachine } from './single-machine.ts';
import { type Machines, solveTwo, type TwoClasses } from './svc-fit.ts';

/** The probability of the side where a machine's answer t is positive: 1 / (1 + e^(a t + b)). */
export interface Sigmoid {
  a: number;
  b: number;
}

const FOLDS = 5;

/**
 * The sigmoid of each pair of classes, from answers to rows that the machine was not fitted with: each fifth row is a fold, so
 * that folds have as many rows of either class. LIBSVM draws them; these give the same rows the same probabilities. If the fit
 * was told to stop, answers are 0 from then on, and the sigmoids give the shares of the classes.
 */
export function* calibrate(machines: Machines, pairs: readonly TwoClasses[]): Steps<Sigmoid[]> {
  const { kernel, data, d, solver } = machines;
  const sigmoids: Sigmoid[] = [];
  for (const pair of pairs) {
    const places = Int32Array.from(pair.rows.keys());
    const answers = new Float64Array(places.length);
    for (let fold = 0; fold < FOLDS && !machines.stopped; fold++) {
      const held = places.filter((at) => at % FOLDS === fold);
      const rest = places.filter((at) => at % FOLDS !== fold);
      const train: TwoClasses = {
        rows: rest.map((at) => pair.rows[at]!),
        signs: Float64Array.from(rest, (at) => pair.signs[at]!),
        bounds: Float64Array.from(rest, (at) => pair.bounds[at]!),
      };
      if (new Set(train.signs).size < 2) {
        // All that is known is the side that is left.
        for (const at of held) answers[at] = train.signs[0] ?? 0;
        continue;
      }
      const solution = yield* solveTwo(machines, train);
      const machine = singleMachine(solver.owner, singleFit(kernel, data, d, train.rows, solution));
      const rows = held.map((at) => pair.rows[at]!);
      const found = machine.answer({ data: vectorsOf(data, d, rows), rows: rows.length, columns: d });
      for (const [h, at] of held.entries()) answers[at] = found[h]!;
      yield;
    }
    sigmoids.push(fitSigmoid(answers, pair.signs));
  }
  return sigmoids;
}

/**
 * The sigmoid under which the signs of the labels are most likely, given the answers [n]; probabilities of 0 and 1 are held off by
 * one imagined row on each side. Newton's method, each step halved until the gradient shrinks, to a gradient of 1e-9 (1e-5 in LIBSVM):
 * the loss is convex, so that nothing but its minimum has a gradient of 0, and its logarithms are not needed.
 *
 * J. Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers (1999).
 * H.-T. Lin, C.-J. Lin and R. C. Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68 (2007).
 */
export function fitSigmoid(answers: Float64Array, signs: Float64Array): Sigmoid {
  const n = answers.length;
  let positive = 0;
  for (const sign of signs) if (sign > 0) positive++;
  const [high, low] = [(positive + 1) / (positive + 2), 1 / (n - positive + 2)];
  /** The gradient and the second derivatives of the loss, to whose matrix a ridge is added that keeps it positive definite. */
  const slopesAt = (a: number, b: number) => {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < n; i++) {
      const t = answers[i]!;
      const p = positiveShare(a * t + b);
      const weight = p * (1 - p);
      haa += t * t * weight;
      hab += t * weight;
      hbb += weight;
      const difference = (signs[i]! > 0 ? high : low) - p;
      ga += t * difference;
      gb += difference;
    }
    return { ga, gb, haa, hab, hbb, square: ga * ga + gb * gb };
  };
  let [a, b] = [0, 0];
  let here = slopesAt(a, b);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { ga, gb, haa, hab, hbb, square } = here;
    if (Math.abs(ga) < 1e-9 && Math.abs(gb) < 1e-9) break;
    const determinant = haa * hbb - hab * hab;
    const stepA = -(hbb * ga - hab * gb) / determinant;
    const stepB = -(haa * gb - hab * ga) / determinant;
    let length = 1;
    let next = slopesAt(a + stepA, b + stepB);
    while (!(next.square < square * (1 - 1e-4 * length))) {
      length /= 2;
      if (length < 1e-10) return { a, b };
      next = slopesAt(a + length * stepA, b + length * stepB);
    }
    a += length * stepA;
    b += length * stepB;
    here = next;
  }
  return { a, b };
}

/** The probability of the positive side, as LIBSVM not below 1e-7 nor above 1 - 1e-7. */
export function sideProbability({ a, b }: Sigmoid, answer: number): number {
  return Math.min(Math.max(positiveShare(a * answer + b), 1e-7), 1 - 1e-7);
}

/** 1 / (1 + eᶻ). */
function positiveShare(z: number): number {
  const e = exp(-Math.abs(z));
  return (z >= 0 ? e : 1) / (1 + e);
}

/**
 * The probabilities p [k] that agree best with those of each class against each other, r[i, j] = P(i | i or j) [k, k]:
 * the minimum of ½ Σᵢ Σⱼ (rⱼᵢ pᵢ - rᵢⱼ pⱼ)² over Σ p = 1, by the paper's second method, run until pᵀQp - (Qp)ᵢ vanishes.
 *
 * T.-F. Wu, C.-J. Lin and R. C. Weng, "Probability estimates for multi-class classification by pairwise coupling", JMLR 5 (2004).
 */
export function couple(r: Float64Array, k: number, p: Float64Array): void {
  const q = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      q[i * k + i]! += r[j * k + i]! * r[j * k + i]!;
      q[i * k + j] = -r[j * k + i]! * r[i * k + j]!;
    }
  }
  p.fill(1 / k);
  const qp = new Float64Array(k);
  for (let iteration = 0; iteration < 1000; iteration++) {
    let pqp = 0;
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += q[i * k + j]! * p[j]!;
      qp[i] = sum;
      pqp += p[i]! * sum;
    }
    let worst = 0;
    for (let i = 0; i < k; i++) worst = Math.max(worst, Math.abs(qp[i]! - pqp));
    if (worst < 1e-12) return;
    for (let i = 0; i < k; i++) {
      const change = (pqp - qp[i]!) / q[i * k + i]!;
      p[i]! += change;
      const scale = 1 + change;
      pqp = (pqp + change * (change * q[i * k + i]! + 2 * qp[i]!)) / scale / scale;
      for (let j = 0; j < k; j++) {
        qp[j] = (qp[j]! + change * q[i * k + j]!) / scale;
        p[j]! /= scale;
      }
    }
  }
}
