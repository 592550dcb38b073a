import { Random } from '@maru-ml/base';
import { expectNoGarbage } from '@maru-ml/tooling/testing';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '@maru-ml/tree';
import { describe, it } from 'vitest';
import {
  AdaBoostClassifier,
  AdaBoostRegressor,
  BaggingRegressor,
  IsolationForest,
  StackingClassifier,
  StackingRegressor,
  VotingClassifier,
  VotingRegressor,
} from '../src/index.ts';

describe('serving', () => {
  const random = new Random(1);
  const x = Array.from({ length: 90 }, () => Array.from({ length: 6 }, () => random.normal()));
  const row = Float64Array.from(x[0]!);

  it('answers single rows of classes without allocating', { tags: ['node'] }, async () => {
    const y = x.map(([a, b]) => (a! + b! > 1 ? 'up' : a! > b! ? 'even' : 'down'));
    const one = new DecisionTreeClassifier({ maxDepth: 1, seed: 1 });
    const estimators = { one, three: new DecisionTreeClassifier({ maxDepth: 3, seed: 1 }) };
    for (const model of [
      new VotingClassifier(estimators, { voting: 'hard', weights: [0.3, 0.6] }).fit(x, y),
      new StackingClassifier(estimators, one, { stackMethod: 'predict', passthrough: true }).fit(x, y),
      new AdaBoostClassifier(one, { nEstimators: 5, seed: 1 }).fit(x, y),
    ]) {
      await expectNoGarbage((i) => {
        row[0] = x[i % 90]![0]!;
        model.predictOne(row);
      });
    }
  });

  it('answers single rows of numbers without allocating', { tags: ['node'] }, async () => {
    const y = x.map(([a, b]) => a! + Math.sin(3 * b!));
    const one = new DecisionTreeRegressor({ maxDepth: 1, seed: 1 });
    const estimators = { one, three: new DecisionTreeRegressor({ maxDepth: 3, seed: 1 }) };
    for (const model of [
      new VotingRegressor(estimators, { weights: [0.3, 0.6] }).fit(x, y),
      new StackingRegressor(estimators, one, { passthrough: true }).fit(x, y),
      new BaggingRegressor(one, { nEstimators: 3, maxFeatures: 4, seed: 1 }).fit(x, y),
      new AdaBoostRegressor(one, { nEstimators: 3, seed: 1 }).fit(x, y),
    ]) {
      await expectNoGarbage((i) => {
        row[0] = x[i % 90]![0]!;
        model.predictOne(row);
      });
    }
  });

  it('makes no arrays to find outliers', { tags: ['node'] }, async () => {
    const model = new IsolationForest({ nEstimators: 5, seed: 1 }).fit(x);
    await expectNoGarbage((i) => {
      row[0] = x[i % 90]![0]!;
      model.predictOne(row);
    });
  });
});
