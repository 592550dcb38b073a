import { Random } from '@maru-ml/base';
import { Ridge, SGDClassifier } from '@maru-ml/linear';
import { bar, lines, scatter } from '@maru-ml/plot';
import { PolynomialFeatures, StandardScaler } from '@maru-ml/preprocessing';
import type { Context, Study } from '../study.ts';

/** E6: why and how large weights are punished. */
export const penalties: Study = {
  row: 'E6',
  title: 'Regularization: hinge loss, overfitting, L2, L1 and elastic net',
  source: '004, regularization; worked example 13',
  run(context) {
    hinge(context);
    overfitting(context);
    norms(context);
  },
};

/** Σ over the other classes of max(0, s_j - s_y + 1). */
function hingeLoss(scores: readonly number[], label: number): number {
  return scores.reduce((sum, score, c) => (c === label ? sum : sum + Math.max(0, score - scores[label]! + 1)), 0);
}

function hinge(context: Context): void {
  context.text(
    'The multi-class hinge loss of a row is Σ max(0, s_j - s_y + 1) over the classes j that are not its own: 0 once its own class is ahead of all others by 1. If a matrix of weights reaches 0, so does twice that matrix, so the loss alone does not choose one.',
  );
  const w = [
    [1, -1],
    [-1, 1],
    [-1, -1],
  ];
  const rows = [
    { x: [2, 0], label: 0 },
    { x: [0, 2], label: 1 },
    { x: [-2, -2], label: 2 },
  ];
  const loss = (factor: number) =>
    rows.reduce(
      (sum, { x, label }) =>
        sum +
        hingeLoss(
          w.map((row) => factor * (row[0]! * x[0]! + row[1]! * x[1]!)),
          label,
        ),
      0,
    );
  context.figure('hinge loss of W', 0, loss(1));
  context.figure('hinge loss of 2W', 0, loss(2));

  const random = new Random(2);
  const y = Array.from({ length: 90 }, (_, i) => i % 3);
  const x = y.map((c) => [random.normal([0, 3, -3][c]!, 0.8), random.normal([3, -2, -2][c]!, 0.8)]);
  const model = new SGDClassifier({ loss: 'multiclassHinge', seed: 1 }).fit(x, y);
  context.plot(
    scatter(
      x.map(([a, b]) => [a!, b!]),
      { groups: y, title: 'Three classes' },
    ),
    `A linear classifier with this loss gets ${(100 * model.score(x, y)).toFixed(0)} % right.`,
  );
}

/** A polynomial through all points, a smooth one, and a point that comes later. */
function overfitting(context: Context): void {
  const random = new Random(5);
  const at = Array.from({ length: 10 }, (_, i) => i / 9);
  const f = (x: number) => Math.sin(2.5 * x);
  const y = at.map((x) => f(x) + random.normal(0, 0.15));
  const features = new PolynomialFeatures({ degree: 9, includeBias: false });
  const raw = features.fit(at.map((x) => [x]));
  const scaler = new StandardScaler().fit(raw.transform(at.map((x) => [x])));
  const columns = (xs: readonly number[]) => scaler.transform(raw.transform(xs.map((x) => [x])));
  const wavy = new Ridge({ alpha: 1e-10 }).fit(columns(at), y);
  const smooth = new Ridge({ alpha: 0.1 }).fit(columns(at), y);
  const fine = Array.from({ length: 181 }, (_, i) => i / 180);
  context.text(
    'Ten points, and a polynomial of degree 9 that passes through all of them (f1) beside one whose large coefficients are punished (f2). The loss on the points prefers f1, new points prefer f2.',
  );
  context.plot(
    lines(
      {
        'f1, no penalty': { x: fine, y: wavy.predict(columns(fine)) },
        'f2, L2 penalty': { x: fine, y: smooth.predict(columns(fine)) },
        'what they came from': { x: fine, y: fine.map(f) },
        points: { x: at, y },
      },
      { yDomain: [-0.5, 1.5], xLabel: 'x', yLabel: 'y', title: 'Through the points, or near them' },
    ),
    'f1 swings between the points.',
  );
  const later = Array.from({ length: 200 }, () => random.uniform());
  const error = (model: typeof wavy, xs: readonly number[], ys: readonly number[]) =>
    model.predict(columns(xs)).reduce((sum, value, i) => sum + (value - ys[i]!) ** 2, 0) / xs.length;
  const laterY = later.map((x) => f(x) + random.normal(0, 0.15));
  const errors = {
    'the ten points': [error(wavy, at, y), error(smooth, at, y)],
    'later points': [error(wavy, later, laterY), error(smooth, later, laterY)],
  };
  context.plot(bar(['f1', 'f2'], errors, { yLabel: 'mean squared error' }), 'Which one is better turns round.');
  context.figure(
    'error on later points, f2 beside f1',
    'smaller',
    errors['later points'][1]! < errors['later points'][0]! ? 'smaller' : 'larger',
  );
}

/** Worked example 13. */
function norms(context: Context): void {
  const candidates = { w1: [1, 0, 0, 0], w2: [0.25, 0.25, 0.25, 0.25] };
  context.text(
    'x = (1, 1, 1, 1) has the same score 1 with w1 = (1, 0, 0, 0) and w2 = (.25, .25, .25, .25). L2, Σ w², prefers weights that are spread; L1, Σ |w|, does not care here; elastic net, Σ βw² + |w| with β = 1, adds both up.',
  );
  context.erratum(
    'The notes compute Σ (1 - w)² = 3 and 2.25, and Σ |1 - w| = 3 and 3: distances from x. By their own formulas the penalties are 1 and .25, and 1 and 1. The conclusions are the same.',
  );
  const right = { w1: { L2: 1, L1: 1, 'elastic net': 2 }, w2: { L2: 0.25, L1: 1, 'elastic net': 1.25 } };
  for (const [name, w] of Object.entries(candidates) as ['w1' | 'w2', number[]][]) {
    const l2 = w.reduce((sum, value) => sum + value * value, 0);
    const l1 = w.reduce((sum, value) => sum + Math.abs(value), 0);
    const ours = { L2: l2, L1: l1, 'elastic net': l2 + l1 };
    for (const penalty of ['L2', 'L1', 'elastic net'] as const) {
      context.figure(`${penalty} of ${name}`, right[name][penalty], ours[penalty], { digits: 6 });
    }
  }
}
