import { Random } from '@maru-ml/base';
import { LogisticRegression, Perceptron } from '@maru-ml/linear';
import { decisionRegions } from '@maru-ml/plot';
import { PolynomialFeatures } from '@maru-ml/preprocessing';
import type { Context, Study } from '../study.ts';

/** D3: what no line can tell apart, and what other columns do about it. */
export const beyondALine: Study = {
  row: 'D3',
  title: 'Hard cases for a linear classifier',
  source: '003, linear classifiers',
  run(context) {
    context.text(
      'A linear classifier draws one line. Three cases of two classes in which that cannot be right: parity, a ring, three islands. Products and squares of the columns make them linear again, at the price of more columns.',
    );
    for (const { name, x, y, degree } of cases()) study(context, name, x, y, degree);
  },
};

function study(context: Context, name: string, x: number[][], y: string[], degree: number): void {
  const line = new LogisticRegression().fit(x, y);
  const perceptron = new Perceptron({ seed: 1 }).fit(x, y);
  const features = new PolynomialFeatures({ degree, includeBias: false }).fit(x);
  const curved = new LogisticRegression({ C: 100 }).fit(features.transform(x), y);
  context.plot(
    decisionRegions((grid) => line.predict(grid), x, y, { title: `${name}: a line` }),
    `${(100 * line.score(x, y)).toFixed(0)} % right, Rosenblatt’s perceptron ${(100 * perceptron.score(x, y)).toFixed(0)} %.`,
  );
  context.plot(
    decisionRegions((grid) => curved.predict(features.transform(grid)), x, y, {
      title: `${name}: terms up to degree ${degree}`,
    }),
    `${(100 * curved.score(features.transform(x), y)).toFixed(0)} % right with ${features.nFeaturesOut} columns.`,
  );
  context.figure(`${name}: accuracy of a line`, null, line.score(x, y));
  context.figure(`${name}: accuracy with terms up to degree ${degree}`, null, curved.score(features.transform(x), y));
}

interface Case {
  name: string;
  x: number[][];
  y: string[];
  degree: number;
}

function cases(): Case[] {
  const random = new Random(3);
  const points = (n: number, radius: number) =>
    Array.from({ length: n }, () => [random.uniform(-radius, radius), random.uniform(-radius, radius)]);
  // Two pixels: odd where one is above 0 and the other is not.
  const parity = points(200, 1);
  // 1 ≤ ‖x‖ ≤ 2, and everything else.
  const ring = points(300, 3);
  const centers = [
    [-1.5, 1.2],
    [1.6, 1.4],
    [0.2, -1.6],
  ];
  const islands = points(300, 3);
  return [
    { name: 'parity', x: parity, y: parity.map(([a, b]) => (a! > 0 !== b! > 0 ? 'odd' : 'even')), degree: 2 },
    {
      name: 'ring',
      x: ring,
      y: ring.map(([a, b]) => (Math.abs(Math.hypot(a!, b!) - 1.5) <= 0.5 ? 'ring' : 'else')),
      degree: 4,
    },
    {
      name: 'three modes',
      x: islands,
      y: islands.map((row) =>
        centers.some(([a, b]) => Math.hypot(row[0]! - a!, row[1]! - b!) < 0.8) ? 'mode' : 'else',
      ),
      degree: 6,
    },
  ];
}
