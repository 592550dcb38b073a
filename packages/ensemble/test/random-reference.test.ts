import { DecisionTreeClassifier, DecisionTreeRegressor } from '@maru-ml/tree';
import { describe, expect, it } from 'vitest';
import {
  AdaBoostClassifier,
  AdaBoostRegressor,
  BaggingClassifier,
  BaggingRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  HistGradientBoostingClassifier,
  HistGradientBoostingRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
} from '../src/index.ts';
import { numbers, rounded } from './data.ts';
import random from './fixtures/random.json' with { type: 'json' };

const floats = (rows: number[][]) => rows.map((row) => row.map(Math.fround));
const target = (x: number[][], noise: number[][]) =>
  x.map(([a, b, c], i) => rounded(3 * a! + 2 * Math.abs(b!) + a! * c! + noise[i]![0]!, 3));
const x = floats(numbers(7, 300, 6));
const held = floats(numbers(17, 1000, 6));
const y = target(x, numbers(11, 300, 1));
const heldY = target(held, numbers(13, 1000, 1));
const labelsOf = (values: number[]) => values.map((value) => [0, 2].filter((edge) => value >= edge).length);
const labels = labelsOf(y);
const heldLabels = labelsOf(heldY);
// Every tenth row lies far out.
const far = held.map((row, i) => row.map((value) => value * (i % 10 === 0 ? 2.2 : 0.9)));
const near = x.map((row) => row.map((value) => value * 0.9));

interface Scores {
  fit(x: number[][], y: never[]): { score(x: number[][], y: never[]): number };
}
const classes = (make: (seed: number) => Scores) => (seed: number) =>
  make(seed)
    .fit(x, labels as never[])
    .score(held, heldLabels as never[]);
const values = (make: (seed: number) => Scores) => (seed: number) =>
  make(seed)
    .fit(x, y as never[])
    .score(held, heldY as never[]);
const isolation = (seed: number, options = {}) =>
  new IsolationForest({ nEstimators: 50, maxSamples: 100, ...options, seed }).fit(near).scoreSamples(far);
const meanScore = (scores: Float64Array) => scores.reduce((sum, score) => sum + score, 0) / scores.length;

const half = { nEstimators: 30, subsample: 0.5, maxFeatures: 3 };
const runs: Record<string, (seed: number) => number> = {
  RandomForestClassifier: classes((seed) => new RandomForestClassifier({ nEstimators: 30, seed })),
  RandomForestRegressor: values((seed) => new RandomForestRegressor({ nEstimators: 30, maxFeatures: 3, seed })),
  ExtraTreesClassifier: classes((seed) => new ExtraTreesClassifier({ nEstimators: 30, seed })),
  ExtraTreesRegressor: values((seed) => new ExtraTreesRegressor({ nEstimators: 30, seed })),
  BaggingClassifier: classes((seed) => {
    return new BaggingClassifier(new DecisionTreeClassifier({ maxDepth: 5 }), {
      nEstimators: 15,
      maxFeatures: 4,
      seed,
    });
  }),
  BaggingRegressor: values((seed) => {
    return new BaggingRegressor(new DecisionTreeRegressor({ maxDepth: 5 }), { nEstimators: 15, maxSamples: 200, seed });
  }),
  AdaBoostClassifier: classes((seed) => {
    return new AdaBoostClassifier(new DecisionTreeClassifier({ maxDepth: 3, maxFeatures: 3 }), {
      nEstimators: 40,
      seed,
    });
  }),
  AdaBoostRegressor: values((seed) => {
    return new AdaBoostRegressor(new DecisionTreeRegressor({ maxDepth: 3 }), { nEstimators: 20, seed });
  }),
  GradientBoostingClassifier: classes((seed) => new GradientBoostingClassifier({ ...half, seed })),
  GradientBoostingRegressor: values((seed) => new GradientBoostingRegressor({ ...half, seed })),
  HistGradientBoostingClassifier: classes((seed) => {
    return new HistGradientBoostingClassifier({ maxIter: 50, earlyStopping: true, nIterNoChange: 5, seed });
  }),
  HistGradientBoostingRegressor: values((seed) => {
    return new HistGradientBoostingRegressor({ maxIter: 50, earlyStopping: true, nIterNoChange: 5, seed });
  }),
  IsolationForest: (seed) => areaUnderCurve(isolation(seed)),
  'mean score of IsolationForest': (seed) => meanScore(isolation(seed)),
};
/** Six more comparisons, of which one may well be off by two standard errors; over 240 seeds or more they are off by one at most. */
const more = new Set<string>();
for (const [name, options] of [
  ['maxFeatures 3', { maxFeatures: 3 }],
  ['bootstrap', { bootstrap: true }],
  ['maxFeatures 0.5 and bootstrap', { maxFeatures: 0.5, bootstrap: true }],
] as const) {
  more.add(`IsolationForest, ${name}`).add(`mean score of IsolationForest, ${name}`);
  runs[`IsolationForest, ${name}`] = (seed) => areaUnderCurve(isolation(seed, options));
  runs[`mean score of IsolationForest, ${name}`] = (seed) => meanScore(isolation(seed, options));
}

describe('random ensembles score as those of scikit-learn, over 20 seeds within two or three standard errors', () => {
  it.each(Object.entries(random.scores))('%s', (name, theirs) => {
    const ours = theirs.map((_, seed) => runs[name]!(seed));
    const error = Math.sqrt((variance(ours) + variance(theirs)) / 20);
    expect(error).toBeLessThan(0.005);
    expect(
      Math.abs(mean(ours) - mean(theirs)) / error,
      `${mean(ours)} against ${mean(theirs)} ± ${error}`,
    ).toBeLessThan(more.has(name) ? 3 : 2);
  });
});

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

function variance(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0) / (list.length - 1);
}

/** The share of pairs of an ordinary row and one far out of which the ordinary one has the higher score. */
function areaUnderCurve(scores: Float64Array): number {
  let [above, pairs] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (i % 10 === 0) continue;
    for (let j = 0; j < scores.length; j += 10) {
      above += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      pairs++;
    }
  }
  return above / pairs;
}
